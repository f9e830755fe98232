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
 * The server's candles over ours. What it gives replaces what we have; its last one was unfinished and keeps
 * our range, for that may hold ticks that came after the answer was made. Its close is ours when we know of a
 * later candle, else the server's.
 * @param {Candle[]} ours rising @param {Candle[]} served rising @returns {Candle[]}
 */
export function merge(ours, served) {
  const end = served.at(-1);
  if (!end) return ours;
  const later = ours.filter((c) => c.ms > end.ms);
  const own = ours[indexAt(ours, end.ms)];
  const last = own?.ms === end.ms ? widened(end, own, later.length > 0) : end;
  return [...ours.filter((c) => c.ms < served[0].ms), ...served.slice(0, -1), last, ...later];
}

/** @param {Candle} served @param {Candle} own @param {boolean} closed whether our close is its last @returns {Candle} */
function widened(served, own, closed) {
  const close = closed ? own.close : served.close;
  return { ...served, high: Math.max(served.high, own.high), low: Math.min(served.low, own.low), close };
}

/** The newest of them, so that memory stays bounded. @param {Candle[]} candles */
export function bounded(candles) {
  return candles.length > kMostCandles ? candles.slice(-kMostCandles) : candles;
}
