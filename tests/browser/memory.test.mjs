// A page that stays open all day does not grow: the bundled scenario at sixty times its speed.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { Desk, openBrowser } from './support/desk.mjs';
import { Monitor, Program, RULES, configure, run, scratch } from './support/monitor.mjs';
import { eventually } from './support/wait.mjs';

const SPEED = 60;
// Two hours of the market; in ./test a third of one. What is drawn once is there after the first part.
const [WARM_S, LONG_S] = process.env.YAGURA_LONG === '1' ? [30, 120] : [10, 22];
const GROWTH_BYTES = 1.5e6;
const GROWTH_NODES = 150;
const ROW_NODES = 60;  // of an alert on the tape; it has room for a bounded number of them

/** What the page holds after garbage is gone. */
async function holding(session) {
  for (let i = 0; i < 3; ++i) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { bytes: usedSize, nodes, listeners: jsEventListeners };
}

test('the page holds as much late as early', async (t) => {
  const home = scratch(t);
  const rally = `${home}/rally.csv`;
  await run(t, ['simulate', '--out', rally], home);
  // From three minutes before Monday's opening on: the busiest hours of the four days.
  const lines = readFileSync(rally, 'utf8').split('\n');
  const first = lines.findIndex((line) => Number(line.split(',')[0]) >= 1_770_595_020e9);
  writeFileSync(rally, [...lines.slice(0, 2).filter((line) => !/^\d/.test(line)), ...lines.slice(first)].join('\n'));
  const vendor = new Program(t, ['replay', '--listen', '127.0.0.1:0', '--speed', `${SPEED}`, `NI225=${rally}`, `USDJPY=${rally}`], home);
  const [, address] = await vendor.says(/(127\.0\.0\.1:\d+)/);
  const feed = `[[feed]]\nname = "f"\nvendor = "native"\nurl = "ws://${address}"\nsymbols = { NI225 = "NI225", USDJPY = "USDJPY" }\n`;
  const monitor = await Monitor.start(t, { home, args: ['--config', configure(`${home}/f.toml`, feed + RULES)] });

  const desk = await (await Desk.open(await openBrowser(t), monitor.url)).live();
  const session = await desk.context.newCDPSession(desk.page);
  const heard = async () => {
    const state = await monitor.state();
    return { ticks: state.instruments.reduce((sum, row) => sum + row.accepted, 0), alerts: state.alerts.last_seq };
  };
  const opened = performance.now();
  const open = (seconds) => eventually(() => performance.now() - opened > seconds * 1000, `${seconds} s of an open page`, (seconds + 5) * 1000);

  await open(WARM_S);
  const [early, before] = [await holding(session), await heard()];
  await open(LONG_S);
  const [late, after] = [await holding(session), await heard()];
  const [ticks, alerts] = [after.ticks - before.ticks, after.alerts - before.alerts];
  t.diagnostic(`heap ${(early.bytes / 1e6).toFixed(2)} MB after ${WARM_S} s, ${(late.bytes / 1e6).toFixed(2)} MB after ${LONG_S} s at ${SPEED} times the market's speed; `
    + `nodes ${early.nodes} and ${late.nodes}, listeners ${early.listeners} and ${late.listeners}; ${ticks} ticks and ${alerts} alerts meanwhile`);
  assert.ok(ticks > 100, 'ticks came all the time');
  assert.ok(late.bytes - early.bytes < GROWTH_BYTES, 'the heap grew');
  assert.ok(late.nodes - early.nodes < GROWTH_NODES + ROW_NODES * alerts, 'the document grew');
  assert.ok(late.listeners - early.listeners < GROWTH_NODES + alerts, 'listeners pile up');
  await desk.behaved(assert);
});
