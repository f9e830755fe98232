// The alerts of the instrument on the chart: the tape's, and older ones that its candles go back to.

import { ask } from './api.js';

/** @typedef {import('./store.js').TapeEntry} TapeEntry */

const kMostOlder = 2000;  // an instrument
const kAtOnce = 1000;
const kOverlapMs = 60_000;  // numbers rise as alerts are decided, their events' times only nearly so

export class ChartAlerts {
  /** @type {Map<string, TapeEntry[]>} by symbol, rising numbers */
  #older = new Map();
  /** @type {Map<string, number>} by symbol: alerts are known from this moment, in ms */
  #since = new Map();
  #forgotten = 0;

  /** @param {import('./store.js').Store} store */
  constructor(store) {
    this.store = store;
    store.on('shed', (/** @type {TapeEntry} */ entry) => this.#keep(entry.alert.instrument, [entry]));
  }

  forget() {
    ++this.#forgotten;
    this.#older.clear();
    this.#since.clear();
  }

  /** Rising numbers. @param {string} symbol @returns {TapeEntry[]} */
  of(symbol) {
    const own = this.store.alerts.filter(({ alert }) => alert.instrument === symbol);
    const keys = new Set(own.map(({ key }) => key));
    return [...(this.#older.get(symbol) ?? []).filter(({ key }) => !keys.has(key)), ...own];
  }

  /** @param {string} symbol @param {string | null} key */
  find(symbol, key) { return key === null ? null : this.of(symbol).find((entry) => entry.key === key) ?? null; }

  /** Asks for those since a moment that the tape does not go back to. @param {string} symbol @param {number} since ms @returns {Promise<boolean>} */
  async askBack(symbol, since) {
    const until = this.#since.get(symbol) ?? (this.store.alerts[0]?.alert.ts_event_ns ?? Date.now() * 1e6) / 1e6;
    if (since >= until) return false;
    this.#since.set(symbol, since);
    const forgotten = this.#forgotten;
    try {
      const entries = await this.#pages(symbol, since, until + kOverlapMs);
      if (forgotten !== this.#forgotten) return false;
      this.#keep(symbol, entries);
      return true;
    } catch {
      if (forgotten === this.#forgotten) this.#since.set(symbol, until);
      return false;
    }
  }

  // A page begins with the oldest: the newest are on the last one.
  /** @param {string} symbol @param {number} since ms @param {number} until ms @returns {Promise<TapeEntry[]>} */
  async #pages(symbol, since, until) {
    const moments = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
    const forgotten = this.#forgotten;
    /** @type {TapeEntry[]} */
    let entries = [];
    for (let after = 0; forgotten === this.#forgotten;) {
      const query = new URLSearchParams({ instrument: symbol, ...moments, after: String(after), limit: String(kAtOnce) });
      const { alerts } = await ask(`/api/v1/alerts?${query}`);
      const page = alerts.map((/** @type {any} */ alert) => ({ key: `${alert.id} ${alert.event}`, alert, held: null, live: false, missed: false }));
      entries = [...entries, ...page].slice(-kMostOlder);
      const last = alerts.at(-1)?.seq ?? 0;
      if (alerts.length < kAtOnce || last <= after) break;
      after = last;
    }
    return entries;
  }

  /** What is there stays: it knows how it came. @param {string} symbol @param {TapeEntry[]} entries */
  #keep(symbol, entries) {
    const there = this.#older.get(symbol) ?? [];
    const keys = new Set(there.map(({ key }) => key));
    const all = [...there, ...entries.filter(({ key }) => !keys.has(key))].sort((a, b) => a.alert.seq - b.alert.seq);
    this.#older.set(symbol, all.slice(-kMostOlder));
  }
}
