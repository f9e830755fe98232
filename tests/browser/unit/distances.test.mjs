// What lies around a price.
import assert from 'node:assert/strict';
import test from 'node:test';

import { marksOf, nearest } from '../../../console/web/js/distances.js';

const record = (horizon, high, low) => ({ horizon, high, low, high_date: null, low_date: null });

test('without listed distances, levels and records give them, highest first', () => {
  const row = {
    distances: [],
    levels: [{ rule: 'm', kind: 'milestone', above: { price: '58000', distance: '1' }, below: null }],
    records: [record('all_time', '57960.19', '38851.51'), record('52w', '57960.19', null)],
  };
  assert.deepEqual(marksOf(row).map(({ kind, price, names }) => [kind, price, names]), [
    ['milestone', '58000', []], ['record', '57960.19', ['all_time', '52w']], ['record', '38851.51', ['all_time']],
  ]);
});

test('listed distances come first, and equal prices of a kind share a row', () => {
  const distance = (kind, price, name) => ({ kind, rule: null, name, price, distance: '0', distance_pct: 0, sigma: null, configured: false });
  const row = { distances: [distance('level', '152.5', 'stop'), distance('level', '152.50', null), distance('milestone', '152.5', null)], levels: [{}], records: [] };
  assert.deepEqual(marksOf(row).map(({ kind, names }) => [kind, names]), [['level', ['stop']], ['milestone', []]]);
});

test('the nearest above and below', () => {
  const marks = ['158', '157', '155'].map((price) => ({ kind: 'milestone', rule: null, names: [], price, configured: false }));
  assert.deepEqual(nearest(marks, 156.2), { above: marks[1], below: marks[2] });
  assert.deepEqual(nearest(marks, 157), { above: marks[1], below: marks[1] });
  assert.deepEqual(nearest(marks, 160), { above: null, below: marks[0] });
});

test('a record stays the high or low it is, wherever the price has gone since', () => {
  const distance = (price, name, away) => ({ kind: 'record', rule: null, name, price, distance: away, distance_pct: 0, sigma: null, configured: false });
  const row = { price: '154.9', distances: [distance('156.294', 'session', '1.3'), distance('154.933', 'session', '0.02')], levels: [], records: [record('session', '156.294', '154.933')] };
  assert.deepEqual(marksOf(row).map(({ high }) => high), [true, false]);
});
