// Candles: folded from ticks, corrected by the server's. Pure functions; a candle's time is the
// UTC start of its interval in milliseconds, of a day 00:00 UTC of its trading date.

/**
 * @typedef {{ms: number, open: number, high: number, low: number, close: number}} Candle
 * @typedef {{from_ns: number, open: string, high: string, low: string, close: string}} ServedCandle
 */

/** @type {Record<string, number>} */
export const kIntervals = {
  '1s': 1e3, '5s': 5e3, '15s': 15e3, '1m': 60e3, '5m': 300e3, '15m': 900e3, '1h': 3600e3, '1d': 86400e3,
};
export const kMostCandles = 5000;  // a page left open for days holds no more

/** @param {ServedCandle} served @returns {Candle} */
export function candleOf(served) {
  const { open, high, low, close } = served;
  return { ms: Math.round(served.from_ns / 1e6), open: Number(open), high: Number(high), low: Number(low), close: Number(close) };
}

/** Where a candle of this moment begins. @param {number} ms @param {string} interval @param {string | null} tradingDate ISO */
export function startOf(ms, interval, tradingDate) {
  const length = kIntervals[interval];
  const day = interval === '1d' && tradingDate ? Date.parse(tradingDate) : NaN;
  return Number.isNaN(day) ? Math.floor(ms / length) * length : day;
}

/** Index of the last candle that begins at or before `ms`; -1 when all begin later. @param {Candle[]} candles @param {number} ms */
export function indexAt(candles, ms) {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (candles[middle].ms <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Takes a price into its candle, in place. A late price widens the candle it belongs to, if there is one.
 * @param {Candle[]} candles rising @param {number} start of its candle
 * @param {{price: number, low: number, high: number}} tick
 * @returns {Candle | null} the candle that changed
 */
export function fold(candles, start, { price, low, high }) {
  const last = candles.at(-1);
  if (!last || start > last.ms) {
    const made = { ms: start, open: price, high: Math.max(high, price), low: Math.min(low, price), close: price };
    candles.push(made);
    return made;
  }
  const candle = start === last.ms ? last : candles[indexAt(candles, start)];
  if (!candle || candle.ms !== start) return null;
  candle.high = Math.max(candle.high, high, price);
  candle.low = Math.min(candle.low, low, price);
  if (candle === last) candle.close = price;
  return candle;
}

/**
 * The server's candles over ours. What it gives replaces what we have; the unfinished last one keeps its
 * range, for it may hold ticks that came after the answer was made. Its close is the server's.
 * @param {Candle[]} ours rising @param {Candle[]} served rising @returns {Candle[]}
 */
export function merge(ours, served) {
  if (served.length === 0) return ours;
  const [from, to] = [served[0].ms, served[served.length - 1].ms];
  const last = ours.at(-1);
  const merged = [...ours.filter((c) => c.ms < from), ...served, ...ours.filter((c) => c.ms > to)];
  if (last && last.ms === to) {
    const end = served[served.length - 1];
    const at = merged.length - 1;
    merged[at] = { ...end, high: Math.max(end.high, last.high), low: Math.min(end.low, last.low) };
  }
  return merged;
}

/** The newest of them, so that memory stays bounded. @param {Candle[]} candles */
export function bounded(candles) {
  return candles.length > kMostCandles ? candles.slice(-kMostCandles) : candles;
}
