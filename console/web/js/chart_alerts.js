// The alerts of the instrument on the chart: the tape's, and older ones that its candles go back to.

import { ask } from './api.js';

/** @typedef {import('./store.js').TapeEntry} TapeEntry */

const kMostOlder = 2000;  // an instrument
const kAtOnce = 1000;

export class ChartAlerts {
  /** @type {Map<string, TapeEntry[]>} by symbol */
  #older = new Map();
  /** @type {Map<string, number>} by symbol: alerts are known from this moment, in ms */
  #since = new Map();

  /** @param {import('./store.js').Store} store */
  constructor(store) { this.store = store; }

  forget() {
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
    const moments = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
    try {
      const { alerts } = await ask(`/api/v1/alerts?${new URLSearchParams({ instrument: symbol, ...moments, limit: String(kAtOnce) })}`);
      const entries = alerts.map((/** @type {any} */ alert) => ({ key: `${alert.id} ${alert.event}`, alert, held: null, live: false }));
      this.#older.set(symbol, [...entries, ...this.#older.get(symbol) ?? []].slice(-kMostOlder));
      return true;
    } catch {
      this.#since.set(symbol, until);
      return false;
    }
  }
}
