// The price levels of the desk, as the monitor keeps them.

import { ask, post, remove } from './api.js';

/** @typedef {{instrument: string, rule: string, price: string, note: string, once: boolean, configured: boolean}} Level */

const kEveryMs = 60_000;
const kSoonestMs = 3000;
const kPath = '/api/v1/levels';

/** What a person typed, as the wire wants it: "５７，５００" gives "57500"; null when it is no price. Commas part groups of three
 * digits and nothing else: "152,5" is no price. @param {string} text */
export function typedPrice(text) {
  const typed = text.normalize('NFKC').trim().replace(/、/g, ',');
  if (typed.includes(',') && !/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(typed)) return null;
  const plain = typed.replace(/,/g, '');
  return /^\d{1,9}(\.\d{1,9})?$/.test(plain) && Number(plain) > 0 ? plain : null;
}

/** How far a level may lie from the price without a question: a fifth of it. @param {string | number} level @param {string | null} price */
export const isFar = (level, price) => price !== null && Math.abs(Number(level) / Number(price) - 1) > 0.2;

/** A price as a decimal string on the instrument's grid. @param {number} price @param {{tick: string, decimals: number}} row */
export function onGrid(price, { tick, decimals }) {
  const step = Number(tick) > 0 ? Number(tick) : 10 ** -decimals;
  return (Math.max(1, Math.round(price / step)) * step).toFixed(decimals);
}

/** 1, 2 or 5 times a power of ten, near a hundredth of what is in view: one press of an arrow key. @param {number} range @param {number} tick */
export function stepOf(range, tick) {
  const wanted = range / 100;
  if (!(wanted > tick)) return tick;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return Math.max(tick, power * ([5, 2].find((n) => n * power <= wanted) ?? 1));
}

export class LevelBook {
  /** @type {Level[]} */
  levels = [];
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #asked = 0;
  #askedAt = -Infinity;

  /** @param {import('./store.js').Store} store */
  constructor(store) {
    store.on('link', (link) => { if (link === 'live') this.refresh(); });
    store.on('state', (state) => { if (this.#lacksOneOf(state)) this.refresh(); });
    setInterval(() => { if (store.link === 'live' && !document.hidden) this.refresh(); }, kEveryMs);
  }

  /** Whether somebody else has added a level that is near. @param {any} state */
  #lacksOneOf(state) {
    if (performance.now() - this.#askedAt < kSoonestMs) return false;
    const known = new Set(this.levels.map(({ instrument, price }) => `${instrument} ${Number(price)}`));
    return state.instruments.some((/** @type {any} */ row) => (row.distances ?? []).some((/** @type {any} */ d) =>
      d.kind === 'level' && !d.configured && !known.has(`${row.symbol} ${Number(d.price)}`)));
  }

  /** @param {() => void} listener */
  on(listener) { this.#listeners.add(listener); }

  /** @param {string | null} instrument */
  of(instrument) { return this.levels.filter((level) => level.instrument === instrument); }

  /** Asks again. What fails is not told: the next time is soon. */
  async refresh() {
    const mine = ++this.#asked;
    this.#askedAt = performance.now();
    try {
      const { levels } = await ask(kPath);
      if (mine === this.#asked) this.#take(levels);
    } catch { /* the link says so */ }
  }

  /** @param {Level[]} levels */
  #take(levels) {
    this.levels = levels;
    for (const listener of this.#listeners) listener();
  }

  /** @param {{instrument: string, price: string, note?: string, once?: boolean, rule?: string}} level */
  async add(level) {
    const added = await post(kPath, level);
    await this.refresh();
    return added;
  }

  /** @param {Level} level */
  async remove({ instrument, price, rule }) {
    await remove(kPath, { instrument, price, rule });
    await this.refresh();
  }

  /** The new one first: between the two no crossing is missed. @param {Level} level @param {string} price */
  async move(level, price) {
    const { instrument, rule, note, once } = level;
    await post(kPath, { instrument, rule, note, once, price });
    try {
      await remove(kPath, { instrument, rule, price: level.price });
    } finally {
      await this.refresh();
    }
  }
}
