// The page with the demo moving: languages, looks, keyboard, a phone, and what tools for accessibility find.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync } from 'node:fs';

import { Desk, openBrowser } from './support/desk.mjs';
import { boxesOf, groundLuminance, tooWide, visibleWords, watchShifts } from './support/look.mjs';
import { Monitor, scratch } from './support/monitor.mjs';
import { packaged } from './support/packages.mjs';
import { eventually } from './support/wait.mjs';

const PANELS = ['#session-clock', '#instruments', '#chart', '#distances', '#tape', '#pair', '#feeds', '#latency', '#settings'];
const STILL = ['#top', '#instruments', '#chart', '#distances', '#tape', '#pair', '#feeds', 'footer'];
// Names, units and codes that are the same in both languages, and the notes of the shipped configuration.
const SAME_WORDS = /\b(intervention zone( of 2022)?|Yagura|Charts by TradingView|TradingView|NI225|USDJPY|USD|JPY|JST|UTC|GMT|EDT|EST|NY|English|Nikkei 225|API|ms|min|sec|pips?|Esc(ape)?|Enter|Space|Tab|Shift|Ctrl|Home|End|Delete|Page(Up|Down)|p50|p99|max|ok|demo|native|ws:\/\/\S+|OHLC|FX|TSE|ATR|rule|σ|ρ|β|z)\b/g;

