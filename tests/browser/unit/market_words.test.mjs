// Prices, distances, ages and evidence as the desk says them.
import assert from 'node:assert/strict';
import test from 'node:test';

import { evidenceRows, itemRows, lengthText } from '../../../console/web/js/evidence.js';
import { ageText, placeIn } from '../../../console/web/js/instruments.js';
import { distanceText, percentText, shortPrice, unitText } from '../../../console/web/js/market_words.js';
import { rangeOf } from '../../../console/web/js/alert_ticks.js';

const nikkei = { symbol: 'NI225', calendar: 'tse', pip: '0.1', decimals: 2, name_ja: '日経平均' };
const yen = { symbol: 'USDJPY', calendar: 'fx', pip: '0.01', decimals: 3, name_ja: 'ドル円' };

test('distances are in points or pips, the far ones without fractions', () => {
  assert.equal(distanceText(-160.82, nikkei), '−160.82');
  assert.equal(distanceText(18000.4, nikkei), '+18,000');
  assert.equal(distanceText(0.804, yen), '+80.4');
  assert.equal(unitText(nikkei), 'points');
  assert.equal(unitText(yen), 'pips');
});

test('percentages have a sign unless they are zero', () => {
  assert.deepEqual([0.4, -0.4, -0.001].map((pct) => percentText(pct)), ['+0.40 %', '−0.40 %', '0.00 %']);
});

test('round prices are short', () => {
  assert.deepEqual(['57000', '57000.00', '152.5', '57337.07'].map((price, at) => shortPrice(price, at === 2 ? 3 : 2)), ['57,000', '57,000', '152.500', '57,337.07']);
});

test('an age counts up without end', () => {
  assert.deepEqual([400, 12_000, 192_000, 7_380_000, 3 * 86400e3].map(ageText), ['0.4 s ago', '12 s ago', '3 min 12 s ago', '2 h 3 min ago', '3 days ago']);
});

test('the place in the day\'s range', () => {
  assert.deepEqual([placeIn('15', '10', '20'), placeIn('9', '10', '20'), placeIn('10', '10', '10'), placeIn(null, '10', '20')], [0.5, 0, 0.5, null]);
});

const how = { zone: 'market', decimals: 3 };

test('evidence is named and has its units; what is false or said elsewhere is left out', () => {
  const alert = {
    v: 1, id: 'x', title: 't', direction: 'down', window_ms: 300000, change: '-0.706', change_pct: -0.4566, gap: false,
    levels: ['154', '153.5'], evidence: { previous_ts_ns: 1770817149747868000, after_gap: true, something_new: 'vendor <b>text</b>' },
  };
  assert.deepEqual(evidenceRows(alert, how).map(({ name, value }) => `${name}: ${value}`), [
    'Direction: down', 'Window: 5 min', 'Change: −0.706', 'Change, %: −0.46 %', 'Levels crossed: 154.000, 153.500',
    'Time of the price before: 11 Feb 22:39:09 JST', 'After a gap: yes', 'something new: vendor <b>text</b>',
  ]);
});

test('items of a score, those with points first', () => {
  const items = { size_60m: { points: 0, change: '-1.002' }, speed: { points: 1, z: 19.71 } };
  assert.deepEqual(itemRows({ evidence: { items } }, how).map(({ points, value }) => [points, value]), [[1, 'Standard deviations (z) 19.71'], [0, 'Change −1.002']]);
  assert.deepEqual(itemRows({}, how), []);
});

test('lengths', () => {
  assert.deepEqual([42_000, 60_000, 900_000, 3_600_000, 28_800_000].map(lengthText), ['42 s', '60 s', '15 min', '1 h', '8 h']);
});

test('the small chart shows levels that are near, and no others', () => {
  const points = [{ ms: 0, price: 153 }, { ms: 1, price: 153.1 }];
  const near = rangeOf(points, [153.2, 160]);
  assert.ok(near.low < 153 && near.high > 153.2 && near.high < 154, JSON.stringify(near));
});
