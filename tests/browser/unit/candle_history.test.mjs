// History from a server that is scripted here, with ticks on top.
import assert from 'node:assert/strict';
import test from 'node:test';

import { CandleHistory } from '../../../console/web/js/candle_history.js';
import { kMostCandles } from '../../../console/web/js/candles.js';

const served = (s, close = s) => ({ from_ns: s * 1e9, open: String(close), high: String(close), low: String(close), close: String(close), ticks: 1 });
const tick = (price) => ({ price, low: price, high: price });

/** @param {((query: URLSearchParams) => object | Promise<object>)[]} answers in order; one that throws is a 404 */
function server(...answers) {
  const asked = [];
  globalThis.fetch = async (path) => {
    const query = new URL(path, 'http://localhost').searchParams;
    asked.push(Object.fromEntries(query));
    try {
      const body = await answers[Math.min(asked.length, answers.length) - 1](query);
      return new Response(JSON.stringify(body), { status: 200 });
    } catch {
      return new Response('{"error":"no such path"}', { status: 404 });
    }
  };
  return asked;
}
const giving = (...candles) => () => ({ candles });
const refusing = () => { throw new Error('404'); };
const closes = (history) => history.candles.map(({ ms, close }) => [ms / 1000, close]);

test('history comes first, ticks go on', async () => {
  server(giving(served(1), served(2)));
  const history = new CandleHistory('NI225', '1s');
  assert.equal(await history.load(), true);
  history.take(2500, tick(7), null);
  history.take(3100, tick(8), null);
  assert.deepEqual(closes(history), [[1, 1], [2, 7], [3, 8]]);
});

test('ticks that come while history is asked for are kept', async () => {
  server(giving(served(1), served(2)));
  const history = new CandleHistory('NI225', '1s');
  const loading = history.load();
  history.take(3100, tick(8), null);
  await loading;
  assert.deepEqual(closes(history), [[1, 1], [2, 2], [3, 8]]);
});

test('what ticks have touched is asked for again, and a gap is filled', async () => {
  const asked = server(giving(served(1), served(2)), giving(served(2, 2.5), served(3), served(4), served(9)));
  const history = new CandleHistory('NI225', '1s');
  await history.load();
  history.take(9000, tick(9.5), null);  // seconds 3 to 8 were lost
  assert.equal(await history.refresh(), true);
  assert.equal(asked[1].from, '2000000000');
  assert.deepEqual(closes(history), [[1, 1], [2, 2.5], [3, 3], [4, 4], [9, 9.5]]);
});

test('a candle that ends while it is asked for keeps its high and is asked for again', async () => {
  const whole = { from_ns: 2e9, open: '2', high: '9', low: '1', close: '8' };
  const asked = server(giving(served(1), served(2)), giving(served(2)), giving(whole, served(3)), giving(served(3)));
  const history = new CandleHistory('NI225', '1s');
  await history.load();
  const refreshing = history.refresh();
  history.take(2800, { price: 8, low: 7, high: 9 }, null);
  history.take(3000, tick(3), null);
  await refreshing;
  assert.deepEqual(history.candles[1], { ms: 2000, open: 2, high: 9, low: 2, close: 8 });
  await history.refresh();
  assert.equal(asked[2].from, '2000000000');
  assert.deepEqual(history.candles[1], { ms: 2000, open: 2, high: 9, low: 1, close: 8 });
  await history.refresh();
  assert.equal(asked[3].from, '3000000000');
});

test('a late tick while an answer is under way has its candle asked for again, and so has a failed request', async () => {
  const asked = server(giving(served(1), served(2), served(3)), giving(served(3)), refusing, giving(served(1), served(2), served(3)));
  const history = new CandleHistory('NI225', '1s');
  await history.load();
  const refreshing = history.refresh();
  history.take(1500, tick(5), null);
  await refreshing;
  await history.refresh();
  await history.refresh();
  assert.deepEqual(asked.map(({ from }) => from), [undefined, '3000000000', '1000000000', '1000000000']);
});

test('ticks that come while a long gap is asked for are kept', async () => {
  const many = Array.from({ length: 2000 }, (_, i) => served(i + 1));
  server(giving(served(1)), giving(...many), giving(served(2999), served(3000)));
  const history = new CandleHistory('NI225', '1s');
  await history.load();
  const refreshing = history.refresh();
  history.take(3000_500, { price: 3000, low: 3000, high: 9000 }, null);
  history.take(3001_000, tick(7), null);
  await refreshing;
  assert.deepEqual(history.candles.map(({ ms, high }) => [ms / 1000, high]), [[2999, 2999], [3000, 9000], [3001, 7]]);
});

test('without the server\'s history there are ticks, and it is asked for again', async () => {
  const asked = server(refusing, refusing, giving(served(1)));
  const history = new CandleHistory('NI225', '1s');
  assert.equal(await history.load(), false);
  assert.equal(history.state, 'failed');
  assert.equal(history.problem, 'no such path');
  history.take(2000, tick(5), null);
  assert.equal(await history.older(), false);
  assert.equal(await history.refresh(), false);
  assert.equal(await history.refresh(), true);
  assert.equal(asked.length, 3);
  assert.deepEqual(closes(history), [[1, 1], [2, 5]]);
});

test('older candles come until there are none', async () => {
  const asked = server(giving(served(10)), giving(served(8), served(9)), giving());
  const history = new CandleHistory('NI225', '1s');
  await history.load();
  assert.equal(await history.older(), true);
  assert.equal(asked[1].to, '10000000000');
  assert.equal(await history.older(), false);
  assert.equal(await history.older(), false);
  assert.equal(asked.length, 3);
  assert.deepEqual(closes(history).map(([s]) => s), [8, 9, 10]);
});

test('a history that is dropped takes no answer', async () => {
  server(giving(served(1)));
  const history = new CandleHistory('NI225', '1s');
  const loading = history.load();
  history.drop();
  assert.equal(await loading, false);
  assert.deepEqual(history.candles, []);
});

test('a page left open keeps a bounded number of candles', () => {
  const history = new CandleHistory('NI225', '1s');
  for (let s = 0; s < 3 * kMostCandles; ++s) history.take(s * 1000, tick(s), null);
  assert.ok(history.candles.length <= kMostCandles + 250, String(history.candles.length));
  assert.equal(history.candles.at(-1).close, 3 * kMostCandles - 1);
});
