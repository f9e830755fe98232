// What a person does on the page, and whether the monitor, another page and the market know of it. Prices come from a
// feed that the test speaks for.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Desk, openBrowser } from './support/desk.mjs';
import { Feed } from './support/feed.mjs';
import { Monitor, configure, levelRule, scratch } from './support/monitor.mjs';
import { eventually } from './support/wait.mjs';

const MARKUP = '<img src=x onerror=window.evil=1><b>"note" & more';
const CONTROLS = '\u001b[31mred\u0007 \u202eevil\u202c \u009b2J \r\nend';
const RULES = `${levelRule(['{ price = "157.5" }', '{ price = "158.5", note = "zone <script>window.evil=1</script>" }'])}
[[sink]]
name = "mail"
kind = "file"
path = "%"
`;

test('people', async (t) => {
  const home = scratch(t);
  const feed = await Feed.start(t);
  const config = configure(`${home}/people.toml`, feed.configuration('desk <i>feed</i>') + RULES.replace('%', `${home}/sink.jsonl`));
  const monitor = await Monitor.start(t, { home, args: ['--config', config] });
  await eventually(() => feed.listeners > 0, 'the monitor at the feed');
  const browser = await openBrowser(t);
  const settings = { lang: 'en' };
  const here = await (await Desk.open(browser, monitor.url, { settings })).live();
  const there = await (await Desk.open(browser, monitor.url, { settings })).live();

  /** Crosses a price upwards; the alert that comes of it. */
  const cross = async (level) => {
    const before = (await monitor.state()).alerts.last_seq;
    for (const price of [level - 0.05, level + 0.02]) feed.say('USDJPY', price.toFixed(3), 60);
    return eventually(async () => (await monitor.alerts()).find((alert) => alert.seq > before && alert.event === 'reached' && Number(alert.level) === level),
      `an alert at ${level}`);
  };
  const row = (alert) => `#tape li[data-id="${alert.id}"][data-event="${alert.event}"]`;

  await t.test('acknowledged here, stored by the monitor, seen there', async () => {
    const alert = await cross(157.5);
    await here.page.click(`${row(alert)} [data-action=ack]`);
    await here.sees(`${row(alert)} [data-action=unack]`);
    await there.sees(`${row(alert)} [data-action=unack]`, 'the acknowledgement on the other page');
    const { acks } = await monitor.ask('/api/v1/alerts');
    assert.ok(acks[alert.id], 'the monitor knows');
    await there.page.click(`${row(alert)} [data-action=unack]`);
    await here.sees(`${row(alert)} [data-action=ack]`, 'taken back there, seen here');
    assert.deepEqual((await monitor.ask('/api/v1/alerts')).acks, {});
    await here.page.click(`${row(alert)} [data-action=ack]`);
    await here.sees(`${row(alert)} [data-action=unack]`);
    const fresh = await (await Desk.open(browser, monitor.url, { settings })).live();
    await fresh.sees(`${row(alert)} [data-action=unack]`, 'a page that opens later knows of it');
    await fresh.close();
  });

  await t.test('silenced with a reason that is text, and the next alert is held', async () => {
    const [alert] = await monitor.alerts();
    await here.page.click(`${row(alert)} [data-action=silence]`);
    await here.page.fill('dialog[open] input[name=reason]', MARKUP);
    await here.page.click('dialog[open] button[type=submit]');
    await eventually(async () => (await here.page.locator('dialog[open]').count()) === 0, async () => `the dialog closed; it says ${await here.text('dialog[open]')}`);
    const { silences } = await monitor.ask('/api/v1/silences');
    assert.equal(silences.length, 1);
    assert.equal(silences[0].rule, 'my-levels');
    assert.ok(silences[0].reason.startsWith('<img'), silences[0].reason);
    const held = await cross(158.5);
    for (const desk of [here, there]) {
      await desk.sees(`${row(held)}.held`, 'the held alert');
      assert.equal(await desk.page.evaluate(() => 'evil' in window), false, 'markup of a note ran');
    }
    assert.equal(await here.page.locator('img[src=x], #tape script, #tape b').count(), 0, 'markup became elements');
    for (const { id } of silences) await monitor.ask(`/api/v1/silences/${id}`, { method: 'DELETE', body: {} });
  });

  await t.test('a level dragged on the chart fires where it was dropped', async () => {
    await here.page.click('#instruments .card[data-symbol=USDJPY]');
    await eventually(async () => (await here.page.getAttribute('#chart', 'data-symbol')) === 'USDJPY', 'the yen on the chart');
    await here.page.click('#chart [data-interval="1m"]');
    await here.page.click('#chart [data-action=add-level]');
    await here.page.fill('#chart input[name=price]', '158.60');
    await here.page.fill('#chart input[name=note]', MARKUP.slice(0, 50));
    await here.page.click('#chart [data-action=put-level]');
    const grip = here.page.locator('#chart .grip[data-level="158.6"], #chart .grip[data-level="158.60"]');
    await grip.waitFor();
    await there.page.click('#instruments .card[data-symbol=USDJPY]');
    await there.sees('#chart .grip', 'the level on the other page');

    const box = await grip.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await here.page.mouse.move(x, y);
    await here.page.mouse.down();
    for (const dy of [4, 9, 14, 20]) await here.page.mouse.move(x, y - dy);
    await here.page.mouse.up();
    const moved = await eventually(async () => {
      const { levels } = await monitor.ask('/api/v1/levels');
      const mine = levels.filter((level) => !level.configured && Number(level.price) !== 158.6);
      return mine.length === 1 && mine[0];
    }, async () => `the moved level; there are ${JSON.stringify(await monitor.ask('/api/v1/levels'))}`);
    assert.ok(Number(moved.price) > 158.6, moved.price);
    assert.ok(moved.note.startsWith('<img'), 'the note went with it');
    assert.match(moved.price, /^\d+(\.\d{1,3})?$/, 'on the grid of ticks');

    const alert = await cross(Number(moved.price));
    assert.equal(Number(alert.level), Number(moved.price));
    await here.sees(row(alert), 'its alert on the tape');
    await eventually(async () => (await here.page.getAttribute('#chart', 'data-last-marker'))?.startsWith(`${alert.seq} `), 'its mark on the chart');
    assert.equal(await here.page.evaluate(() => 'evil' in window), false);
    assert.equal(await here.page.locator('img[src=x]').count(), 0);
  });

  await t.test('the evidence of an alert, and the ticks around it', async () => {
    const [alert] = await monitor.alerts();
    await here.page.click(`${row(alert)} .open`);
    await here.page.waitForSelector('#alert-detail:not([hidden])');
    const words = await here.text('#alert-detail');
    for (const said of [alert.title, 'Levels crossed', '157.500', 'my-levels', '±60 s']) assert.ok(words.includes(said), `${said}: ${words}`);
    await eventually(async () => /^3 ticks between 09:01:00 and 09:03:00/.test(await here.page.getAttribute('#alert-detail canvas', 'aria-label') ?? ''),
      async () => `the three ticks; it says ${await here.page.getAttribute('#alert-detail canvas', 'aria-label')}`);
    await here.page.keyboard.press('Escape');
    await here.page.waitForSelector('#alert-detail', { state: 'hidden' });
  });

  await t.test('what a vendor says is text: no markup, no control characters, nothing that turns text around', async () => {
    feed.send(JSON.stringify({ type: 'error', message: `${MARKUP} ${CONTROLS}` }));
    await eventually(async () => (await here.text('#feeds')).includes('<img src=x'), async () => `the vendor's words; it says ${await here.text('#feeds')}`);
    for (const desk of [here, there]) {
      const shown = await desk.page.evaluate(() => document.body.innerText);
      assert.doesNotMatch(shown, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/, 'a control character reached the page');
      assert.ok(shown.includes('desk <i>feed</i>'), 'the name of the feed as it is');
      assert.equal(await desk.page.locator('img[src=x], #feeds i, #feeds b').count(), 0, 'markup became elements');
      assert.equal(await desk.page.evaluate(() => 'evil' in window), false);
    }
  });

  for (const desk of [here, there]) await desk.behaved(assert);
});
