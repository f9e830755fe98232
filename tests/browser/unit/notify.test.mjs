// Which alerts make a noise, and how much of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { further, typing } from '../../../console/web/js/keyboard.js';
import { mount } from '../../../console/web/js/notify.js';
import { gravest, inGroups, isNews, Restraint, wanted } from '../../../console/web/js/notify_plan.js';
import { Store } from '../../../console/web/js/store.js';
import { BareElement, bareDocument } from '../support/bare_document.mjs';

const entry = (severity = 'high', more = {}) => ({ key: '', alert: { severity }, held: null, live: true, missed: false, ...more });
const prefer = (values) => ({ get: (name) => ({ muted: false, sound: 'high', flash: 'critical', desktop: 'off', ...values })[name] });

test('news is what came while the page was open and is not held', () => {
  assert.ok(isNews(entry()));
  assert.ok(isNews(entry('high', { live: false, missed: true })));
  assert.ok(!isNews(entry('high', { live: false })));
  assert.ok(!isNews(entry('critical', { held: 'silenced' })));
});

test('each way has its own least severity, and the mute holds for all', () => {
  assert.deepEqual(wanted('high', prefer({})), { sound: true, flash: false, desktop: false });
  assert.deepEqual(wanted('critical', prefer({ desktop: 'critical' })), { sound: true, flash: true, desktop: true });
  assert.deepEqual(wanted('critical', prefer({ muted: true, desktop: 'info' })), { sound: false, flash: false, desktop: false });
});

test('up to three missed alerts are told one by one, more in one', () => {
  const three = [entry('low'), entry('critical'), entry('high')];
  assert.equal(inGroups(three).length, 3);
  assert.deepEqual(inGroups([...three, entry()]).map((group) => group.length), [4]);
  assert.equal(gravest(three), 'critical');
  assert.deepEqual(inGroups([]), []);
});

test('never more than three flashes in a second', () => {
  const restraint = new Restraint();
  let flashes = 0;
  for (let ms = 0; ms < 1000; ms += 10) if (restraint.mayFlash(ms)) ++flashes;
  assert.ok(flashes >= 1 && flashes <= 3, String(flashes));
});

test('sounds do not pile up, but a graver one is heard', () => {
  const restraint = new Restraint();
  assert.ok(restraint.maySound('high', 0));
  assert.ok(!restraint.maySound('high', 100));
  assert.ok(restraint.maySound('critical', 200));
  assert.ok(!restraint.maySound('high', 300));
  assert.ok(restraint.maySound('low', 1300));
});

test('a sound that the browser does not let out holds back none after it', async (context) => {
  let tones = 0;
  class Tone {
    gain = { setValueAtTime() {}, linearRampToValueAtTime() {} };
    connect(next) { return next; }
    start() { ++tones; }
    stop() {}
  }
  class AudioContext {
    state = 'suspended';
    currentTime = 0;
    async resume() { this.state = 'running'; }
  }
  const document = bareDocument(context, { AudioContext, OscillatorNode: Tone, GainNode: Tone });
  context.mock.method(performance, 'now', () => 1000);
  const store = new Store();
  mount(new BareElement(), { store, settings: { ...prefer({}), on() {} } });
  const give = (seq) => store.receive({ type: 'alert', alert: { seq, id: `a${seq}`, event: 'reached', severity: 'high' } });
  give(1);
  assert.equal(tones, 0);
  document.dispatchEvent({ type: 'keydown' });
  await new Promise((resolve) => { setImmediate(resolve); });
  give(2);
  assert.equal(tones, 2, 'both tones of this severity');
  give(3);
  assert.equal(tones, 2, 'one sound a second');
});

test('five notifications in ten seconds, then only their number', () => {
  const restraint = new Restraint();
  assert.deepEqual(Array.from({ length: 7 }, (_, i) => restraint.mayShow(i * 100)), [true, true, true, true, true, false, false]);
  assert.ok(restraint.mayShow(10_001));
});

test('keys are text in a field', () => {
  assert.ok(typing({ tagName: 'INPUT' }) && typing({ tagName: 'select' }) && typing({ tagName: 'DIV', isContentEditable: true }));
  assert.ok(!typing({ tagName: 'BUTTON' }) && !typing(null));
});

test('moving stops at both ends', () => {
  assert.deepEqual([further(0, -1, 5), further(0, 1, 5), further(4, 1, 5)], [0, 1, 4]);
});
