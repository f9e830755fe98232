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
// The market runs this many times faster than it did: Thursday's opening is reached in a minute and a half.
const MOMENT = { speed: '3000', level: '58000', limitMs: 180_000 };
const SHORT = { speed: '20000', level: '57000', limitMs: 30_000 };

const DESK = { viewport: { width: 1440, height: 900 } };
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

/** @param {{after: (done: () => unknown) => void}} scope @param {string} out @param {typeof MOMENT} moment */
async function photograph(scope, out, moment) {
  const monitor = await Monitor.start(scope, { home: scratch(scope), args: ['--demo', '--seed', SEED, '--speed', moment.speed] });
  const browser = await openBrowser(scope, ['--font-render-hinting=none']);
  const pages = await Promise.all(Object.entries(kPages).map(async ([name, options]) =>
    /** @type {const} */ ([name, await (await Desk.open(browser, monitor.url, { reducedMotion: 'reduce', timezoneId: 'Asia/Tokyo', ...options })).live()])));
  const terminals = Object.entries(kTerminals).map(([name, size]) =>
    /** @type {const} */ ([name, new Terminal(scope, { ...size, cwd: ROOT, command: [binary(), 'console', '--url', `${monitor.url.replace('http', 'ws')}/ws`] })]));

  const alert = await eventually(async () => {
    const { alerts } = await monitor.ask('/api/v1/alerts?limit=1000&rule=nikkei-milestone');
    return alerts.find((each) => each.level === moment.level && each.event === 'reached');
  }, `an alert at ${moment.level}`, moment.limitMs);
  const words = new RegExp(Number(moment.level).toLocaleString('en-US'));
  for (const [, terminal] of terminals) await terminal.says(words, 10_000);
  await Promise.all(pages.map(([, desk]) => desk.page.waitForSelector(`#tape li[data-seq="${alert.seq}"]`)));
  await Promise.all(pages.map(([name, desk]) => desk.page.screenshot({ path: join(out, `${name}.png`) })));
  for (const [name, terminal] of terminals) await terminal.photograph(browser, join(out, `${name}.png`), 'yagura console');
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
