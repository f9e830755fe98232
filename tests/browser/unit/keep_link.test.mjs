// The link over its life, with a scripted WebSocket: what is asked for after each loss, and how alerts come.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keepLink } from '../../../console/web/js/link.js';
import { Store } from '../../../console/web/js/store.js';

class Wire {
  /** @type {Wire[]} */
  static all = [];
  static get last() { return Wire.all.at(-1); }
  sent = [];
  #listeners = {};
  constructor(url) {
    this.url = url;
    Wire.all.push(this);
  }
  addEventListener(name, listener) { this.#listeners[name] = listener; }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() {}
  say(message) { this.#listeners.message({ data: JSON.stringify(message) }); }
  drop() { this.#listeners.close({}); }
}

const hello = (epoch, started, last) => ({
  type: 'hello', state: { epoch, started_ns: started, now_ns: 0, instruments: [], alerts: { last_seq: last } },
});
const alert = (seq, id = `a${seq}`) => ({ type: 'alert', alert: { seq, id, event: 'reached', severity: 'low' } });

function begin(context) {
  Wire.all = [];
  let now = 0;
  context.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  context.mock.method(performance, 'now', () => now);
  context.mock.method(globalThis, 'fetch', async () => ({ ok: true, status: 200, json: async () => ({ alerts: [], acks: {} }) }));
  for (const [name, value] of Object.entries({ WebSocket: Wire, location: { protocol: 'http:', host: 'here' } })) {
    const before = globalThis[name];
    globalThis[name] = value;
    context.after(() => { globalThis[name] = before; });
  }
  const store = new Store();
  keepLink(store);
  return { store, pass: (ms) => { now += ms; context.mock.timers.tick(ms); } };
}

const arrivals = (store) => store.alerts.map(({ alert: { seq }, live, missed }) => `${seq} ${live ? 'live' : missed ? 'missed' : 'past'}`);

test('a lost link comes back and asks for what is missing; nothing comes twice', (context) => {
  const { store, pass } = begin(context);
  assert.equal(store.link, 'connecting');
  Wire.last.say(hello(3, 100, 2));
  assert.deepEqual(Wire.last.sent, [{ type: 'resume', after: 0 }]);
  for (const seq of [1, 2, 3]) Wire.last.say(alert(seq));
  for (let s = 0; s < 12; ++s) {
    pass(1000);
    Wire.last.say({ type: 'state', state: hello(3, 100, 3).state });
  }
  Wire.last.drop();
  assert.equal(store.link, 'lost');
  pass(1000);
  assert.equal(Wire.all.length, 2);
  Wire.last.say(hello(3, 100, 5));
  assert.deepEqual(Wire.last.sent, [{ type: 'resume', after: 3 }]);
  for (const seq of [3, 4, 5, 6]) Wire.last.say(alert(seq));
  assert.deepEqual(arrivals(store), ['1 past', '2 past', '3 live', '4 missed', '5 missed', '6 live']);
  assert.equal(store.link, 'live');
});

test('a link that was cut while it told the past leaves no hole', (context) => {
  const { store, pass } = begin(context);
  Wire.last.say(hello(3, 100, 2));
  Wire.last.say(alert(3));  // live, before 1 and 2 have come
  pass(500);
  Wire.last.drop();
  pass(1000);
  Wire.last.say(hello(3, 100, 3));
  assert.deepEqual(Wire.last.sent, [{ type: 'resume', after: 0 }]);
  for (const seq of [1, 2, 3]) Wire.last.say(alert(seq));
  assert.deepEqual(arrivals(store), ['1 past', '2 past', '3 live']);
});

test('after a restart it says its epoch and ids, and takes numbers that are given again', (context) => {
  const { store, pass } = begin(context);
  Wire.last.say(hello(3, 100, 0));
  for (const seq of [1, 2]) Wire.last.say(alert(seq));
  for (let s = 0; s < 12; ++s) {
    pass(1000);
    Wire.last.say({ type: 'state', state: hello(3, 100, 2).state });
  }
  Wire.last.drop();
  pass(1000);
  Wire.last.say(hello(4, 200, 1));  // the second was lost with the crash
  assert.deepEqual(Wire.last.sent, [{ type: 'resume', after: 2, epoch: 3, ids: ['a1', 'a2'] }]);
  Wire.last.say(alert(2, 'b2'));
  assert.deepEqual(store.alerts.map((entry) => entry.alert.id), ['a1', 'a2', 'b2']);
});

test('another monitor at the same address: everything before is forgotten', (context) => {
  const { store, pass } = begin(context);
  Wire.last.say(hello(3, 100, 1));
  Wire.last.say(alert(1));
  Wire.last.drop();
  pass(1000);
  Wire.last.say(hello(1, 900, 1));
  assert.deepEqual(Wire.last.sent, [{ type: 'resume', after: 0 }]);
  assert.equal(store.alerts.length, 0);
  Wire.last.say(alert(1, 'other'));
  assert.deepEqual(arrivals(store), ['1 past']);
});

test('who took up what is asked for of all that the page keeps, and an ack told meanwhile stays', async (context) => {
  const { store, pass } = begin(context);
  const asked = [];
  const answers = [];
  globalThis.fetch.mock.mockImplementation((path) => {
    asked.push(path);
    return new Promise((resolve) => { answers.push((alerts) => resolve(new Response(JSON.stringify({ alerts, acks: {} })))); });
  });
  const settled = () => new Promise((resolve) => { setImmediate(resolve); });
  Wire.last.say(hello(3, 100, 2100));
  assert.deepEqual(asked, ['/api/v1/alerts?after=1900&limit=200']);
  for (let seq = 1; seq <= 2100; ++seq) Wire.last.say(alert(seq));
  Wire.last.drop();
  answers.shift()([alert(2100).alert]);
  pass(1000);
  Wire.last.say(hello(3, 100, 2100));
  Wire.last.say({ type: 'action', action: 'ack', alert: 'a600', id: 'a600', at: '', author: 'aki', reason: '' });
  answers.shift()(Array.from({ length: 1000 }, (_, i) => alert(101 + i).alert));
  await settled();
  answers.shift()(Array.from({ length: 1000 }, (_, i) => alert(1101 + i).alert));
  await settled();
  assert.deepEqual(asked.slice(1), ['/api/v1/alerts?after=100&limit=1000', '/api/v1/alerts?after=1100&limit=1000']);
  assert.deepEqual([...store.acks.keys()], ['a600']);
});

test('a link that says nothing for five seconds is dead', (context) => {
  const { store, pass } = begin(context);
  Wire.last.say(hello(3, 100, 0));
  for (let i = 0; i < 11; ++i) pass(500);
  assert.equal(store.link, 'lost');
});

test('it goes on trying, at most every ten seconds', (context) => {
  const { pass } = begin(context);
  for (let i = 0; i < 8; ++i) {
    Wire.last.drop();
    const tried = Wire.all.length;
    pass(10_000);
    assert.equal(Wire.all.length, tried + 1);
  }
});

test('a monitor that wants a token again gets the page loaded anew', async (context) => {
  begin(context);
  let reloads = 0;
  globalThis.location.reload = () => { ++reloads; };
  globalThis.fetch.mock.mockImplementation(async () => ({ ok: false, status: 401 }));
  for (let i = 0; i < 3; ++i) {
    Wire.last.drop();
    context.mock.timers.tick(10_000);
  }
  await Promise.resolve().then().then().then();
  assert.ok(reloads >= 1);
});
