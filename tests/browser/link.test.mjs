// A link that breaks: the page says so at once, comes back by itself, and has every alert once.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Desk, openBrowser } from './support/desk.mjs';
import { Feed } from './support/feed.mjs';
import { Monitor, configure, levelRule, scratch } from './support/monitor.mjs';
import { eventually } from './support/wait.mjs';

const RULES = levelRule(Array.from({ length: 30 }, (_, i) => `{ price = "${150 + i}" }`));

test('the link', async (t) => {
  const home = scratch(t);
  const feed = await Feed.start(t);
  const args = ['--config', configure(`${home}/link.toml`, feed.configuration() + RULES)];
  let monitor = await Monitor.start(t, { home, args });
  await eventually(() => feed.listeners > 0, 'the monitor at the feed');
  const browser = await openBrowser(t);
  // A server that is away is no fault of the page's.
  const desk = await (await Desk.open(browser, monitor.url, { settings: { lang: 'en' }, allowed: /WebSocket connection|ERR_CONNECTION_REFUSED|Failed to load resource/ })).live();

  const rise = async (level) => {
    for (const price of [level - 0.05, level + 0.02]) feed.say('USDJPY', price.toFixed(3), 60);
    return eventually(async () => (await monitor.alerts()).find((alert) => Number(alert.level) === level && alert.event === 'reached'), `the alert at ${level}`);
  };
  const onTape = async (alert) => desk.sees(`#tape li[data-id="${alert.id}"]`, `${alert.title} on the tape`, 30_000);

  await t.test('a reload keeps the tape and the chart', async () => {
    for (const level of [150, 151, 152]) await onTape(await rise(level));
    const before = await desk.tape();
    await desk.page.reload();
    await desk.live();
    await eventually(async () => (await desk.tape()).length >= before.length, 'the tape again');
    assert.deepEqual((await desk.tape()).slice(-before.length), before);
    await desk.page.click('#instruments .card[data-symbol=USDJPY]');
    await desk.page.click('#chart [data-interval="1m"]');
    const candles = () => desk.page.getAttribute('#chart', 'data-candles');
    await eventually(async () => /^ready ([5-9]|\d\d)/.test(await candles()), async () => `history on the chart: ${await candles()}`);
  });

  await t.test('the monitor is killed and started again: lost is unmistakable, and every alert comes once', async () => {
    const { port } = monitor;
    await monitor.kill();
    await desk.page.waitForSelector('body[data-link=lost]');
    await desk.page.waitForSelector('#offline:not([hidden])');
    assert.ok((await desk.text('#offline')).trim().length > 10, 'it says what is wrong');
    await eventually(() => feed.listeners === 0, 'the feed without a monitor');

    monitor = await Monitor.start(t, { home, args, port });
    await eventually(() => feed.listeners > 0, 'the monitor at the feed again');
    const missed = await rise(160);  // before the page is back, or just after: both must do
    await desk.page.waitForSelector('body[data-link=live]', { timeout: 30_000 });
    await desk.page.waitForSelector('#offline', { state: 'hidden' });
    await onTape(missed);
    await onTape(await rise(161));
    const [tape, alerts] = [await desk.tape(), await monitor.alerts()];
    assert.equal(new Set(tape).size, tape.length, 'an alert stands twice');
    assert.deepEqual([...tape].sort(), alerts.map((alert) => `${alert.id} ${alert.event}`).sort(), 'tape and journal differ');
  });

  await t.test('a price that has stopped looks old, and new again', async () => {
    // The index is printed every five seconds; sixty times the same while the yen moves is no market.
    for (let i = 0; i < 61; ++i) feed.say('NI225', '55000.00', 5);
    feed.say('USDJPY', '161.030', 1);
    const card = desk.page.locator('#instruments .card[data-symbol=NI225]');
    const looks = () => card.evaluate((e) => getComputedStyle(e.querySelector('.price') ?? e).opacity + getComputedStyle(e.querySelector('.price') ?? e).color);
    await desk.sees('#instruments .card[data-symbol=NI225].stale[data-state=FROZEN]', 'the frozen price');
    const old = await looks();
    feed.say('NI225', '55001.00', 5);
    await desk.sees('#instruments .card[data-symbol=NI225]:not(.stale)', 'the price that moves again');
    await eventually(async () => await looks() !== old, 'another look');
  });

  await desk.behaved(assert);
});
