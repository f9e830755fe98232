// The candles of one instrument and interval: the server's history, live ticks on top, and now and then
// a look at what the server made of the last ones. Without the server's history the ticks alone.

import { ask } from './api.js';
import { bounded, candleOf, fold, kMostCandles, merge, startOf } from './candles.js';

const kFirst = 600;     // candles asked for at once
const kOlder = 500;
const kMost = 2000;     // the most that the server gives in one answer
const kPauseMs = 5000;   // after an answer that failed
const kTrimAt = kMostCandles + 250;

/** Nanoseconds as the server reads them; they do not fit a double. @param {number} ms */
const nanoText = (ms) => `${Math.floor(ms)}000000`;

export class CandleHistory {
  /** @type {import('./candles.js').Candle[]} rising */
  candles = [];
  /** @type {'loading' | 'ready' | 'failed'} failed: only ticks are shown, `problem` says why */
  state = 'loading';
  problem = '';
  complete = false;  // nothing older is to be had
  #symbol;
  #interval;
  #busy = false;
  #dropped = false;
  #failedAt = -Infinity;
  /** @type {number | null} the first candle that the server has not confirmed since ticks touched it */
  #unsure = null;
  /** @type {{price: number, low: number, high: number, start: number} | null} */
  #latest = null;

  /** @param {string} symbol @param {string} interval */
  constructor(symbol, interval) {
    this.#symbol = symbol;
    this.#interval = interval;
  }

  get full() { return this.candles.length >= kMostCandles; }

  /** No answer that is still under way is wanted any more. */
  drop() { this.#dropped = true; }

  /** @param {Record<string, string | number>} query @returns {Promise<import('./candles.js').Candle[] | null>} */
  async #ask(query) {
    const parts = new URLSearchParams({ instrument: this.#symbol, interval: this.#interval });
    for (const [key, value] of Object.entries(query)) parts.set(key, String(value));
    const { candles } = await ask(`/api/v1/candles?${parts}`);
    return this.#dropped ? null : candles.map(candleOf);
  }

  /** One request at a time. @param {() => Promise<boolean>} work @returns {Promise<boolean>} whether candles changed */
  async #alone(work) {
    if (this.#busy || this.#dropped) return false;
    this.#busy = true;
    try {
      const changed = await work();
      this.state = 'ready';
      return changed && !this.#dropped;
    } catch (error) {
      this.#failedAt = performance.now();
      this.state = this.state === 'ready' ? 'ready' : 'failed';
      this.problem = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.#busy = false;
    }
  }

  /** The newest candles. */
  load() {
    return this.#alone(async () => {
      this.#unsure = null;
      const served = await this.#ask({ limit: kFirst });
      if (!served) return false;
      this.candles = merge(this.candles, served);
      this.complete = served.length === 0;
      this.#confirm(served);
      return true;
    });
  }

  /** Older ones, as the view comes to the first. */
  older() {
    const first = this.candles[0];
    const pause = performance.now() - this.#failedAt < kPauseMs;
    if (!first || pause || this.complete || this.full || this.state !== 'ready') return Promise.resolve(false);
    return this.#alone(async () => {
      const served = await this.#ask({ to: nanoText(first.ms), limit: kOlder });
      const added = served?.filter((candle) => candle.ms < first.ms) ?? [];
      this.complete = served !== null && added.length === 0;
      this.candles = [...added.slice(-(kMostCandles - this.candles.length)), ...this.candles];
      return added.length > 0;
    });
  }

  /** The candles that ticks have touched, as the server knows them; after a lost link the gap, too. */
  refresh() {
    const from = this.#unsure ?? this.candles.at(-1)?.ms;
    if (this.state !== 'ready' || from === undefined) return this.load();
    return this.#alone(async () => {
      this.#unsure = null;  // what ticks touch from now on is not in the answer
      try {
        const served = await this.#ask({ from: nanoText(from), limit: kMost });
        return served !== null && await this.#takeRefresh(served);
      } catch (error) {
        this.#doubt(from);
        throw error;
      }
    });
  }

  /** @param {import('./candles.js').Candle[]} served */
  async #takeRefresh(served) {
    if (served.length < kMost) {
      this.candles = bounded(merge(this.candles, served));
      this.#confirm(served);
      return true;
    }
    // Further behind than one answer holds: what is older comes by scrolling.
    const newest = await this.#ask({ limit: kFirst });
    if (!newest) return false;
    this.candles = merge(this.candles.filter(({ ms }) => ms >= (newest[0]?.ms ?? 0)), newest);
    this.complete = false;
    this.#confirm(newest);
    return true;
  }

  /** @param {number} start of a candle that is to be asked for again */
  #doubt(start) { this.#unsure = Math.min(this.#unsure ?? Infinity, start); }

  // The last candle of an answer was unfinished: it is asked for again, though ours may have gone on meanwhile.
  /** @param {import('./candles.js').Candle[]} served */
  #confirm(served) {
    const last = served.at(-1) ?? this.candles.at(-1);
    if (last) this.#doubt(last.ms);
    if (this.#latest) fold(this.candles, this.#latest.start, { ...this.#latest, low: this.#latest.price, high: this.#latest.price });
  }

  /**
   * @param {number} ms event time @param {{price: number, low: number, high: number}} tick @param {string | null} tradingDate
   * @returns {{candle: import('./candles.js').Candle | null, trimmed: boolean, begun: boolean}}
   */
  take(ms, tick, tradingDate) {
    const start = startOf(ms, this.#interval, tradingDate);
    const begun = start > (this.candles.at(-1)?.ms ?? -Infinity);
    if (!this.#latest || start >= this.#latest.start) this.#latest = { ...tick, start };
    this.#doubt(start);
    const candle = fold(this.candles, start, tick);
    const trimmed = this.candles.length > kTrimAt;
    if (trimmed) this.candles = bounded(this.candles);
    return { candle, trimmed, begun };
  }
}
