// make.mjs [--short] --out DIR: photographs both faces of the demo at one moment. docs/make-screenshots calls it.

import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Desk, openBrowser } from '../support/desk.mjs';
import { Monitor, binary, scratch } from '../support/monitor.mjs';
import { ROOT } from '../support/packages.mjs';
import { eventually } from '../support/wait.mjs';
import { Terminal } from './screens.mjs';

const SEED = '20260209';
// The market runs this many times faster than it did: Thursday's opening is reached in four minutes and a half, and the
// seconds that the pages take to open are an hour.
const MOMENT = { speed: '1000', level: '58000', limitMs: 400_000 };
const SHORT = { speed: '20000', level: '57000', limitMs: 30_000 };

const DESK = { viewport: { width: 1360, height: 850 } };
const ATTEMPTS = 4;
const PHONE = { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const kPages = {
  'console-dark': { ...DESK, settings: { theme: 'dark', lang: 'en' } },
  'console-light': { ...DESK, settings: { theme: 'light', lang: 'en' } },
  'console-ja': { ...DESK, settings: { theme: 'light', lang: 'ja', colours: 'red-up' } },
  'console-phone': { ...PHONE, settings: { theme: 'dark', lang: 'en' } },
};
const kTerminals = {
  'terminal-dark': { columns: 120, rows: 36 },
  'terminal-80x24': { columns: 80, rows: 24 },
};

/** Opens the page when it has something to show: `alert` on the tape, history on the chart. */
async function openPage(browser, monitor, alert, options) {
  const looks = { reducedMotion: /** @type {const} */ ('reduce'), timezoneId: 'Asia/Tokyo', ...options };
  const desk = await (await Desk.open(browser, monitor.url, looks)).live();
  await desk.page.click('h1');  // after a click the browser lets it sound, and the page need not ask
  await desk.page.waitForSelector(`#tape li[data-seq="${alert.seq}"]`, { state: 'attached' });
  await eventually(async () => /^ready \d\d/.test(await desk.page.getAttribute('#chart', 'data-candles') ?? ''), 'candles on the chart');
  return desk;
}

/** Photographs all at one moment of the market: the monitor stands still meanwhile, but not long enough to be missed. */
async function shoot(monitor, pages, terminals, out) {
  for (let attempt = 1;; ++attempt) {
    monitor.child.kill('SIGSTOP');
    const screens = terminals.map(([, terminal]) => terminal.capture());
    await Promise.all(pages.map(([name, desk]) => desk.page.screenshot({ path: join(out, `${name}.png`) })));
    const links = await Promise.all(pages.map(([, desk]) => desk.page.getAttribute('body', 'data-link')));
    monitor.child.kill('SIGCONT');
    if (links.every((link) => link === 'live')) return screens;
    if (attempt === ATTEMPTS) throw new Error('this machine is too busy to photograph four pages within five seconds');
    await Promise.all(pages.map(([, desk]) => desk.live()));
  }
}

/** @param {{after: (done: () => unknown) => void}} scope @param {string} out @param {typeof MOMENT} moment */
async function photograph(scope, out, moment) {
  const monitor = await Monitor.start(scope, { home: scratch(scope), args: ['--demo', '--seed', SEED, '--speed', moment.speed] });
  const browser = await openBrowser(scope, ['--font-render-hinting=none']);
  const terminals = Object.entries(kTerminals).map(([name, size]) => /** @type {const} */ ([name,
    new Terminal(scope, { ...size, cwd: ROOT, command: [binary(), 'console', '--lang', 'en', '--url', `${monitor.url.replace('http', 'ws')}/ws`] })]));

  const alert = await eventually(async () => {
    const { alerts } = await monitor.ask('/api/v1/alerts?limit=1000&rule=nikkei-milestone');
    return alerts.find((each) => each.level === moment.level && each.event === 'reached');
  }, `an alert at ${moment.level}`, moment.limitMs);
  const pages = await Promise.all(Object.entries(kPages).map(async ([name, options]) =>
    /** @type {const} */ ([name, await openPage(browser, monitor, alert, options)])));
  for (const [, terminal] of terminals) await terminal.says(/Nikkei 225/, 10_000);

  const screens = await shoot(monitor, pages, terminals, out);
  for (const [i, [name, terminal]] of terminals.entries()) await terminal.photograph(browser, screens[i], join(out, `${name}.png`), 'yagura console');
  const faults = pages.flatMap(([name, desk]) => desk.faults.map((fault) => `${name}: ${fault}`));
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

const { values } = parseArgs({ options: { short: { type: 'boolean' }, out: { type: 'string' } } });
const out = resolve(values.out ?? join(ROOT, 'docs/pictures'));
mkdirSync(out, { recursive: true });
/** @type {(() => unknown)[]} */
const undo = [];
try {
  await photograph({ after: (done) => undo.unshift(done) }, out, values.short ? SHORT : MOMENT);
} finally {
  for (const done of undo) await done();
}
for (const name of [...Object.keys(kPages), ...Object.keys(kTerminals)]) {
  const path = join(out, `${name}.png`);
  console.log(`${path}  ${Math.round(statSync(path).size / 1000)} kB`);
}
