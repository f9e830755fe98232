// The live view of one monitor. Everything shown comes over /ws: hello and state (once a second)
// carry the whole picture, tick the prices between, alert what happened. Text is only ever set as
// textContent, never parsed as HTML.

const $ = (id) => document.getElementById(id);
const TAPE_LENGTH = 500;         // alerts kept on the page
const PAST_ON_ARRIVAL = 100;     // asked for when the page opens
const KNOWN_ON_RETURN = 200;
const SILENT_AFTER_MS = 5000;    // state comes every second; without it the link is dead
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 10000;

const time = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', day: '2-digit', month: 'short' });

// ---- text of numbers -------------------------------------------------------------------------

// "57337.07" with two decimals: "57,337.07". Prices are decimal strings and stay exact.
function priceText(text, decimals) {
  if (text === null || text === undefined) return '–';
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(text) ?? [];
  if (whole === undefined) return String(text);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const digits = fraction.padEnd(decimals, '0');
  return sign.replace('-', '−') + grouped + (digits ? `.${digits}` : '');
}

function signed(text, decimals) {
  return (Number(text) > 0 ? '+' : '') + priceText(text, decimals);
}

function spanText(ms) {
  const s = Math.floor(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  return `${Math.floor(s / 3600)} h`;
}

function ageText(ms) {
  return ms < 1000 ? 'just now' : `${spanText(ms)} ago`;
}

// Below ten microseconds a digit after the point still tells something.
function microText(us) {
  if (us >= 1000) return `${(us / 1000).toFixed(1)} ms`;
  return `${us < 10 ? us.toFixed(1) : Math.round(us)} µs`;
}

function direction(element, value) {
  element.classList.toggle('up', value > 0);
  element.classList.toggle('down', value < 0);
}

function element(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// ---- instruments -----------------------------------------------------------------------------

const instruments = new Map();  // symbol -> { state, card, heard }

function showInstruments(rows) {
  for (const state of rows) {
    const known = instruments.get(state.symbol);
    const entry = known ?? { card: $('card').content.firstElementChild.cloneNode(true) };
    entry.state = state;
    entry.heard = state.age_ms === null ? null : performance.now() - state.age_ms;
    if (!known) {
      instruments.set(state.symbol, entry);
      $('instruments').append(entry.card);
    }
    drawInstrument(entry);
  }
}

function showTick(tick) {
  const entry = instruments.get(tick.symbol);
  if (!entry) return;
  const state = entry.state;
  const price = Number(tick.price);
  Object.assign(state, { price: tick.price, bid: tick.bid ?? null, ask: tick.ask ?? null });
  if (state.previous_close !== null) {
    const close = Number(state.previous_close);
    state.change = (price - close).toFixed(state.decimals);
    state.change_pct = (price / close - 1) * 100;
  }
  if (state.high === null || price > Number(state.high)) state.high = tick.price;
  if (state.low === null || price < Number(state.low)) state.low = tick.price;
  entry.heard = performance.now();
  drawInstrument(entry);
}

function drawInstrument({ state, card }) {
  const part = (name) => card.querySelector(name);
  const text = (price) => priceText(price, state.decimals);
  part('h2').textContent = state.name;
  part('.segment').textContent = [state.segment, state.trading_date].filter(Boolean).join(' · ');
  part('.price').textContent = text(state.price);
  const change = part('.change');
  change.textContent = state.change === null ? 'no previous close'
    : `${signed(state.change, state.decimals)}  (${signed(state.change_pct.toFixed(2), 2)} %)`;
  direction(change, Number(state.change));
  part('.feed').textContent = feedText(state.feed);
  part('.feed').dataset.state = state.feed.state;
  part('.quote').textContent = state.bid && state.ask ? `bid ${text(state.bid)} · ask ${text(state.ask)}` : '';
  drawRange(part, state, text);
  drawLevels(part('.levels'), state, text);
}

function drawRange(part, { price, low, high }, text) {
  part('.range').hidden = low === null || high === null;
  part('.low').textContent = `low ${text(low)}`;
  part('.high').textContent = `high ${text(high)}`;
  const width = Number(high) - Number(low);
  const share = width > 0 ? (Number(price) - Number(low)) / width : 0.5;
  part('.mark').style.setProperty('left', `${Math.min(100, Math.max(0, share * 100))}%`);
}

function drawLevels(list, { price, levels, decimals }, text) {
  const rows = [];
  for (const { kind, above, below } of levels) {
    for (const [side, level] of [['above', above], ['below', below]]) {
      if (!level) continue;
      const distance = Math.abs(Number(level.price) - Number(price));
      rows.push(element('dt', `next ${kind} ${side}`), element('dd', text(level.price)),
        element('dd', `${text(distance.toFixed(decimals))} away`));
    }
  }
  list.replaceChildren(...rows);
}

// "STALE (no data)", and the other feeds when there are some.
function feedText({ state, reason, sources, failovers }) {
  const why = reason ? ` (${reason.replaceAll('_', ' ')})` : '';
  const others = sources.length < 2 ? [] : sources.map((source) =>
    `${source.feed} ${source.state}${source.speaks ? ' (speaks)' : ''}`);
  if (failovers > 0) others.push(`${failovers} change${failovers === 1 ? '' : 's'} of feed`);
  return [`${state}${why}`, ...others].join(' · ');
}

// Grey when data should come and does not.
function drawAges() {
  for (const { state, card, heard } of instruments.values()) {
    const age = heard === null ? null : performance.now() - heard;
    card.classList.toggle('stale', age === null || ['STALE', 'FROZEN'].includes(state.feed.state));
    const from = state.source ? ` from ${state.source}` : '';
    card.querySelector('.age').textContent = age === null ? 'no price yet' : `updated ${ageText(age)}${from}`;
  }
}

// ---- alerts ----------------------------------------------------------------------------------

const seen = new Set();  // a resume may repeat what is on the tape; a withdrawal has the id of what it withdraws
let lastSeq = null;      // highest number received; null before the first hello
let run = null;          // of the monitor, in which it was counted

// `held`: why it is not delivered to mail and the like; such a row is dim.
function showAlert(alert, held) {
  lastSeq = Math.max(lastSeq ?? 0, alert.seq);
  const key = `${alert.id} ${alert.event}`;
  if (seen.has(key)) return;
  seen.add(key);
  const row = element('li', '', held ? `${alert.severity} held` : alert.severity);
  row.dataset.seq = alert.seq;
  const when = new Date(Number(alert.ts_event_ns) / 1e6);
  const clock = element('time', `${time.format(when)}\n${day.format(when)}`);
  clock.dateTime = when.toISOString();
  row.append(clock, element('strong', alert.title ?? `${alert.instrument} ${alert.event} ${alert.price}`));
  if (alert.text) row.append(element('p', alert.text));
  if (held) row.append(element('p', `Not delivered: ${held}`));
  const tape = $('tape');
  const older = [...tape.children].find((other) => Number(other.dataset.seq) < alert.seq);
  tape.insertBefore(row, older ?? null);
  while (tape.children.length > TAPE_LENGTH) tape.lastElementChild.remove();
  $('quiet').hidden = true;
  $('alert-count').textContent = `${seen.size} shown, newest first, Tokyo time`;
}

// ---- the rest of the state -------------------------------------------------------------------

// "gmo LIVE for 2 h · speaks for USDJPY · 12,345 ticks", and what went wrong when something did.
function feedItem(feed) {
  const who = feed.vendor === feed.name ? feed.name : `${feed.name} (${feed.vendor})`;
  const since = feed.since_ms === null || feed.since_ms < 1000 ? '' : ` for ${spanText(feed.since_ms)}`;
  const parts = [`${who} ${feed.state}${since}`];
  if (feed.speaks.length > 0) parts.push(`speaks for ${feed.speaks.join(', ')}`);
  parts.push(`${feed.ticks.toLocaleString('en')} ticks`);
  if (feed.reconnects > 0) parts.push(`${feed.reconnects} reconnect${feed.reconnects === 1 ? '' : 's'}`);
  if (feed.reason) parts.push(`${feed.reason.replaceAll('_', ' ')}${feed.why ? `: ${feed.why}` : ''}`);
  if (feed.next_attempt_ms !== null) parts.push(`next attempt in ${Math.ceil(feed.next_attempt_ms / 1000)} s`);
  const item = element('li', parts.join(' · '), feed.state);
  item.title = feed.last_error ? `last error: ${feed.last_error}` : feed.url;
  return item;
}

function showState(state) {
  showInstruments(state.instruments);
  $('feeds').replaceChildren(...state.feeds.map(feedItem));
  const stages = state.latency_us.filter((stage) => stage.count > 0);
  $('latency').replaceChildren(...stages.map((stage) => element('li',
    `${stage.stage.replaceAll('_', ' ')} p50 ${microText(stage.p50)} · p99 ${microText(stage.p99)}`)));
  $('note').textContent = state.note ?? '';
  $('note').hidden = !state.note;
  const storage = state.storage.ok ? '' : ` · STORAGE: ${state.storage.reason ?? 'not writable'}`;
  $('about').textContent = `yagura ${state.version} · run ${state.epoch}${storage}`;
  drawAges();
}

// ---- the link --------------------------------------------------------------------------------

let socket = null;
let heardAt = 0;
let lostAt = null;
let attempts = 0;

function setLink(state, text) {
  document.body.dataset.link = state;
  if ($('link').textContent !== text) $('link').textContent = text;
  const lost = state === 'lost';
  $('offline').hidden = !lost;
  if (lost && lostAt === null) {
    lostAt = Date.now();
    $('offline').textContent = `Connection lost at ${time.format(lostAt)} (Tokyo). What you see is old; reconnecting…`;
  }
  if (state === 'live') lostAt = null;
}

function receive(message) {
  if (message.type === 'tick') return showTick(message);
  if (message.type === 'alert') return showAlert(message.alert, message.held);
  if (message.type !== 'hello' && message.type !== 'state') return undefined;
  if (message.type === 'hello') {
    const newest = message.state.alerts.last_seq;
    // The numbers went back: another monitor, or one that lost its state. Start over.
    if (lastSeq !== null && newest < lastSeq) lastSeq = null;
    const after = lastSeq ?? Math.max(0, newest - PAST_ON_ARRIVAL);
    const resume = { type: 'resume', after };
    // What was counted just before a crash may be counted anew: the monitor then goes by ids.
    if (run !== null && run !== message.state.epoch) {
      resume.epoch = run;
      resume.ids = [...seen].slice(-KNOWN_ON_RETURN).map((key) => key.split(' ')[0]);
    }
    run = message.state.epoch;
    socket.send(JSON.stringify(resume));
    attempts = 0;
    setLink('live', 'Live');
  }
  return showState(message.state);
}

function connect() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const mine = new WebSocket(`${scheme}://${location.host}/ws`);
  socket = mine;
  heardAt = performance.now();
  mine.addEventListener('message', (event) => {
    if (socket !== mine) return;
    heardAt = performance.now();
    receive(JSON.parse(event.data));
  });
  mine.addEventListener('close', () => { if (socket === mine) retry(); });
}

// Doubling waits with full jitter, so that a thousand pages do not come back in one second.
function retry() {
  const old = socket;
  socket = null;
  old?.close();
  setLink('lost', 'Disconnected');
  const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempts++);
  setTimeout(connect, most / 2 + Math.random() * most / 2);
}

setInterval(() => {
  drawAges();
  if (socket && performance.now() - heardAt > SILENT_AFTER_MS) retry();
}, 500);
connect();
