// The pictures of both faces: the script takes them, and what the documentation shows is there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { binary, scratch } from './support/monitor.mjs';
import { ROOT } from './support/packages.mjs';

const NAMES = ['console-dark', 'console-ja', 'console-light', 'console-phone', 'terminal-80x24', 'terminal-dark'].map((name) => `${name}.png`);
const SIZES = { 'console-dark.png': [1360, 850], 'console-phone.png': [750, 1624] };

/** Width and height of a PNG. @param {Buffer} png */
const sizeOf = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];

test('the script photographs both faces', async (t) => {
  const out = scratch(t);
  await promisify(execFile)(join(ROOT, 'docs/make-screenshots'), ['--short', '--out', out, binary()], { timeout: 100_000 });
  assert.deepEqual(readdirSync(out).sort(), NAMES);
  for (const name of NAMES) {
    const png = readFileSync(join(out, name));
    assert.ok(png.length > 8000 && png.length < 600_000, `${name}: ${png.length} bytes`);
    if (name in SIZES) assert.deepEqual(sizeOf(png), SIZES[name], name);
  }
});

test('pictures that the documentation shows are there, and all that are there are shown', () => {
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  const shown = new Set(pages.flatMap((page) => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/pictures\/([\w-]+\.png)/g)].map((found) => found[1])));
  const there = readdirSync(join(ROOT, 'docs/pictures')).filter((name) => name.endsWith('.png'));
  assert.deepEqual([...shown].sort(), there.sort());
  for (const name of there) assert.ok(NAMES.includes(name), `docs/make-screenshots makes no ${name}`);
});
