// Screens of the terminal face: a program in a real tmux, and its screen as a picture.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../support/wait.mjs';
import { terminalPage } from './ansi.mjs';

/** A tmux of its own with one window of the given size in which `command` runs; gone with the test. */
export class Terminal {
  /** @param {{after: (done: () => unknown) => void}} test @param {{command: string[], columns: number, rows: number, cwd: string, env?: Record<string, string>}} options */
  constructor(test, { command, columns, rows, cwd, env = {} }) {
    this.size = { columns, rows };
    const folder = mkdtempSync(join(tmpdir(), 'yagura-tmux-'));  // not /tmp/tmux-UID, which others clean
    this.socket = join(folder, 'socket');
    test.after(() => {
      try { this.tmux('kill-server'); } catch { /* ended with its program */ }
      rmSync(folder, { recursive: true, force: true });
    });
    const set = Object.entries({ COLORTERM: 'truecolor', LC_ALL: 'C.UTF-8', ...env }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    // Without tmux's own line the program has all rows; what it said last stays to be read when it ends.
    this.tmux('start-server', ';', 'set', '-g', 'status', 'off', ';', 'set', '-g', 'remain-on-exit', 'on', ';',
      'set', '-g', 'default-terminal', 'tmux-256color', ';', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', cwd, ...set, ...command);
  }

  /** @param {string[]} words */
  tmux(...words) {
    // -u: UTF-8 whatever the locale says; no settings of the user's.
    return execFileSync('tmux', ['-u', '-S', this.socket, '-f', '/dev/null', ...words], { encoding: 'utf8', stdio: 'pipe', env: { ...process.env, LC_ALL: 'C.UTF-8', TMUX: '' } });
  }

  text() { return this.tmux('capture-pane', '-p'); }

  /** @param {RegExp} pattern @param {number} limitMs */
  async says(pattern, limitMs) {
    return eventually(() => pattern.exec(this.text()), () => `${pattern} on the screen, which says:\n${this.text()}`, limitMs);
  }

  /** @param {string[]} keys as tmux names them */
  press(...keys) { this.tmux('send-keys', ...keys); }

  /** The screen with its colours, to its last column. */
  capture() { return this.tmux('capture-pane', '-e', '-N', '-p'); }

  /** Photographs a captured screen. @param {any} browser @param {string} screen @param {string} path @param {string} title */
  async photograph(browser, screen, path, title) {
    const page = await browser.newPage({ deviceScaleFactor: 1 });
    await page.setContent(terminalPage(screen, { ...this.size, title }));
    await page.evaluate(() => document.fonts.ready);
    await page.locator('#window').screenshot({ path });
    await page.close();
  }
}
