// A person at the desk: Chromium with the page open, and what a page must never do written down.

import { chromium } from './packages.mjs';
import { eventually } from './wait.mjs';

const CHROMIUM = process.env.YAGURA_CHROMIUM ?? '/usr/bin/chromium';

/** One Chromium for the tests of a file. @param {{after: (done: () => unknown) => void}} test @param {string[]} [args] */
export async function openBrowser(test, args = []) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium().launch({ executablePath: CHROMIUM, args: [...sandbox, '--disable-dev-shm-usage', ...args] });
  test.after(() => browser.close());
  return browser;
}

/**
 * @typedef {{viewport?: {width: number, height: number}, colorScheme?: 'light' | 'dark', reducedMotion?: 'reduce' | 'no-preference',
 *   locale?: string, permissions?: string[], settings?: Record<string, unknown>, script?: (() => void) | {content: string},
 *   timezoneId?: string, deviceScaleFactor?: number, allowed?: RegExp}} DeskOptions
 *   settings: as the page keeps them; script: run in every document before its own; allowed: words the console may say
 */
export class Desk {
  /** What went wrong in the page: errors, refused policy, requests to elsewhere. @type {string[]} */
  faults = [];
  /** Every request. @type {string[]} */
  requests = [];

  /** @param {any} browser @param {string} url @param {DeskOptions} [options] */
  static async open(browser, url, options = {}) {
    const desk = new Desk();
    const { settings, script, permissions = [], allowed, ...looks } = options;
    desk.allowed = allowed;
    desk.context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...looks });
    desk.context.setDefaultTimeout(15_000);
    if (permissions.length > 0) await desk.context.grantPermissions(permissions, { origin: url });
    await desk.context.exposeFunction('yaguraRefused', (/** @type {string} */ what) => desk.faults.push(`policy: ${what}`));
    await desk.context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        /** @type {any} */ (window).yaguraRefused(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    if (settings) {
      await desk.context.addInitScript((/** @type {string} */ stored) => {
        if (!localStorage.getItem('yagura.settings')) localStorage.setItem('yagura.settings', stored);
      }, JSON.stringify(settings));
    }
    if (script) await desk.context.addInitScript(script);
    desk.url = url;
    desk.page = await desk.#newPage();
    return desk;
  }

  async #newPage() {
    const page = await this.context.newPage();
    page.on('console', (/** @type {any} */ message) => {
      if (['error', 'warning'].includes(message.type()) && !this.allowed?.test(message.text())) this.faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (/** @type {Error} */ error) => this.faults.push(`exception: ${error.stack}`));
    this.context.on('request', (/** @type {any} */ request) => {
      this.requests.push(request.url());
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(this.url).origin) {
        this.faults.push(`request to elsewhere: ${request.url()}`);
      }
    });
    await page.goto(this.url);
    return page;
  }

  /** Until the page hears the monitor. */
  async live() {
    try {
      await this.page.waitForSelector('body[data-link=live]', { state: 'attached' });
    } catch (error) {
      throw new Error(`the page hears no monitor: ${this.faults.join('\n') || error.message}`);
    }
    return this;
  }

  /** @param {string} selector */
  text(selector) { return this.page.locator(selector).first().textContent(); }

  /** @param {string} selector @param {string} [what] @param {number} [limitMs] */
  sees(selector, what = selector, limitMs = 10_000) {
    return eventually(async () => (await this.page.locator(selector).count()) > 0 || null, () => `${what} on the page`, limitMs);
  }

  /** The ids on the tape, top to bottom. @returns {Promise<string[]>} */
  tape() {
    return this.page.$$eval('#tape li[data-seq]', (/** @type {HTMLElement[]} */ rows) => rows.map((row) => `${row.dataset.id} ${row.dataset.event}`));
  }

  /** Fails when the page did what it must not. @param {typeof import('node:assert/strict')} assert */
  async behaved(assert) {
    assert.deepEqual(this.faults, [], 'the page misbehaved');
  }

  async close() { await this.context.close(); }
}
