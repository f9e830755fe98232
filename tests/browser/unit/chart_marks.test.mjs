// Alerts as markers: one for a candle and direction, told apart by shape, with words where there is room.
import assert from 'node:assert/strict';
import test from 'node:test';

import { labelOf, markersOf } from '../../../console/web/js/chart_marks.js';

const candles = [0, 60, 120, 180].map((s) => ({ ms: s * 1000, open: 1, high: 1, low: 1, close: 1 }));
const colours = { critical: 'c', high: 'h', low: 'l', info: 'i', soft: 's' };
const how = { interval: '1m', decimals: 2, colours, barsApart: 1 };
let count = 0;
const entry = (seconds, severity, more = {}, held = null) => {
  const alert = { seq: ++count, id: String(count), event: 'reached', kind: 'milestone', level: '57000', severity, direction: 'up', ts_event_ns: seconds * 1e9, ...more };
  return { key: `${alert.id} reached`, alert, held, live: true };
};

test('the most severe speaks for the others of its candle and direction', () => {
  const critical = entry(61, 'critical');
  const markers = markersOf([entry(60, 'low'), critical, entry(119, 'high'), entry(100, 'high', { direction: 'down' })], candles, how);
  assert.deepEqual(markers.map(({ id, at, up, shape, text }) => [id, at, up, shape, text]), [
    [critical.key, 1, true, 'square', '57,000 +2'], [markers[1].id, 1, false, 'arrowDown', '57,000'],
  ]);
});

test('severities differ in shape or size, and what is held is dim', () => {
  const markers = markersOf(['info', 'low', 'high', 'critical'].map((severity, at) => entry(at * 60, severity)), candles, how);
  assert.equal(new Set(markers.map(({ shape, size }) => `${shape} ${size}`)).size, 4);
  assert.deepEqual(markersOf([entry(0, 'high', {}, 'muted')], candles, how).map(({ colour }) => colour), ['s']);
});

test('words keep apart, the most severe first', () => {
  const markers = markersOf([entry(0, 'low'), entry(60, 'critical'), entry(180, 'low')], candles, { ...how, barsApart: 2 });
  assert.deepEqual(markers.map(({ text }) => text), ['', '57,000', '57,000']);
});

test('alerts before the first candle have no place, later ones the last', () => {
  assert.deepEqual(markersOf([entry(-5, 'high'), entry(999, 'high')], candles, how).map(({ at }) => at), [3]);
});

test('labels are short', () => {
  assert.equal(labelOf({ kind: 'level', level: '157.5' }, 3), '157.500');
  assert.equal(labelOf({ kind: 'move', change_pct: -0.4 }, 3), '−0.40 %');
  assert.equal(labelOf({ kind: 'record', horizons: ['52w', 'ytd'], direction: 'down' }, 2), '52-week low');
  assert.equal(labelOf({ kind: 'intervention', score: 6, score_max: 9 }, 3), 'Intervention 6/9');
});
