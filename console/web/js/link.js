// The WebSocket: opens it, opens it again when it is lost, and asks for the alerts that came
// meanwhile, so that each reaches the store once.

import { ask } from './api.js';
import { parsed } from './plain.js';
import { MOST_ALERTS } from './store.js';

const PAST_ON_ARRIVAL = 200;   // alerts asked for when the page opens
const PAGE = 1000;             // the most that the monitor gives in one answer
const KNOWN_ON_RETURN = 500;
const SILENT_AFTER_MS = 5000;  // state comes every second; without it the link is dead
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 10000;
const SETTLED_AFTER_MS = 10000;  // by then a link has brought what it was asked for

/**
 * @typedef {{epoch: number, started: number}} Run  one start of one monitor
 * @typedef {{after: number, epoch?: number, ids?: boolean}} Plan  ids: say which alerts we have
 */

/**
 * What to ask for on meeting a monitor. `last` is our newest number, counted in `known`; null: start over.
 * @param {number | null} last @param {Run | null} known @param {Run} met @param {number} newest the monitor's
 * @returns {Plan | null}
 */
export function resumePlan(last, known, met, newest) {
  const arrival = { after: Math.max(0, newest - PAST_ON_ARRIVAL) };
  if (known === null) return arrival;
  const same = known.epoch === met.epoch && known.started === met.started;
  // Another monitor, or one that lost its state.
  if (!same && met.epoch <= known.epoch || same && last !== null && newest < last) return null;
  if (last === null) return arrival;
  // A later start may have lost what was counted just before a crash, and count that anew: it goes by ids.
  return same ? { after: last } : { after: last, epoch: known.epoch, ids: true };
}

/**
 * The number after which acknowledgements are asked for: of all that the page keeps.
 * @param {number | null} first the oldest we have @param {number} newest the monitor's
 */
export function ackedAfter(first, newest) {
  const kept = first === null ? newest : first - 1;
  return Math.max(0, newest - MOST_ALERTS, Math.min(kept, newest - PAST_ON_ARRIVAL));
}

/** How an alert came. @param {number} seq @param {number} newestAtHello @param {number} newestAtOpening
 * @returns {import('./store.js').Arrival} */
export function arrivalOf(seq, newestAtHello, newestAtOpening) {
  if (seq > newestAtHello) return 'live';
  return seq > newestAtOpening ? 'missed' : 'past';
}

/** @param {import('./store.js').Store} store */
export function keepLink(store) {
  /** @type {WebSocket | null} */
  let socket = null;
  let heardAt = 0;
  let attempts = 0;
  /** @type {{run: Run, last: number | null} | null} up to where we surely have everything */
  let settled = null;
  /** @type {{run: Run, at: number} | null} of the present link */
  let hello = null;
  let newestAtHello = 0;
  /** @type {number | null} */
  let newestAtOpening = null;

  /** @param {any} state */
  function greet(state) {
    const met = { epoch: state.epoch, started: state.started_ns };
    const newest = newestAtHello = state.alerts.last_seq;
    hello = { run: met, at: performance.now() };
    newestAtOpening ??= newest;
    let plan = resumePlan(settled?.last ?? null, settled?.run ?? null, met, newest);
    if (plan === null) {
      store.forget();
      settled = null;
      newestAtOpening = newest;
      plan = resumePlan(null, null, met, newest);
    }
    settled ??= { run: met, last: null };
    const { after, epoch, ids } = /** @type {Plan} */ (plan);
    const named = ids ? { epoch, ids: store.knownIds(KNOWN_ON_RETURN) } : {};
    socket?.send(JSON.stringify({ type: 'resume', after, ...named }));
    attempts = 0;
    store.setLink('live');
    takeAcks(newest);
  }

  // Who took up what: /ws tells it only as it happens.
  /** @param {number} newest */
  async function takeAcks(newest) {
    const mine = hello;
    let after = ackedAfter(store.firstSeq(), newest);
    try {
      while (after < newest && hello === mine) {
        const asOf = store.acted();
        const page = await ask(`/api/v1/alerts?after=${after}&limit=${Math.min(PAGE, newest - after)}`);
        if (hello !== mine) return;  // perhaps of another monitor
        store.takePage(page, asOf);
        const last = page.alerts.at(-1)?.seq ?? 0;
        if (last <= after) return;
        after = last;
      }
    } catch { /* the link is lost again, and this is asked again when it is back */ }
  }

  function connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const mine = new WebSocket(`${scheme}://${location.host}/ws`);
    socket = mine;
    heardAt = performance.now();
    mine.addEventListener('message', (event) => {
      if (socket !== mine) return;
      heardAt = performance.now();
      const message = parsed(event.data);
      const arrival = message.type === 'alert' ? arrivalOf(message.alert.seq, newestAtHello, newestAtOpening ?? 0) : 'live';
      store.receive(message, arrival);
      if (message.type === 'hello') greet(message.state);
    });
    mine.addEventListener('close', () => { if (socket === mine) retry(); });
  }

  // A monitor that answers and wants a token again: its log-in is behind a reload.
  async function seeWhetherLoggedOut() {
    const answer = await fetch('/api/v1/state', { method: 'HEAD' }).catch(() => null);
    if (answer?.status === 401) location.reload();
  }

  // Doubling waits with jitter, so that a thousand pages do not come back in one second.
  function retry() {
    const old = socket;
    socket = null;
    old?.close();
    // A link that was cut while it told the past may have left holes: the next one begins where it began.
    if (hello && heardAt - hello.at > SETTLED_AFTER_MS) settled = { run: hello.run, last: store.lastSeq() };
    hello = null;
    store.setLink('lost', Date.now() - (performance.now() - heardAt));
    if (attempts > 1) seeWhetherLoggedOut();
    const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempts++);
    setTimeout(connect, most / 2 + Math.random() * most / 2);
  }

  setInterval(() => {
    if (socket && performance.now() - heardAt > SILENT_AFTER_MS) retry();
  }, 500);
  connect();
}
