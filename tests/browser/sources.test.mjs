// What can be said of the page's sources without opening it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { PACKAGES, ROOT, packaged } from './support/packages.mjs';

const WEB = join(ROOT, 'console/web');

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const files = filesBelow(WEB);
const own = files.filter((path) => /\.(js|css|html)$/.test(path) && !path.includes('/vendor/'));
const texts = new Map(own.map((path) => [relative(WEB, path), readFileSync(path, 'utf8')]));

test('types hold: tsc --strict over the JSDoc', async () => {
  const project = join(PACKAGES, 'page.tsconfig.json');
  writeFileSync(project, JSON.stringify({
    extends: join(ROOT, 'tests/browser/tsconfig.json'),
    compilerOptions: { paths: { 'lightweight-charts': [packaged('lightweight-charts/dist/typings.d.ts')], 'fancy-canvas': [packaged('fancy-canvas')] } },
    files: files.filter((path) => path.includes('/js/')),
  }));
  const complaints = await promisify(execFile)(process.execPath, [packaged('typescript/bin/tsc'), '-p', project, '--pretty', 'false'])
    .then(() => '', (failed) => failed.stdout || failed.message);
  if (complaints) assert.fail(complaints);
});

test('the charts library is the one of the lock file, byte for byte', () => {
  for (const [ours, theirs] of [['lightweight-charts.js', 'dist/lightweight-charts.standalone.production.mjs'], ['lightweight-charts.LICENSE', 'LICENSE']]) {
    assert.ok(readFileSync(join(WEB, 'vendor', ours)).equals(readFileSync(packaged(`lightweight-charts/${theirs}`))), ours);
  }
});

test('nothing is fetched from elsewhere', () => {
  // A link that a reader may click; the names of XML are no addresses.
  const allowed = /^https:\/\/(www\.)?tradingview\.com\/|^http:\/\/www\.w3\.org\//;
  for (const [name, text] of texts) {
    for (const [address] of text.matchAll(/(?:\b(?:https?|wss?):)?\/\/[\w-]+\.[\w.-]+[^\s'"`)]*/g)) assert.match(address, allowed, name);
  }
});

test('the policy has nothing to refuse: no inline script or style, no eval, no HTML out of strings', () => {
  const refused = /<style|\sstyle=|\son\w+="|<script(?![^>]*\bsrc=)|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|setAttribute\('(style|on)/;
  for (const [name, text] of texts) assert.doesNotMatch(text.replace(/\/\/.*|<!--[^]*?-->/g, ''), refused, name);
});

test('every file is embedded, and every import is there', () => {
  const listed = new Set([...readFileSync(join(ROOT, 'console/CMakeLists.txt'), 'utf8').matchAll(/^ {2}((?:css|js|vendor)\/\S+?|\w+\.html)\)?$/gm)].map((m) => m[1]));
  const served = files.map((path) => relative(WEB, path)).filter((path) => /^(css|js)\/|\.html$|^vendor\/.*\.js$/.test(path));
  assert.deepEqual([...listed].sort(), served.sort());
});
