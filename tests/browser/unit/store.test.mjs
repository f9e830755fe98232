// The page's model: each alert once, in order, bounded; who has taken up what.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Store } from '../../../console/web/js/store.js';

const alert = (seq, more = {}) => ({ seq, id: `id${seq}`, event: 'reached', instrument: 'NI225', severity: 'low', ...more });
const give = (store, seq, more, arrival) => store.receive({ type: 'alert', alert: alert(seq, more) }, arrival);
const seqs = (store) => store.alerts.map((entry) => entry.alert.seq);
const state = (rows = []) => ({ now_ns: Date.now() * 1e6, instruments: rows, alerts: { last_seq: 0 } });

test('alerts stand in the order of their numbers, however they come', () => {
  const store = new Store();
  for (const seq of [3, 1, 5, 2, 4]) give(store, seq);
  assert.deepEqual(seqs(store), [1, 2, 3, 4, 5]);
  assert.equal(store.lastSeq(), 5);
  assert.equal(store.firstSeq(), 1);
});

test('an alert that comes twice is told once; a withdrawal has the id of what it withdraws', () => {
  const store = new Store();
  let told = 0;
  store.on('alert', () => { ++told; });
  give(store, 1);
  give(store, 1);
  give(store, 9, { id: 'id1' });
  assert.equal(told, 1);
  give(store, 2, { id: 'id1', event: 'withdrawn' });
  assert.equal(told, 2);
});

test('the page keeps the newest two thousand', () => {
  const store = new Store();
  for (let seq = 1; seq <= 2500; ++seq) give(store, seq);
  assert.equal(store.alerts.length, 2000);
  assert.equal(store.firstSeq(), 501);
  store.on('alert', () => assert.fail('told of what is not kept'));
  give(store, 1);  // forgotten, and too old to come back
  assert.equal(store.alerts.length, 2000);
  assert.equal(store.firstSeq(), 501);
});

test('how an alert came is kept with it', () => {
  const store = new Store();
  give(store, 1, {}, 'past');
  give(store, 2, {}, 'missed');
  give(store, 3);
  assert.deepEqual(store.alerts.map(({ live, missed }) => [live, missed]), [[false, false], [false, true], [true, false]]);
});

test('an acknowledgement counts for the episode and can be taken back', () => {
  const store = new Store();
  give(store, 1);
  give(store, 2, { parent: 'id1', event: 'extended' });
  store.receive({ type: 'action', action: 'ack', alert: 'id2', id: 'id1', at: '2026-02-09T00:00:00Z', author: 'aki', reason: 'seen' });
  assert.equal(store.ackOf(store.alerts[0].alert).author, 'aki');
  assert.equal(store.ackOf(store.alerts[1].alert).reason, 'seen');
  store.receive({ type: 'action', action: 'unack', alert: 'id2', id: 'id1', at: '', author: 'aki', reason: '' });
  assert.equal(store.ackOf(store.alerts[1].alert), null);
});

test('a page of alerts says who took them up, and who has no more', () => {
  const store = new Store();
  const ack = { at: '2026-02-09T00:00:00Z', author: 'aki', reason: '' };
  give(store, 1);
  give(store, 2, { parent: 'id1' });
  give(store, 3);
  store.takePage({ alerts: [alert(1), alert(2, { parent: 'id1' }), alert(3)], acks: { id1: ack, id2: ack } }, store.acted());
  assert.ok(store.ackOf(store.alerts[0].alert));
  assert.ok(store.ackOf(store.alerts[1].alert));
  assert.equal(store.ackOf(store.alerts[2].alert), null);
  store.takePage({ alerts: [alert(1)], acks: {} }, store.acted());
  assert.equal(store.ackOf(store.alerts[1].alert), null);
});

test('what people did after a page was asked for is newer than the page', () => {
  const store = new Store();
  const ack = { at: '2026-02-09T00:00:00Z', author: 'aki', reason: '' };
  const act = (action, id) => store.receive({ type: 'action', action, alert: id, id, ...ack });
  for (const seq of [1, 2, 3]) give(store, seq);
  act('ack', 'id3');
  const asOf = store.acted();
  act('ack', 'id1');
  act('unack', 'id2');
  const page = { alerts: [alert(1), alert(2), alert(3)], acks: { id2: ack } };
  store.takePage(page, asOf);
  assert.deepEqual([...store.acks.keys()], ['id1']);
  store.takePage(page, store.acted());
  assert.deepEqual([...store.acks.keys()], ['id2']);
});

test('acknowledgements are bounded', () => {
  const store = new Store();
  for (let i = 0; i < 5000; ++i) {
    store.receive({ type: 'action', action: 'ack', alert: `a${i}`, id: `a${i}`, at: '', author: '', reason: '' });
  }
  assert.equal(store.acks.size, 4000);
  assert.ok(store.acks.has('a4999'));
});

test('older pages go before what is there, while there is room', () => {
  const store = new Store();
  for (let seq = 51; seq <= 60; ++seq) give(store, seq);
  store.takeOlder({ alerts: Array.from({ length: 50 }, (_, i) => alert(i + 1)), acks: {} }, 0);
  assert.deepEqual(seqs(store), Array.from({ length: 60 }, (_, i) => i + 1));
  const full = new Store();
  for (let seq = 1001; seq <= 3000; ++seq) give(full, seq);
  full.takeOlder({ alerts: [alert(1000)], acks: {} }, 0);
  assert.equal(full.firstSeq(), 1001);
});

test('another monitor: everything is forgotten and said to be', () => {
  const store = new Store();
  const told = [];
  give(store, 7);
  store.on('forget', () => told.push('forget'));
  store.forget();
  give(store, 7);
  assert.deepEqual(told, ['forget']);
  assert.deepEqual(seqs(store), [7]);
});

test('one listener that fails does not keep the message from the next', (context) => {
  context.mock.method(console, 'error', () => {});
  const store = new Store();
  let heard = 0;
  store.on('alert', () => { throw new Error('broken panel'); });
  store.on('alert', () => { ++heard; });
  give(store, 1);
  assert.equal(heard, 1);
});

test('a tick moves the price and the day\'s range, also by what was between', () => {
  const store = new Store();
  const row = { symbol: 'NI225', price: '100', previous_close: '100', high: '100', low: '100', decimals: 2, age_ms: null };
  store.receive({ type: 'state', state: state([row]) });
  store.receive({ type: 'tick', symbol: 'NI225', price: '101', low: '99', high: '102', ts_event_ns: 1 });
  assert.deepEqual([row.price, row.high, row.low, row.change], ['101', '102', '99', '1.00']);
});

test('an instrument that is no longer watched is gone', () => {
  const store = new Store();
  const row = (symbol) => ({ symbol, age_ms: null });
  store.receive({ type: 'state', state: state([row('NI225'), row('USDJPY')]) });
  store.select('USDJPY');
  store.receive({ type: 'state', state: state([row('NI225')]) });
  assert.deepEqual([...store.instruments.keys()], ['NI225']);
  assert.equal(store.selected, 'NI225');
});

test('the monitor\'s clock is followed, not ours', () => {
  const store = new Store();
  store.receive({ type: 'state', state: { ...state(), now_ns: (Date.now() + 3600_000) * 1e6 } });
  assert.ok(Math.abs(store.serverNow() - Date.now() - 3600_000) < 1000);
});
