// Sound, flash and notifications: what the browser allows, what is asked of it, and a mute that shows itself. The
// browser's own classes are watched, not replaced.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Desk, openBrowser } from './support/desk.mjs';
import { Feed } from './support/feed.mjs';
import { Monitor, configure, levelRule, scratch } from './support/monitor.mjs';
import { eventually } from './support/wait.mjs';

const RULES = levelRule(Array.from({ length: 40 }, (_, i) => `{ price = "${150 + i}" }`));

/** Counts tones, notifications and flashes. */
function watchNoise() {
  const noise = { tones: 0, notifications: /** @type {string[]} */ ([]), asked: 0, flashes: 0, contexts: /** @type {AudioContext[]} */ ([]) };
  /** @type {any} */ (window).yaguraNoise = noise;
  for (const source of [OscillatorNode, AudioBufferSourceNode]) {
    const start = source.prototype.start;
    source.prototype.start = function (...when) {
      ++noise.tones;
      return start.apply(this, /** @type {any} */ (when));
    };
  }
  window.AudioContext = class extends AudioContext {
    /** @param {AudioContextOptions} [options] */
    constructor(options) {
      super(options);
      noise.contexts.push(this);
    }
  };
  const ask = Notification.requestPermission.bind(Notification);
  window.Notification = class extends Notification {
    /** @param {string} title @param {NotificationOptions} [options] */
    constructor(title, options) {
      super(title, options);
      noise.notifications.push(title);
    }
    static requestPermission() {
      ++noise.asked;
      return ask();
    }
  };
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => { if (document.body.dataset.flash) ++noise.flashes; }).observe(document.body, { attributeFilter: ['data-flash'] });
  });
}

test('noise', async (t) => {
  const home = scratch(t);
  const feed = await Feed.start(t);
  const monitor = await Monitor.start(t, { home, args: ['--config', configure(`${home}/noise.toml`, feed.configuration() + RULES)] });
  await eventually(() => feed.listeners > 0, 'the monitor at the feed');
  const browser = await openBrowser(t, ['--autoplay-policy=user-gesture-required']);
  let level = 149;
  feed.say('USDJPY', '149.900');

  const open = async (options = {}) => (await Desk.open(browser, monitor.url, { script: watchNoise, allowed: /AudioContext was not allowed/, ...options })).live();
  const noiseOf = (desk) => desk.page.evaluate(() => {
    const { tones, notifications, asked, flashes, contexts } = /** @type {any} */ (window).yaguraNoise;
    return { tones, notifications, asked, flashes, audible: contexts.some((/** @type {AudioContext} */ c) => c.state === 'running') };
  });
  /** The next level broken; until its alert is on the tape of `desk`. */
  const alarm = async (desk) => {
    ++level;
    feed.say('USDJPY', `${level}.020`, 60);
    const alert = await eventually(async () => (await monitor.alerts()).find((each) => each.level === String(level)), `the alert at ${level}`);
    await desk.sees(`#tape li[data-seq="${alert.seq}"]`);
    return alert;
  };

  await t.test('silent until a click, and it says so; then it sounds', async () => {
    const desk = await open({ settings: { lang: 'en', sound: 'low', flash: 'low' } });
    await desk.page.waitForSelector('#notify [data-action=start-sound]');
    await alarm(desk);
    assert.equal((await noiseOf(desk)).audible, false);
    assert.ok((await noiseOf(desk)).flashes > 0, 'it flashes all the same');
    await desk.page.click('#notify [data-action=start-sound]');
    await desk.page.waitForSelector('#notify [data-action=start-sound]', { state: 'hidden' });
    // Not more than a sound a second.
    await eventually(async () => {
      await alarm(desk);
      const now = await noiseOf(desk);
      return now.tones > 0 && now.audible;
    }, 'a tone');
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('muted: neither sound nor flash nor notification, and the mute shows', async () => {
    const desk = await open({ settings: { lang: 'en', sound: 'low', flash: 'low', desktop: 'low' }, permissions: ['notifications'] });
    await desk.page.click('#settings [data-setting=muted]');
    assert.equal(await desk.page.getAttribute('#settings [data-setting=muted]', 'aria-pressed'), 'true');
    assert.match(await desk.text('#settings [data-setting=muted]'), /MUTED/);
    const before = await noiseOf(desk);
    await alarm(desk);
    await alarm(desk);
    assert.deepEqual(await noiseOf(desk), before);
    await desk.page.keyboard.press('m');
    await eventually(async () => (await desk.page.getAttribute('#settings [data-setting=muted]', 'aria-pressed')) === 'false', 'm unmutes');
    await alarm(desk);
    await eventually(async () => (await noiseOf(desk)).tones > before.tones, 'a tone again');
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('notifications granted: shown with the alert\'s words', async () => {
    const desk = await open({ settings: { lang: 'en', desktop: 'low', sound: 'off' }, permissions: ['notifications'] });
    assert.equal((await noiseOf(desk)).asked, 0, 'a page that just opens asks for nothing');
    const alert = await alarm(desk);
    await eventually(async () => (await noiseOf(desk)).notifications.includes(alert.title), async () => `${alert.title}; ${JSON.stringify(await noiseOf(desk))}`);
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('notifications asked for by a choice, and refused: the page says so and goes on', async () => {
    const desk = await open({ settings: { lang: 'en', desktop: 'off', sound: 'off' } });
    await desk.page.click('#settings [data-action=settings]');
    await desk.page.selectOption('#settings [data-setting=desktop]', 'low');
    await desk.page.keyboard.press('Escape');
    // Chromium without a window answers the question itself: no.
    await eventually(async () => (await desk.page.evaluate(() => Notification.permission)) === 'denied', 'refused');
    assert.equal((await noiseOf(desk)).asked, 1, 'asked when they were chosen');
    await desk.page.waitForSelector('#notify .denied');
    await alarm(desk);
    assert.deepEqual((await noiseOf(desk)).notifications, []);
    await desk.behaved(assert);
    await desk.close();
  });
});
