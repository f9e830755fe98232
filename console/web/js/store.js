// What the page knows, and who wants to hear when it changes. The server's messages go in through
// receive(); panels read the fields and listen. Nothing here touches the document.

/**
 * @typedef {{seq: number, id: string, event: string, kind: string, rule: string, instrument: string, severity: string,
 *   price: string, title: string, text: string, title_ja: string, text_ja: string, ts_event_ns: number,
 *   ts_decided_ns?: number, parent?: string, evidence?: object}} Alert  as /ws and /api/v1/alerts give it
 * @typedef {'live' | 'missed' | 'past'} Arrival  as it was decided; while the link was lost; before the page was opened
 * @typedef {{key: string, alert: Alert, held: string | null, live: boolean, missed: boolean}} TapeEntry
 * @typedef {{at: string, author: string, reason: string}} Ack
 * @typedef {'state' | 'tick' | 'alert' | 'action' | 'link' | 'selection' | 'acks' | 'shed' | 'forget' | 'error'} Topic
 *   shed: an old alert made room; forget: all alerts are gone, another monitor answers; error: words of the server, or why nothing is done
 */

export const MOST_ALERTS = 2000;  // kept by the page; older ones are asked of the server
const MOST_ACKS = 4000;

export class Store {
  /** @type {any} the last state message's state, null before the first */
  state = null;
  /** @type {Map<string, {row: any, heard: number | null}>} by symbol; heard: performance.now() of its last tick */
  instruments = new Map();
  /** @type {TapeEntry[]} rising numbers */
  alerts = [];
  /** @type {Map<string, Ack>} by id of the episode's first alert */
  acks = new Map();
  /** @type {'connecting' | 'live' | 'lost'} */
  link = 'connecting';
  /** @type {number | null} Date.now() when the monitor was last heard, while the link is lost */
  lostAt = null;
  /** @type {string | null} symbol on the chart */
  selected = null;
  preferred = '';  // symbol that is selected first, if it is there
  /** @type {TapeEntry | null} alert whose details are open */
  opened = null;

  #acted = 0;         // acknowledgements given or taken back so far
  /** @type {Map<string, number>} when each episode was last acted on, counted in #acted */
  #actedOn = new Map();
  #seen = new Set();  // of alerts; a withdrawal has the id of what it withdraws
  #ahead = 0;         // ms that the monitor's clock is before ours
  /** @type {Map<Topic, Set<Function>>} */
  #listeners = new Map();

  /** @param {Topic} topic @param {(value: any) => void} listener */
  on(topic, listener) {
    let listeners = this.#listeners.get(topic);
    if (!listeners) this.#listeners.set(topic, listeners = new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  // One panel's mistake must not keep a message from the others.
  /** @param {Topic} topic @param {any} [value] */
  #tell(topic, value) {
    for (const listener of this.#listeners.get(topic) ?? []) {
      try { listener(value); } catch (error) { console.error(`${topic}:`, error); }
    }
  }

  lastSeq() { return this.alerts.at(-1)?.alert.seq ?? null; }
  firstSeq() { return this.alerts[0]?.alert.seq ?? null; }
  full() { return this.alerts.length >= MOST_ALERTS; }
  /** @param {number} count */
  knownIds(count) { return [...new Set(this.alerts.slice(-count).map((entry) => entry.alert.id))]; }
  forget() {
    this.alerts = [];
    this.acks.clear();
    this.#actedOn.clear();
    this.#seen.clear();
    this.opened = null;
    this.#tell('forget');
    this.#tell('selection');
  }

