// The alerts of a chart that goes further back than the tape, from a server that is scripted here.
import assert from 'node:assert/strict';
import test from 'node:test';

import { ChartAlerts } from '../../../console/web/js/chart_alerts.js';
import { MOST_ALERTS, Store } from '../../../console/web/js/store.js';

const alert = (seq) => ({ seq, id: `a${seq}`, event: 'reached', instrument: seq % 2 ? 'NI225' : 'USDJPY', severity: 'low', ts_event_ns: seq * 60e9 });
const give = (store, seq) => store.receive({ type: 'alert', alert: alert(seq) });
const seqs = (alerts) => alerts.of('NI225').map((entry) => entry.alert.seq);
const odd = (from, to) => Array.from({ length: to }, (_, i) => i + 1).filter((seq) => seq % 2 && seq >= from);

/** Has alerts up to `newest`, and answers as docs/api.md says. @param {number} newest */
function server(newest) {
  const asked = [];
  globalThis.fetch = async (path) => {
    const query = Object.fromEntries(new URL(path, 'http://localhost').searchParams);
    asked.push(query);
    const [since, until] = [Date.parse(query.since), Date.parse(query.until)];
    const alerts = Array.from({ length: newest }, (_, i) => alert(i + 1)).filter(({ seq, instrument, ts_event_ns: ns }) => (
      seq > Number(query.after ?? 0) && instrument === query.instrument && ns / 1e6 >= since && ns / 1e6 <= until));
    return new Response(JSON.stringify({ alerts: alerts.slice(0, Number(query.limit)) }));
  };
  return asked;
}

test('all since the first candle are asked for, page by page', async () => {
  const asked = server(3000);
  const store = new Store();
  for (let seq = 2900; seq <= 3000; ++seq) give(store, seq);
  const alerts = new ChartAlerts(store);
  assert.equal(await alerts.askBack('NI225', 100 * 60e3), true);
  assert.deepEqual(asked.map(({ after }) => after), ['0', '2099']);
  assert.deepEqual(seqs(alerts), odd(100, 3000));
  assert.equal(await alerts.askBack('NI225', 100 * 60e3), false);
  assert.equal(await alerts.askBack('NI225', 0), true);
  assert.deepEqual(seqs(alerts), odd(1, 3000));
});

test('of very many the newest are kept', async () => {
  server(9000);
  const store = new Store();
  give(store, 9000);
  const alerts = new ChartAlerts(store);
  await alerts.askBack('NI225', 0);
  assert.deepEqual(seqs(alerts), odd(5001, 9000));
});

test('alerts that the tape sheds stay on the chart, bounded', () => {
  const store = new Store();
  const alerts = new ChartAlerts(store);
  for (let seq = 1; seq <= 2500; ++seq) give(store, seq);
  assert.equal(store.alerts.length, MOST_ALERTS);
  assert.deepEqual(seqs(alerts), odd(1, 2500));
  for (let seq = 2501; seq <= 9000; ++seq) give(store, seq);
  assert.deepEqual(seqs(alerts), odd(3001, 9000));
});

test('what fails is asked for again, and an answer of another monitor is not taken', async () => {
  globalThis.fetch = async () => { throw new Error('gone'); };
  const store = new Store();
  give(store, 2001);
  const alerts = new ChartAlerts(store);
  assert.equal(await alerts.askBack('NI225', 0), false);
  server(2001);
  const asking = alerts.askBack('NI225', 0);
  store.forget();
  alerts.forget();
  assert.equal(await asking, false);
  assert.deepEqual(seqs(alerts), []);
});
