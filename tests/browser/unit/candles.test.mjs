// Candles from ticks, and what the server makes of them.
import assert from 'node:assert/strict';
import test from 'node:test';

import { bounded, candleOf, fold, indexAt, kMostCandles, merge, startOf } from '../../../console/web/js/candles.js';

const tick = (price, low = price, high = price) => ({ price, low, high });
const candle = (ms, open, high, low, close) => ({ ms, open, high, low, close });

test('a candle begins at its interval, a day at its trading date', () => {
  const ms = Date.parse('2026-02-09T00:22:07.304Z');
  assert.equal(new Date(startOf(ms, '1s', null)).toISOString(), '2026-02-09T00:22:07.000Z');
  assert.equal(new Date(startOf(ms, '15m', null)).toISOString(), '2026-02-09T00:15:00.000Z');
  // The evening of New York belongs to the next trading date.
  assert.equal(new Date(startOf(Date.parse('2026-02-09T22:10:00Z'), '1d', '2026-02-10')).toISOString(), '2026-02-10T00:00:00.000Z');
});

test('ticks make candles, with the extremes between them', () => {
  const candles = [];
  fold(candles, 1000, tick(10));
  fold(candles, 1000, tick(11, 9, 12));
  fold(candles, 2000, tick(11.5));
  assert.deepEqual(candles, [candle(1000, 10, 12, 9, 11), candle(2000, 11.5, 11.5, 11.5, 11.5)]);
});

test('a late tick widens its candle and closes none', () => {
  const candles = [candle(1000, 10, 10, 10, 10), candle(2000, 11, 11, 11, 11)];
  assert.equal(fold(candles, 1000, tick(15)), candles[0]);
  assert.deepEqual(candles[0], candle(1000, 10, 15, 10, 10));
  assert.equal(fold(candles, 0, tick(15)), null);
  assert.equal(fold(candles, 1500, tick(15)), null);
  assert.equal(candles.length, 2);
});

test('the server corrects what is complete and fills a gap', () => {
  const ours = [candle(1000, 1, 1, 1, 1), candle(2000, 2, 9, 2, 2), candle(5000, 5, 8, 4, 5)];
  const served = [candle(2000, 2, 3, 2, 3), candle(3000, 3, 3, 3, 3), candle(4000, 4, 4, 4, 4), candle(5000, 4.5, 6, 4.5, 5.5)];
  assert.deepEqual(merge(ours, served), [ours[0], ...served.slice(0, 3), candle(5000, 4.5, 8, 4, 5.5)]);
});

test('candles newer than the answer stay', () => {
  const ours = [candle(1000, 1, 1, 1, 1), candle(2000, 2, 2, 2, 2)];
  assert.deepEqual(merge(ours, [candle(1000, 1, 3, 1, 3)]), [candle(1000, 1, 3, 1, 1), ours[1]]);
  assert.equal(merge(ours, []), ours);
});

test('an answer made before a candle ended takes neither its range nor its close', () => {
  const ours = [candle(1000, 1, 1, 1, 1), candle(2000, 2, 9, 1, 8), candle(3000, 8, 8, 8, 8)];
  assert.deepEqual(merge(ours, [candle(1000, 1, 3, 1, 3), candle(2000, 2, 4, 2, 4)]), [candle(1000, 1, 3, 1, 3), ours[1], ours[2]]);
});

test('the last candle at or before a moment', () => {
  const candles = [candle(1000), candle(2000), candle(4000)];
  assert.deepEqual([999, 1000, 1999, 3500, 9000].map((ms) => indexAt(candles, ms)), [-1, 0, 0, 1, 2]);
});

test('memory is bounded', () => {
  const candles = Array.from({ length: kMostCandles + 7 }, (_, at) => candle(at));
  assert.equal(bounded(candles).length, kMostCandles);
  assert.equal(bounded(candles)[0].ms, 7);
});

test('served candles are decimal strings', () => {
  const served = { from_ns: 1770595200000000000, open: '57000', high: '57337.07', low: '56999.5', close: '57001', ticks: 4 };
  assert.deepEqual(candleOf(served), candle(1770595200000, 57000, 57337.07, 56999.5, 57001));
});
