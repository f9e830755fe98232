// Prices as people type and drag them, and levels as they are moved.
import assert from 'node:assert/strict';
import test from 'node:test';

import { LevelBook, isFar, onGrid, stepOf, typedPrice } from '../../../console/web/js/level_book.js';

test('a typed price may have separators and wide digits', () => {
  assert.equal(typedPrice(' 57,500 '), '57500');
  assert.equal(typedPrice('１５８．５０'), '158.50');
  for (const text of ['', '152,5', '154,25', '1,2345', '0', '-5', '1e9', 'abc', '1.2.3', '1'.repeat(12)]) assert.equal(typedPrice(text), null, text);
});

test('a level a fifth away from the price is asked for twice', () => {
  assert.equal(isFar('1545', '154.2'), true);
  assert.equal(isFar('156.5', '57639.84'), true);
  assert.equal(isFar('160', '154.2'), false);
  assert.equal(isFar('160', null), false);
});

test('a dragged price lies on the grid of the instrument', () => {
  assert.equal(onGrid(158.12345, { tick: '0.001', decimals: 3 }), '158.123');
  assert.equal(onGrid(57337.08, { tick: '5', decimals: 0 }), '57335');
  assert.equal(onGrid(-3, { tick: '0.01', decimals: 2 }), '0.01');
});

test('an arrow key moves by a round part of what is in view', () => {
  assert.equal(stepOf(1000, 0.01), 10);
  assert.equal(stepOf(700, 0.01), 5);
  assert.equal(stepOf(300, 0.01), 2);
  assert.equal(stepOf(0.02, 0.001), 0.001);
});

const level = { instrument: 'USDJPY', rule: 'desk-levels', price: '158.5', note: 'stop', once: false, configured: false };

/** A book whose server refuses one method. @param {string | null} refused */
function bookAt(refused) {
  const asked = [];
  globalThis.fetch = async (_path, { method, body }) => {
    asked.push(body ? `${method} ${JSON.parse(body).price}` : method);
    if (method === refused) return new Response('{"error":"there is one already"}', { status: 409 });
    return new Response('{"levels":[]}', { status: 200 });
  };
  const interval = globalThis.setInterval;
  globalThis.setInterval = () => 0;
  const listeners = new Map();
  const book = new LevelBook({ on: (topic, listener) => listeners.set(topic, listener) });
  globalThis.setInterval = interval;
  return { book, asked, tell: (topic, value) => listeners.get(topic)(value) };
}

test('a moved level is added before the old one is removed', async () => {
  const { book, asked } = bookAt(null);
  await book.move(level, '158.7');
  assert.deepEqual(asked, ['POST 158.7', 'DELETE 158.5', 'GET']);
});

test('a level that cannot be added stays where it was', async () => {
  const { book, asked } = bookAt('POST');
  await assert.rejects(book.move(level, '158.7'), /there is one already/);
  assert.deepEqual(asked, ['POST 158.7']);
});

test('an old level that cannot be removed is told, and what there is is asked for', async () => {
  const { book, asked } = bookAt('DELETE');
  await assert.rejects(book.move(level, '158.7'), /there is one already/);
  assert.deepEqual(asked, ['POST 158.7', 'DELETE 158.5', 'GET']);
});

test('a level that somebody else added is asked for', async () => {
  const { book, asked, tell } = bookAt(null);
  const state = (...distances) => ({ instruments: [{ symbol: 'USDJPY', distances }] });
  await tell('state', state({ kind: 'level', price: '152', configured: true }, { kind: 'milestone', price: '153', configured: false }));
  assert.deepEqual(asked, []);
  await tell('state', state({ kind: 'level', price: '158.7', configured: false }));
  assert.deepEqual(asked, ['GET']);
  await tell('state', state({ kind: 'level', price: '158.7', configured: false }));
  assert.deepEqual(asked, ['GET'], 'not again at once');
  assert.deepEqual(book.levels, []);
});