test('the page', async (t) => {
  const monitor = await Monitor.start(t, { home: scratch(t), args: ['--demo', '--speed', '20000'] });
  const browser = await openBrowser(t);
  await eventually(async () => (await monitor.state()).alerts.last_seq >= 10, 'the demo under way', 30_000);
  const open = async (options = {}, { url } = monitor) => {
    const desk = await (await Desk.open(browser, url, { ...options, settings: { lang: 'en', ...options.settings } })).live();
    await desk.page.waitForSelector('#tape li[data-seq]');
    return desk;
  };
  /** Chooses in the settings as a person would. */
  const set = async (desk, name, value) => {
    await desk.page.click('#settings [data-action=settings]');
    await desk.page.selectOption(`#settings [data-setting=${name}]`, value);
    await desk.page.keyboard.press('Escape');
    await desk.page.waitForSelector('#settings dialog', { state: 'hidden' });
  };

  await t.test('opens with everything on it, and jumps about nowhere', async () => {
    const lively = await Monitor.start(t, { home: scratch(t), args: ['--demo', '--speed', '5000'] });  // four days in a minute
    await eventually(async () => (await lively.state()).alerts.last_seq >= 3, 'the demo under way', 30_000);
    const desk = await open({ script: watchShifts }, lively);
    for (const panel of PANELS) assert.ok((await desk.text(panel)).trim().length > 3, `${panel} is empty`);
    assert.ok(await desk.page.locator('#chart canvas').count() > 0, 'a chart');
    assert.ok(await desk.page.locator('#distances tr[data-kind]').count() >= 3, 'distances');
    assert.ok(desk.requests.length > 10);
    const settled = await desk.page.evaluate(boxesOf, STILL);
    await desk.page.evaluate(() => { /** @type {any} */ (window).yaguraShift = 0; });
    const before = (await lively.state()).alerts.last_seq;
    await eventually(async () => (await lively.state()).alerts.last_seq >= before + 10, 'more alerts', 30_000);
    assert.deepEqual(await desk.page.evaluate(boxesOf, STILL), settled, 'panels moved');
    const shift = await desk.page.evaluate(() => /** @type {any} */ (window).yaguraShift);
    t.diagnostic(`layout shift outside of the tape while ten alerts came: ${shift.toFixed(4)}`);
    assert.ok(shift < 0.02, `things jump: ${shift}`);
    await desk.behaved(assert);
    await desk.close();
    await lively.stop();
  });

  await t.test('speaks English or Japanese, all of it', async () => {
    const desk = await open();
    const english = await desk.page.evaluate(visibleWords);
    assert.deepEqual(english.filter((text) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text) && !/^(櫓|日本語)$/.test(text)), [], 'Japanese on the English page');
    await set(desk, 'lang', 'ja');
    await eventually(async () => (await desk.page.getAttribute('html', 'lang')) === 'ja', 'Japanese');
    await eventually(async () => {
      const left = (await desk.page.evaluate(visibleWords)).filter((text) => /[a-z]{3}/i.test(text.replace(SAME_WORDS, '').replace(/[a-z0-9]+([-_.:][a-z0-9]+)+/gi, '')));
      if (left.length > 0) throw new Error(`still English: ${left.join(' | ')}`);
      return true;
    }, 'every word in Japanese', 4000);
    assert.deepEqual(await desk.page.evaluate(() => import('/js/words.js').then((words) => words.untranslated())), []);
    await desk.page.reload();
    assert.equal(await desk.page.getAttribute('html', 'lang'), 'ja', 'a choice is kept');
    await desk.live();
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('is dark or light, as chosen or as the system is', async () => {
    const desk = await open({ colorScheme: 'dark' });
    const ground = () => desk.page.evaluate(groundLuminance);
    assert.ok(await ground() < 0.2, 'auto on a dark system');
    await set(desk, 'theme', 'light');
    await eventually(async () => await ground() > 0.8, 'a light page');
    await set(desk, 'theme', 'dark');
    await eventually(async () => await ground() < 0.2, 'a dark page');
    await set(desk, 'theme', 'auto');
    await desk.page.emulateMedia({ colorScheme: 'light' });
    await eventually(async () => await ground() > 0.8, 'auto on a light system');
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('shows what rises in green, in red as in Japan, or in blue', async () => {
    const desk = await open({ settings: { theme: 'light' } });
    const colour = async () => {
      const [r, g, b] = await desk.page.evaluate(() => {
        const probe = document.querySelector('.up') ?? document.querySelector('#tape');
        const wanted = getComputedStyle(/** @type {Element} */ (probe)).getPropertyValue('--up');
        const dot = document.createElement('i');
        document.body.append(dot);
        dot.style.color = wanted;
        const seen = getComputedStyle(dot).color;
        dot.remove();
        return (seen.match(/\d+/g) ?? []).map(Number);
      });
      return r > g && r > b ? 'red' : g > b ? 'green' : 'blue';
    };
    assert.equal(await colour(), 'green');
    await set(desk, 'colours', 'red-up');
    await eventually(async () => await colour() === 'red', 'red');
    await set(desk, 'colours', 'blue-up');
    await eventually(async () => await colour() === 'blue', 'blue');
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('fits a phone', async () => {
    const desk = await open({ viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
    for (const lang of ['en', 'ja']) {
      await desk.page.evaluate((stored) => localStorage.setItem('yagura.settings', JSON.stringify({ lang: stored })), lang);
      await desk.page.reload();
      await desk.page.waitForSelector('#tape li[data-seq]');
      assert.equal(await desk.page.evaluate(() => document.documentElement.scrollWidth), 375, `${lang}: scrolls sideways: ${await desk.page.evaluate(tooWide)}`);
      assert.deepEqual(await desk.page.evaluate(tooWide), []);
      const row = desk.page.locator('#tape li[data-seq]').first();
      await row.scrollIntoViewIfNeeded();
      const box = await row.boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 375 && box.width > 280, JSON.stringify(box));
      const title = await row.locator('.open').evaluate((e) => ({ size: parseFloat(getComputedStyle(e).fontSize), cut: e.scrollWidth > e.clientWidth + 1 }));
      assert.ok(title.size >= 13 && !title.cut, JSON.stringify(title));
    }
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('needs no mouse', async () => {
    const desk = await open();
    const { keyboard } = desk.page;
    const focused = () => desk.page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const box = e.getBoundingClientRect();
      return { what: `${e.tagName}#${e.id}.${e.className} ${e.getAttribute('aria-label') ?? e.textContent?.slice(0, 20)}`, panel: e.closest('header, section, footer, aside')?.id ?? '', seen: box.width > 0 && box.height > 0 };
    });
    const panels = [];
    for (let i = 0; i < 120; ++i) {
      await keyboard.press('Tab');
      const now = await focused();
      if (!now) break;
      assert.ok(now.seen, `the focus is on something that is not shown: ${now.what}`);
      if (panels.at(-1) !== now.panel) panels.push(now.panel);
    }
    for (const panel of ['settings', 'instruments', 'chart', 'tape']) {
      assert.ok(panels.includes(panel) || panel === 'settings' && panels.includes('top'), `Tab reaches ${panel}: ${panels}`);
    }

    await desk.page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
    await keyboard.press('?');
    await desk.page.waitForSelector('#keys dialog[open]');
    await keyboard.press('Escape');
    await desk.page.waitForSelector('#keys dialog', { state: 'hidden' });

    const at = () => desk.page.evaluate(() => document.activeElement?.closest('#tape li')?.getAttribute('data-seq')
      ?? document.querySelector('#tape li[aria-current], #tape li.chosen, #tape li[aria-selected=true]')?.getAttribute('data-seq'));
    await keyboard.press('j');
    const first = await eventually(at, 'j on an alert');
    await keyboard.press('j');
    const second = await eventually(async () => (await at()) !== first && at(), 'j on the next one');
    await keyboard.press('k');
    await eventually(async () => (await at()) === first, 'k back');
    await keyboard.press('a');
    await desk.sees(`#tape li[data-seq="${first}"] [data-action=unack]`, 'acknowledged with a');
    assert.notEqual(first, second);
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('moves nothing where motion is unwanted', async () => {
    const desk = await open({ reducedMotion: 'reduce' });
    assert.deepEqual(await desk.page.evaluate(() => document.getAnimations().map((a) => /** @type {any} */ (a).animationName ?? a.id)), []);
    await desk.behaved(assert);
    await desk.close();
  });

  await t.test('has nothing that axe calls serious', async () => {
    const axe = { content: readFileSync(packaged('axe-core/axe.min.js'), 'utf8') };
    const found = [];
    for (const theme of ['light', 'dark']) {
      for (const lang of ['en', 'ja']) {
        const desk = await open({ settings: { theme, lang }, script: axe });
        const { violations } = await desk.page.evaluate(() => /** @type {any} */ (window).axe.run({ resultTypes: ['violations'] }));
        for (const { id, impact, nodes } of violations) {
          if (!['serious', 'critical'].includes(impact)) continue;
          found.push(`${theme} ${lang}: ${impact} ${id}: ${nodes.slice(0, 3).map((n) => `${n.target} (${n.failureSummary.split('\n')[1]?.trim()})`).join('; ')}`);
        }
        await desk.close();
      }
    }
    assert.deepEqual(found, []);
  });
});
