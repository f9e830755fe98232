// The program under test: `yagura run` with its console on loopback and a state directory of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ROOT } from './packages.mjs';
import { eventually } from './wait.mjs';

/** $YAGURA_BIN, else the release build, else the dev build. */
export function binary() {
  const chosen = process.env.YAGURA_BIN;
  for (const path of chosen ? [resolve(chosen)] : [join(ROOT, 'build/release/yagura'), join(ROOT, 'build/dev/yagura')]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch { /* the next one */ }
  }
  throw new Error('no yagura binary: set YAGURA_BIN, or build build/release/yagura');
}

/** Nothing of the caller's own set-up. @param {string} home */
function environment(home) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(YAGURA_|XDG_|NO_COLOR)|_proxy$/i.test(name));
  return { ...Object.fromEntries(kept), HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
}

/** A directory that goes away with the test. @param {{after: (done: () => unknown) => void}} test */
export function scratch(test) {
  const directory = mkdtempSync(join(tmpdir(), 'yagura-browser-'));
  test.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** A child process whose output is kept, and which is killed at the latest at the end of the test. */
export class Program {
  out = '';
  err = '';

  /** @param {{after: (done: () => unknown) => void}} test @param {string[]} args @param {string} home */
  constructor(test, args, home) {
    this.args = args;
    this.child = spawn(binary(), args, { cwd: ROOT, env: environment(home), stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.setEncoding('utf8').on('data', (text) => { this.out += text; });
    this.child.stderr.setEncoding('utf8').on('data', (text) => { this.err += text; });
    this.ended = once(this.child, 'close');
    test.after(() => this.kill());
  }

  running() { return this.child.exitCode === null && this.child.signalCode === null; }

  /** @param {RegExp} pattern @param {'out' | 'err'} [where] */
  async says(pattern, where = 'err') {
    return eventually(() => {
      const found = pattern.exec(this[where]);
      if (!found && !this.running()) throw new Error(`ended with ${this.child.exitCode}`);
      return found;
    }, () => `${pattern} of yagura ${this.args.join(' ')}, which says:\n${this[where]}`, 20_000);
  }

  async kill() {
    if (this.running()) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end. */
  async stop() {
    if (this.running()) this.child.kill('SIGTERM');
    await this.ended;
    return this.child.exitCode;
  }
}

/** Runs to its end; its output. @param {{after: (done: () => unknown) => void}} test @param {string[]} args @param {string} home */
export async function run(test, args, home) {
  const program = new Program(test, args, home);
  await program.ended;
  if (program.child.exitCode !== 0) throw new Error(`yagura ${args.join(' ')}: ${program.child.exitCode}\n${program.err}`);
  return program.out;
}

export class Monitor extends Program {
  /** @type {string} */
  url = '';

  /**
   * @param {{after: (done: () => unknown) => void}} test
   * @param {{home: string, args?: string[], port?: number}} options  port: 0 for any
   */
  static async start(test, { home, args = [], port = 0 }) {
    const all = ['run', '--plain', '--console', `127.0.0.1:${port}`, '--state', join(home, 'state'), ...args];
    const monitor = new Monitor(test, all, home);
    monitor.url = (await monitor.says(/Console: (http:\/\/127\.0\.0\.1:\d+)\//))[1];
    return monitor;
  }

  get port() { return Number(new URL(this.url).port); }

  /** @param {string} path @param {{method?: string, body?: object}} [options] */
  async ask(path, { method = 'GET', body } = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  state() { return this.ask('/api/v1/state'); }

  /** Every alert so far, oldest first. */
  async alerts() {
    const all = [];
    for (let after = 0;;) {
      const { alerts } = await this.ask(`/api/v1/alerts?after=${after}&limit=1000`);
      if (alerts.length === 0) return all;
      all.push(...alerts);
      after = alerts.at(-1).seq;
    }
  }
}

const SHIPPED = readFileSync(join(ROOT, 'config/yagura.toml'), 'utf8');
export const RULES = /# ---- What to say[^]*?(?=# ---- How it runs)/.exec(SHIPPED)?.[0] ?? '';
const INSTRUMENTS = /\[instrument\.NI225\][^]*?(?=# Made of the two)/.exec(SHIPPED)?.[0] ?? '';

/** A rule that speaks of each of these levels every time. @param {string[]} levels as the configuration writes them */
export function levelRule(levels) {
  return `
[[rule]]
id = "my-levels"
kind = "level"
instrument = "USDJPY"
cooldown = "0s"
levels = [ ${levels.join(', ')} ]
`;
}

/** A configuration with the shipped instruments. @param {string} path @param {string} text */
export function configure(path, text) {
  writeFileSync(path, `${INSTRUMENTS}\n${text}`);
  return path;
}
