// Everything the page says is said in both languages.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { addWords, said, t, untranslated } from '../../../console/web/js/words.js';

const web = new URL('../../../console/web/', import.meta.url);
const names = readdirSync(new URL('js/', web)).filter((name) => !['main.js', 'login.js'].includes(name));  // these run at once
for (const name of names) await import(new URL(`js/${name}`, web));

test('what one language has the other has too', () => assert.deepEqual(untranslated(), []));

test('whatever is asked for is there', () => {
  const missing = [];
  for (const name of [...names.filter((name) => name !== 'words.js').map((name) => `js/${name}`), 'index.html']) {
    const text = readFileSync(new URL(name, web), 'utf8');
    for (const [, key] of text.matchAll(/(?:\bt\('|data-t(?:-label|-title)?="|'data-t(?:-label|-title)?': ')([\w.-]+)['"]/g)) {
      if (!said(key)) missing.push(`${name}: ${key}`);
    }
  }
  assert.deepEqual(missing, []);
});

test('values are put in, and what has none stays', () => {
  addWords({ en: { 'test.words': '{n} of {all}' }, ja: { 'test.words': '{all}件中{n}件' } });
  assert.equal(t('test.words', { n: 1, all: 2 }), '1 of 2');
  assert.equal(t('test.words', { n: '$& {all}' }), '$& {all} of {all}');
  assert.equal(t('no.such.key'), 'no.such.key');
});
