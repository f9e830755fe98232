// The WebSocket: opens it, opens it again when it is lost, and asks for the alerts that came
// meanwhile, so that each reaches the store once.

const PAST_ON_ARRIVAL = 200;   // alerts asked for when the page opens
const KNOWN_ON_RETURN = 500;
const SILENT_AFTER_MS = 5000;  // state comes every second; without it the link is dead
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 10000;

/** @param {import('./store.js').Store} store */
export function keepLink(store) {
  /** @type {WebSocket | null} */
  let socket = null;
  let heardAt = 0;
  let attempts = 0;
  /** @type {number | null} epoch of the monitor in which our numbers were counted */
  let run = null;
  let newestAtHello = 0;

  function greet(state) {
    const newest = newestAtHello = state.alerts.last_seq;
    const last = store.lastSeq();
    // The numbers went back: another monitor, or one that lost its state. Start over.
    const known = last !== null && newest >= last;
    if (last !== null && !known) store.forget();
    const resume = { type: 'resume', after: known ? last : Math.max(0, newest - PAST_ON_ARRIVAL) };
    // What was counted just before a crash may be counted anew: the monitor then goes by ids.
    if (known && run !== null && run !== state.epoch) {
      Object.assign(resume, { epoch: run, ids: store.knownIds(KNOWN_ON_RETURN) });
    }
    run = state.epoch;
    socket?.send(JSON.stringify(resume));
    attempts = 0;
    store.setLink('live');
  }

  function connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const mine = new WebSocket(`${scheme}://${location.host}/ws`);
    socket = mine;
    heardAt = performance.now();
    mine.addEventListener('message', (event) => {
      if (socket !== mine) return;
      heardAt = performance.now();
      const message = JSON.parse(event.data);
      store.receive(message, message.type !== 'alert' || message.alert.seq > newestAtHello);
      if (message.type === 'hello') greet(message.state);
    });
    mine.addEventListener('close', () => { if (socket === mine) retry(); });
  }

  // Doubling waits with jitter, so that a thousand pages do not come back in one second.
  function retry() {
    const old = socket;
    socket = null;
    old?.close();
    store.setLink('lost');
    const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempts++);
    setTimeout(connect, most / 2 + Math.random() * most / 2);
  }

  setInterval(() => {
    if (socket && performance.now() - heardAt > SILENT_AFTER_MS) retry();
  }, 500);
  connect();
}
