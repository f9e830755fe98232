// What the panels say of the state.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { feedLine, healthOf, instrumentLine, rejectedText, sinkLine } from '../../../console/web/js/feeds_panel.js';
import { holidayText } from '../../../console/web/js/holidays.js';
import { ordered } from '../../../console/web/js/latency_strip.js';
import { spanText } from '../../../console/web/js/masthead.js';
import { gaugeAt, residualText, sizeOf } from '../../../console/web/js/pair_panel.js';
import { clockWords, leftText } from '../../../console/web/js/session_clock.js';

const store = { instruments: new Map([['USDJPY', { row: { name: 'USD/JPY', name_ja: 'ドル円' } }]]) };
const nine = Date.parse('2026-02-09T00:00:00Z') * 1e6;  // Tokyo opens
const session = { open: true, market_now_ns: nine, until_ns: nine + 9000e9, next: 'lunch', opens_ns: null, closed_reason: null, tags: [] };

test('spans count hours only when there are some', () => {
  assert.deepEqual([0, 61_000, 3_600_000, 360_061_000].map(spanText), ['0:00', '1:01', '1:00:00', '100:01:01']);
  assert.equal(spanText(-5), '0:00');
  assert.equal(leftText(2 * 86400_000 + 61_000), '2 d 0:01:01');
});

test('the market says its part, what comes and when', () => {
  const morning = clockWords({ calendar: 'tse', segment: 'morning', session });
  assert.deepEqual([morning.market, morning.segment, morning.left, morning.open], ['Tokyo', 'morning session', 'lunch in 2:30:00', true]);
  const lunch = clockWords({ calendar: 'tse', segment: 'lunch', session: { ...session, open: false, until_ns: nine + 60e9, opens_ns: nine + 60e9, next: 'afternoon' } });
  assert.deepEqual([lunch.segment, lunch.left], ['lunch break', 'afternoon in 1:00']);
});

test('when trading is over the session is, though a last print may come', () => {
  const after = { ...session, open: false, until_ns: nine + 60e9, opens_ns: nine + 60e9, next: 'afternoon' };
  assert.equal(clockWords({ calendar: 'tse', segment: 'morning', session: after }).segment, 'lunch break');
  assert.equal(clockWords({ calendar: 'tse', segment: 'close', session: { ...after, next: 'closed' } }).segment, 'closed');
});

test('a closed market says why and when it opens', () => {
  const closed = clockWords({ calendar: 'tse', segment: 'closed', session: { ...session, open: false, until_ns: nine, opens_ns: nine + 86400e9, next: 'morning', closed_reason: 'National Foundation Day' } });
  assert.deepEqual([closed.segment, closed.left, closed.open], ['closed: National Foundation Day', 'opens in 1 d 0:00:00', false]);
});

test('the week of currencies ends, tags are named, and a silent clock says nothing', () => {
  const week = clockWords({ calendar: 'fx', segment: 'week', session: { ...session, next: 'closed', tags: ['thin', 'new_tag'] } });
  assert.deepEqual([week.left, week.tags], ['week ends in 2:30:00', ['thin', 'new_tag']]);
  assert.equal(clockWords({ calendar: 'fx', segment: 'week', session: { ...session, market_now_ns: 0 } }).left, '');
});

test('days of rest keep their English names on the English page', () => assert.equal(holidayText('Substitute for Mountain Day'), 'Substitute for Mountain Day'));

test('tick to alert stands first', () => {
  assert.deepEqual(ordered([{ stage: 'decode' }, { stage: 'enqueue' }, { stage: 'tick_to_alert' }, { stage: 'queue' }, { stage: 'settle' }]).map(({ stage }) => stage), ['tick_to_alert', 'decode', 'queue']);
});

test('a residual is a word and a place on the gauge', () => {
  assert.deepEqual([0, 1.9, -2, 4].map(sizeOf), ['usual', 'usual', 'wide', 'extreme']);
  assert.deepEqual([-99, -6, 0, 3, 99].map(gaugeAt), [0, 0, 50, 75, 100]);
  assert.equal(residualText(-2.5), 'wide, below model');
});

test('refusals are told by reason, without those that never happened', () => {
  assert.equal(rejectedText({ duplicate: 0, outlier: 1200, new_reason: 3 }), 'outlier 1,200, new_reason 3');
});

const feed = {
  name: 'gmo', vendor: 'gmo', state: 'BACKOFF', reason: 'socket_closed', why: 'the other side hung up', since_ms: 5000, next_attempt_ms: 3000, speaks: ['USDJPY'], last_rx_age_ms: 8000,
  ticks: 12, reconnects: 2, errors: 0, gaps: 3, folded: 0, one_sided: 0, unknown_symbols: 0, last_error: '<b>kaput</b>',
};

test('a feed that is away says why, since when and when it tries again', () => {
  const line = feedLine(feed, store);
  assert.equal(line.health, 'bad');
  assert.equal(line.trouble, 'connection lost · for 5.0 s · next attempt in 3.0 s · last error: <b>kaput</b>');
  assert.equal(line.about, 'speaks for USD/JPY · last tick 8.0 s ago · 12 ticks · 3 lost in gaps · reconnects 2');
});

test('an instrument says its state, its age and what was refused', () => {
  const row = {
    symbol: 'USDJPY', source: 'gmo', accepted: 12, rejected: { outlier: 1 },
    feed: { state: 'STALE', reason: 'no_data', silence_ms: 42_000, stale_after_ms: 10_000, failovers: 1, sources: [{ feed: 'gmo', state: 'STALE', speaks: true }, { feed: 'oanda', state: 'LIVE', speaks: false }] },
  };
  const line = instrumentLine(row, 42_000, store);
  assert.deepEqual([line.health, line.state, line.trouble], ['bad', 'STALE: nothing comes', 'no data for 42 s · stale after 10 s']);
  assert.equal(line.about, 'last tick 42 s ago · from gmo · oanda: live · 12 ticks · failovers 1 · not believed: outlier 1');
});

test('every state has a health, an unknown one is looked at', () => {
  assert.deepEqual(['LIVE', 'QUIET', 'LATE', 'STALE', 'WHAT'].map(healthOf), ['good', 'idle', 'warn', 'bad', 'warn']);
});

test('a sink with dead letters is no good', () => {
  const sink = { name: 'mail', kind: 'smtp', delivered: 5, failed: 0, waiting: 0, dead: 0, off: false, down: false, problem: null };
  assert.equal(sinkLine(sink).health, 'good');
  assert.equal(sinkLine({ ...sink, dead: 1 }).health, 'bad');
  assert.equal(sinkLine({ ...sink, waiting: 1 }).health, 'warn');
});
