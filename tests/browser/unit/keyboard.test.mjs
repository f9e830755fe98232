// What a key does to which alert; the clock is ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { mount } from '../../../console/web/js/keyboard.js';
import { Store } from '../../../console/web/js/store.js';
import { BareElement, bareDocument } from '../support/bare_document.mjs';

/** A row of the tape that notes what is done with it. */
function rowShown(ms, done, name) {
  const row = new BareElement();
  row.dataset.shownMs = (performance.timeOrigin + ms).toFixed(2);
  row.closest = () => row;
  row.querySelector = (selector) => ({ dispatchEvent: () => done.push(`${name} ${selector}`), click: () => done.push(`${name} ${selector}`) });
  return row;
}

function begin(context) {
  const there = {};  // by selector
  const document = bareDocument(context, { MouseEvent: class { } });
  document.querySelector = (selector) => there[selector] ?? null;
  document.body.closest = () => null;
  const clock = { now: 10_000 };
  context.mock.method(performance, 'now', () => clock.now);
  const store = new Store();
  const said = [];
  store.on('error', (words) => said.push(words));
  mount(new BareElement(), { store, settings: { get: () => 'en', set() {} } });
  const press = (key) => document.dispatchEvent({ type: 'keydown', key, target: document.body, preventDefault() {} });
  return { store, document, there, clock, said, press };
}

test('with nothing chosen, an alert that has just come is not taken up unseen', (context) => {
  const { there, clock, said, press } = begin(context);
  const done = [];
  there['#tape li[data-seq]'] = rowShown(10_000, done, 'new');
  for (const key of ['a', 'A', 'u', 's']) press(key);
  clock.now += 699;
  press('a');
  assert.deepEqual(done, []);
  assert.equal(said.length, 5);
  assert.match(said[0], /just come/);
  clock.now += 2;
  press('a');
  assert.deepEqual(done, ['new [data-action=ack]']);
  assert.equal(said.length, 5);
});

test('an alert that is chosen is meant however new it is', (context) => {
  const { document, there, said, press } = begin(context);
  const done = [];
  there['#tape li[data-seq]'] = rowShown(10_000, done, 'newest');
  there['#tape li.opened'] = rowShown(10_000, done, 'opened');
  press('a');
  document.activeElement = rowShown(10_000, done, 'focused');
  press('u');
  assert.deepEqual(done, ['opened [data-action=ack]', 'focused [data-action=unack]']);
  assert.deepEqual(said, []);
});

test('to open the newest harms nothing and needs no wait', (context) => {
  const { there, press } = begin(context);
  const done = [];
  there['#tape li[data-seq]'] = rowShown(10_000, done, 'new');
  press('Enter');
  press('a');
  assert.deepEqual(done, ['new .open']);
});

test('while the details of an alert are open that the list hides, no other is taken up', (context) => {
  const { store, there, said, press } = begin(context);
  const done = [];
  there['#tape li[data-seq]'] = rowShown(0, done, 'other');
  store.open({ key: 'a1 reached', alert: { seq: 1, id: 'a1', event: 'reached', instrument: 'NI225' }, held: null, live: true, missed: false });
  press('a');
  assert.deepEqual(done, []);
  assert.match(said[0], /not on the list/);
  press('Escape');
  press('a');
  assert.deepEqual(done, ['other [data-action=ack]']);
});
