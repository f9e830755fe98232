// What the page knows, and who wants to hear when it changes. The server's messages go in through
// receive(); panels read the fields and listen. Nothing here touches the document.

/**
 * @typedef {{seq: number, id: string, event: string, kind: string, rule: string, instrument: string, severity: string,
 *   price: string, title: string, text: string, title_ja: string, text_ja: string, ts_event_ns: number,
 *   ts_decided_ns?: number, parent?: string, evidence?: object}} Alert  as /ws and /api/v1/alerts give it
 * @typedef {{key: string, alert: Alert, held: string | null, live: boolean}} TapeEntry  live: decided while we listened
 * @typedef {'state' | 'tick' | 'alert' | 'action' | 'link' | 'selection' | 'acks'} Topic
 */

const MOST_ALERTS = 2000;  // kept by the page; older ones are asked of the server

export class Store {
  /** @type {any} the last state message's state, null before the first */
  state = null;
  /** @type {Map<string, {row: any, heard: number | null}>} by symbol; heard: performance.now() of its last tick */
  instruments = new Map();
  /** @type {TapeEntry[]} rising numbers */
  alerts = [];
  /** @type {Map<string, {at: string, author: string, reason: string}>} by id of the episode's first alert */
  acks = new Map();
  /** @type {'connecting' | 'live' | 'lost'} */
  link = 'connecting';
  /** @type {number | null} Date.now() when the link was lost */
  lostAt = null;
  /** @type {string | null} symbol on the chart */
  selected = null;
  /** @type {TapeEntry | null} alert whose details are open */
  opened = null;

  #seen = new Set();  // of alerts; a withdrawal has the id of what it withdraws
  /** @type {Map<Topic, Set<Function>>} */
  #listeners = new Map();

  /** @param {Topic} topic @param {(value: any) => void} listener */
  on(topic, listener) {
    let listeners = this.#listeners.get(topic);
    if (!listeners) this.#listeners.set(topic, listeners = new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** @param {Topic} topic @param {any} [value] */
  #tell(topic, value) {
    for (const listener of this.#listeners.get(topic) ?? []) listener(value);
  }

  lastSeq() { return this.alerts.at(-1)?.alert.seq ?? null; }
  knownIds(count) { return this.alerts.slice(-count).map((entry) => entry.alert.id); }
  forget() {
    this.alerts = [];
    this.#seen.clear();
  }

  setLink(link) {
    if (link === this.link) return;
    this.link = link;
    this.lostAt = link === 'lost' ? Date.now() : null;
    this.#tell('link', link);
  }

  select(symbol) {
    if (symbol === this.selected) return;
    this.selected = symbol;
    this.#tell('selection');
  }

  /** @param {TapeEntry | null} entry */
  open(entry) {
    this.opened = entry;
    if (entry && this.instruments.has(entry.alert.instrument)) this.selected = entry.alert.instrument;
    this.#tell('selection');
  }

  /** What the server said, but for hello's part that link.js answers. */
  receive(message, live = true) {
    switch (message.type) {
      case 'tick': return this.#takeTick(message);
      case 'alert': return this.#takeAlert(message.alert, message.held ?? null, live);
      case 'action': return this.#takeAction(message);
      case 'hello':
      case 'state': return this.#takeState(message.state);
      default: return undefined;
    }
  }

  /** @param {Record<string, {at: string, author: string, reason: string}>} acks by id of any alert */
  takeAcks(acks) {
    for (const [id, ack] of Object.entries(acks)) this.acks.set(id, ack);
    this.#tell('acks');
  }

  /** Whether somebody has taken up the episode of an alert. @param {Alert} alert */
  ackOf(alert) { return this.acks.get(alert.parent ?? alert.id) ?? this.acks.get(alert.id) ?? null; }

  #takeState(state) {
    this.state = state;
    for (const row of state.instruments) {
      const heard = row.age_ms === null ? null : performance.now() - row.age_ms;
      this.instruments.set(row.symbol, { row, heard });
    }
    this.selected ??= state.instruments[0]?.symbol ?? null;
    this.#tell('state', state);
  }

  #takeTick(tick) {
    const entry = this.instruments.get(tick.symbol);
    if (!entry) return;
    const { row } = entry;
    const price = Number(tick.price);
    Object.assign(row, { price: tick.price, bid: tick.bid ?? null, ask: tick.ask ?? null, ts_event_ns: tick.ts_event_ns });
    if (row.previous_close !== null) {
      const close = Number(row.previous_close);
      row.change = (price - close).toFixed(row.decimals);
      row.change_pct = (price / close - 1) * 100;
    }
    if (row.high === null || Number(tick.high ?? price) > Number(row.high)) row.high = tick.high ?? tick.price;
    if (row.low === null || Number(tick.low ?? price) < Number(row.low)) row.low = tick.low ?? tick.price;
    entry.heard = performance.now();
    this.#tell('tick', tick);
  }

  #takeAlert(alert, held, live) {
    const key = `${alert.id} ${alert.event}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const entry = { key, alert, held, live };
    let at = this.alerts.length;
    while (at > 0 && this.alerts[at - 1].alert.seq > alert.seq) --at;
    this.alerts.splice(at, 0, entry);
    while (this.alerts.length > MOST_ALERTS) this.#seen.delete(this.alerts.shift().key);
    this.#tell('alert', entry);
  }

  #takeAction(message) {
    if (message.action === 'ack') this.acks.set(message.id, message);
    if (message.action === 'unack') {
      this.acks.delete(message.id);
      this.acks.delete(message.alert);
    }
    this.#tell('action', message);
    if (message.action === 'ack' || message.action === 'unack') this.#tell('acks');
  }
}
