// What the page asks for when it meets the monitor again.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrivalOf, resumePlan } from '../../../console/web/js/link.js';

const first = { epoch: 3, started: 1000 };
const later = { epoch: 4, started: 2000 };

test('a page that opens asks for the newest two hundred', () => {
  assert.deepEqual(resumePlan(null, null, first, 1000), { after: 800 });
  assert.deepEqual(resumePlan(null, null, first, 5), { after: 0 });
});

test('the same run goes on after our newest', () => {
  assert.deepEqual(resumePlan(17, first, first, 20), { after: 17 });
  assert.deepEqual(resumePlan(17, first, first, 17), { after: 17 });
});

test('a later start of the monitor is told our epoch and ids, even if it lost its newest numbers', () => {
  assert.deepEqual(resumePlan(17, first, later, 20), { after: 17, epoch: 3, ids: true });
  assert.deepEqual(resumePlan(17, first, later, 12), { after: 17, epoch: 3, ids: true });
});

test('another monitor, or one without its state, is met as new', () => {
  assert.equal(resumePlan(17, later, first, 20), null);
  assert.equal(resumePlan(17, first, { epoch: 3, started: 9999 }, 20), null);
  assert.equal(resumePlan(17, first, first, 3), null);
  assert.equal(resumePlan(null, later, first, 20), null);
});

test('a link that was cut before it had told the past is asked for it again', () => {
  assert.deepEqual(resumePlan(null, first, first, 250), { after: 50 });
});

test('alerts are live, missed while away, or older than the page', () => {
  assert.equal(arrivalOf(31, 30, 20), 'live');
  assert.equal(arrivalOf(25, 30, 20), 'missed');
  assert.equal(arrivalOf(20, 30, 20), 'past');
});
