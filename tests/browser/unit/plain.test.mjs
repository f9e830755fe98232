// Text from outside cannot command the page or turn its neighbours around.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parsed, plain } from '../../../console/web/js/plain.js';

test('control characters and marks of direction go, everything else stays', () => {
  assert.equal(plain('a\u001b[31mb\u009b2J\u0000\u007f'), 'a[31mb2J');
  assert.equal(plain('157\u202e50\u202c \u2066x\u2069'), '15750 x');
  for (const kept of ['日経平均 ▲', 'two\nlines\tand a tab', '<b>&amp;', 'é 🗻']) assert.equal(plain(kept), kept);
});

test('every string of a message is plain, numbers are as they were', () => {
  assert.deepEqual(parsed('{"note":"\\u202eevil","list":["\\u001b[0m",7.25,null],"deep":{"x":true}}'), { note: 'evil', list: ['[0m', 7.25, null], deep: { x: true } });
});