  /** Says why nothing is done, at the tape's foot. @param {string} words */
  complain(words) { this.#tell('error', words); }

  /** The monitor's time by its own clock, ms since 1970. */
  serverNow() { return Date.now() + this.#ahead; }

  /** @param {'connecting' | 'live' | 'lost'} link @param {number} [heardAt] Date.now() when the monitor was last heard */
  setLink(link, heardAt = Date.now()) {
    if (link === this.link) return;
    this.link = link;
    this.lostAt = link === 'lost' ? heardAt : null;
    this.#tell('link', link);
  }

  /** @param {string} symbol */
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

  /** What the server said, but for hello's part that link.js answers. @param {any} message @param {Arrival} arrival */
  receive(message, arrival = 'live') {
    switch (message.type) {
      case 'tick': return this.#takeTick(message);
      case 'alert': return this.#takeAlert(message.alert, message.held ?? null, arrival);
      case 'action': return this.#takeAction(message);
      case 'error': return this.#tell('error', message.message);
      case 'hello':
      case 'state': return this.#takeState(message.state);
      default: return undefined;
    }
  }

  /** To be asked before a page is: what people do afterwards is newer than the page. */
  acted() { return this.#acted; }

  /**
   * A page of /api/v1/alerts, whose acks are by id of any alert.
   * @param {{alerts: Alert[], acks?: Record<string, Ack>}} page @param {number} asOf acted() when it was asked for
   */
  takePage({ alerts, acks = {} }, asOf) {
    for (const alert of alerts) {
      const episode = alert.parent ?? alert.id;
      if ((this.#actedOn.get(episode) ?? 0) > asOf) continue;
      if (acks[alert.id]) this.#putAck(episode, acks[alert.id]);
      else this.acks.delete(episode);
    }
    this.#tell('acks');
  }

  /** Those of a page that are older than ours; newest first, while there is room. @param {{alerts: Alert[], acks?: Record<string, Ack>}} page @param {number} asOf */
  takeOlder(page, asOf) {
    for (const alert of [...page.alerts].reverse()) {
      if (!this.full()) this.#takeAlert(alert, null, 'past');
    }
    this.takePage(page, asOf);
  }

  /** Whether somebody has taken up the episode of an alert. @param {Alert} alert */
  ackOf(alert) { return this.acks.get(alert.parent ?? alert.id) ?? null; }

  /** @param {any} state */
  #takeState(state) {
    this.state = state;
    this.#ahead = state.now_ns / 1e6 - Date.now();
    const gone = new Set(this.instruments.keys());
    for (const row of state.instruments) {
      const heard = row.age_ms === null ? null : performance.now() - row.age_ms;
      this.instruments.set(row.symbol, { row, heard });
      gone.delete(row.symbol);
    }
    for (const symbol of gone) this.instruments.delete(symbol);
    if (this.selected === null || gone.has(this.selected)) {
      this.selected = this.instruments.has(this.preferred) ? this.preferred : state.instruments[0]?.symbol ?? null;
    }
    this.#tell('state', state);
  }

  /** @param {any} tick */
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

  /** @param {Alert} alert @param {string | null} held @param {Arrival} arrival */
  #takeAlert(alert, held, arrival) {
    const key = `${alert.id} ${alert.event}`;
    if (this.#seen.has(key) || (this.full() && alert.seq < this.alerts[0].alert.seq)) return;
    this.#seen.add(key);
    const entry = { key, alert, held, live: arrival === 'live', missed: arrival === 'missed' };
    let at = this.alerts.length;
    while (at > 0 && this.alerts[at - 1].alert.seq > alert.seq) --at;
    this.alerts.splice(at, 0, entry);
    while (this.alerts.length > MOST_ALERTS) this.#shed();
    this.#tell('alert', entry);
  }

  #shed() {
    const entry = this.alerts.shift();
    this.#seen.delete(entry?.key);
    this.#tell('shed', entry);
  }

  /** @param {string} episode @param {Ack} ack */
  #putAck(episode, { at, author, reason }) {
    this.acks.delete(episode);
    this.acks.set(episode, { at, author, reason });
    const oldest = this.acks.keys().next();
    if (this.acks.size > MOST_ACKS && !oldest.done) this.acks.delete(oldest.value);
  }

  /** @param {string} episode */
  #noteActed(episode) {
    this.#actedOn.delete(episode);
    this.#actedOn.set(episode, ++this.#acted);
    const oldest = this.#actedOn.keys().next();
    if (this.#actedOn.size > MOST_ACKS && !oldest.done) this.#actedOn.delete(oldest.value);
  }

  /** @param {any} message */
  #takeAction(message) {
    if (message.action === 'ack' || message.action === 'unack') this.#noteActed(message.id);
    if (message.action === 'ack') this.#putAck(message.id, message);
    if (message.action === 'unack') this.acks.delete(message.id);
    this.#tell('action', message);
    if (message.action === 'ack' || message.action === 'unack') this.#tell('acks');
  }
}
