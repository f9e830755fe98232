// Prices as people type and drag them.
import assert from 'node:assert/strict';
import test from 'node:test';

import { onGrid, stepOf, typedPrice } from '../../../console/web/js/level_book.js';

test('a typed price may have separators and wide digits', () => {
  assert.equal(typedPrice(' 57,500 '), '57500');
  assert.equal(typedPrice('１５８．５０'), '158.50');
  for (const text of ['', '0', '-5', '1e9', 'abc', '1.2.3', '1'.repeat(12)]) assert.equal(typedPrice(text), null, text);
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
