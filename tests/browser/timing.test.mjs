// How long an alert takes from the decision to the eye: the demo's own alerts, live, and a burst of them.

import assert from 'node:assert/strict';
import { cpus, loadavg } from 'node:os';
import { test } from 'node:test';

import { Desk, openBrowser } from './support/desk.mjs';
import { Feed } from './support/feed.mjs';
import { Monitor, configure, scratch } from './support/monitor.mjs';
import { eventually, quantile } from './support/wait.mjs';

const LIMIT_MS = 100;
const ATTEMPTS = 3;      // two cores that others use as well stall now and then
const OTHERS_LOAD = 3;   // a core; ours alone make about one
const OPENING = 34;      // alerts of the scenario's first morning, played within 0.2 s: a page that opens meanwhile is at other work

/**
 * Notes when alerts get into the document: what the page itself says, and, in `painted`, the frame after a row was
 * there, seen from outside of the page's code.
 */
function watchAlerts() {
  const seen = { tape: {}, painted: {}, chart: {} };
  /** @type {any} */ (window).yaguraSeen = seen;
  const now = () => performance.timeOrigin + performance.now();
  const look = () => {
    for (const row of document.querySelectorAll('#tape li[data-seq]')) {
      const { seq, shownMs } = /** @type {HTMLElement} */ (row).dataset;
      if (seq in seen.tape) continue;
      seen.tape[seq] = Number(shownMs);
      requestAnimationFrame(() => { seen.painted[seq] = now(); });
    }
    const [seq, at] = (document.querySelector('#chart')?.getAttribute('data-last-marker') ?? '').split(' ');
    if (seq && !(seq in seen.chart)) seen.chart[seq] = Number(at);
  };
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-seq', 'data-shown-ms', 'data-last-marker'] });
  });
}

/**
 * How far the page's fine clock (performance) is ahead of the wall's: Chromium takes both once, and may lose its turn
 * between the two.
 */
const clockError = (desk) => desk.page.evaluate(() => {
  let least = Infinity;
  for (let i = 0; i < 20000; ++i) least = Math.min(least, performance.timeOrigin + performance.now() - Date.now());
  return least;  // Date.now() tells whole milliseconds: just after it has moved on, the two agree
});

/** Milliseconds from decision to each sight, of alerts decided after `from`. */
async function delays(desk, monitor, from) {
  const seen = await desk.page.evaluate(() => /** @type {any} */ (window).yaguraSeen);
  const error = await clockError(desk);
  const alerts = (await monitor.alerts()).filter((alert) => alert.seq > from);
  const since = (times, alert) => (alert.seq in times ? times[alert.seq] - error - alert.ts_decided_ns / 1e6 : null);
  return {
    alerts,
    tape: alerts.map((alert) => since(seen.tape, alert)),
    painted: alerts.map((alert) => since(seen.painted, alert)),
    chart: alerts.map((alert) => since(seen.chart, alert)).filter((ms) => ms !== null),
  };
}

function tell(t, what, values) {
  const [p50, p95, most] = [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map((ms) => ms.toFixed(1));
  t.diagnostic(`decision to ${what}: p50 ${p50} ms, p95 ${p95} ms, max ${most} ms of ${values.length} alerts; load ${loadavg()[0].toFixed(1)}`);
}

/** Tells how late the alerts were; whether in time. */
function inTime(t, { tape, painted, chart }) {
  tell(t, 'row of the tape', tape);
  tell(t, 'frame on the screen', painted);
  if (chart.length > 0) tell(t, 'mark on the chart', chart);
  assert.ok(tape.every((ms) => ms > -5), `shown before they were decided: ${tape}`);
  return [tape, painted, chart].every((times) => times.length === 0 || quantile(times, 0.95) <= LIMIT_MS);
}

/** Opens the page on the demo, hears 25 alerts or more. */
async function demo(t, browser) {
  const monitor = await Monitor.start(t, { home: scratch(t), args: ['--demo'] });
  await eventually(async () => (await monitor.state()).alerts.last_seq >= OPENING, 'the opening');
  const desk = await (await Desk.open(browser, monitor.url, { script: watchAlerts })).live();
  const from = (await monitor.state()).alerts.last_seq;
  await eventually(async () => (await monitor.state()).alerts.last_seq >= from + 25, '25 alerts after the page was open', 40_000);
  const late = await eventually(async () => {
    const all = await delays(desk, monitor, from);
    return !all.painted.includes(null) && all;
  }, 'every alert on the tape', 5000);
  const rows = await desk.tape();
  assert.equal(rows.length, new Set(rows).size, 'an alert stands twice on the tape');
  await desk.behaved(assert);
  await desk.close();
  await monitor.stop();
  return late;
}

/** Breaks forty levels of the instrument on the chart, each when the last one's alert is on the chart. */
async function levels(t, browser) {
  const home = scratch(t);
  const feed = await Feed.start(t);
  const prices = Array.from({ length: 40 }, (_, i) => `{ price = "${(150 + i / 10).toFixed(1)}", once = true }`);
  const config = configure(`${home}/levels.toml`, `${feed.configuration()}
[[rule]]
id = "desk-levels"
kind = "level"
instrument = "USDJPY"
levels = [ ${prices.join(', ')} ]
`);
  const monitor = await Monitor.start(t, { home, args: ['--config', config] });
  await eventually(() => feed.listeners > 0, 'the monitor at the feed');
  feed.say('USDJPY', '149.950');
  const desk = await (await Desk.open(browser, monitor.url, { script: watchAlerts })).live();
  await desk.page.click('#instruments .card[data-symbol=USDJPY]');
  await desk.page.waitForSelector('#chart[data-symbol=USDJPY]');
  for (let i = 0; i < prices.length; ++i) {
    for (const step of [0.02, 0.06]) feed.say('USDJPY', (149.95 + i / 10 + step).toFixed(3), 0.05);
    await desk.page.waitForSelector(`#chart[data-last-marker^="${i + 1} "]`);
  }
  const late = await eventually(async () => {
    const all = await delays(desk, monitor, 0);
    return all.chart.length === prices.length && !all.painted.includes(null) && all;
  }, 'forty alerts on tape and chart');
  await desk.behaved(assert);
  await desk.close();
  await monitor.stop();
  return late;
}

test('an alert is on the tape and on the chart within 100 ms of its decision', async (t) => {
  const browser = await openBrowser(t);
  for (const [name, measure] of [['the bundled scenario', demo], ['forty levels one after the other', levels]]) {
    await t.test(name, async (t) => {
      for (let attempt = 1; !inTime(t, await measure(t, browser)); ++attempt) {
        if (attempt < ATTEMPTS) continue;
        const load = loadavg()[0];
        assert.ok(load > OTHERS_LOAD * cpus().length, `p95 above ${LIMIT_MS} ms in each of ${ATTEMPTS} attempts`);
        t.skip(`p95 above ${LIMIT_MS} ms, but others keep this machine busy: load ${load.toFixed(1)}`);
        return;
      }
    });
  }
});
