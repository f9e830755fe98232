// Which alerts the tape shows, what a silence asks for, and how old things are said to be.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { silenceRequest } from '../../../console/web/js/silences.js';
import { counted, kNoFilter, passes } from '../../../console/web/js/tape_filter.js';
import { doingText } from '../../../console/web/js/tape_head.js';
import '../../../console/web/js/tape_words.js';
import { ageText, atLeast, lengthText } from '../../../console/web/js/vocabulary.js';

const alert = {
  id: 'a1', rule: 'yen-move', kind: 'move', instrument: 'USDJPY', severity: 'high', title: 'USD/JPY rose 70 pips', text: 'From the low',
  title_ja: 'ドル円、70銭上昇', text_ja: '起点は安値',
};
const shown = (filter, acked = false) => passes(alert, { ...kNoFilter, ...filter }, acked);

test('severities rise from info to critical, and off is never reached', () => {
  assert.ok(atLeast('critical', 'high') && atLeast('high', 'high') && atLeast('info', 'info'));
  assert.ok(!atLeast('low', 'high') && !atLeast('critical', 'off') && !atLeast('unheard-of', 'info'));
});

test('the filter goes by severity, instrument, kind and acknowledgement', () => {
  assert.ok(shown({}));
  assert.ok(shown({ severity: 'high' }) && !shown({ severity: 'critical' }));
  assert.ok(shown({ instrument: 'USDJPY' }) && !shown({ instrument: 'NI225' }));
  assert.ok(shown({ kind: 'move' }) && !shown({ kind: 'record' }));
  assert.ok(shown({ hideAcked: true }) && !shown({ hideAcked: true }, true) && shown({}, true));
});

test('every word must be found, in whichever language', () => {
  assert.ok(shown({ text: 'PIPS  rose' }) && shown({ text: '安値' }) && shown({ text: 'yen-move' }) && shown({ text: '  ' }));
  assert.ok(!shown({ text: 'rose fell' }));
  assert.ok(!shown({ text: '.*' }), 'no pattern, only words');
});

test('counts go by severity', () => {
  assert.deepEqual(counted([{ alert }, { alert }, { alert: { ...alert, severity: 'info' } }]), { info: 1, low: 0, high: 2, critical: 0 });
});

const asked = { what: 'rule', long: '15m', until: '', critical: false, reason: '', author: '' };

test('a silence names its rule or instrument and lets critical alerts through unless told otherwise', () => {
  assert.deepEqual(silenceRequest(asked, alert, 0), { rule: 'yen-move', severity: 'high', until: '15m' });
  assert.deepEqual(silenceRequest({ ...asked, what: 'instrument', critical: true, reason: 'known', author: 'aki' }, alert, 0),
    { instrument: 'USDJPY', until: '15m', reason: 'known', author: 'aki' });
});

test('a silence until a time needs one that is to come', () => {
  const until = { ...asked, long: 'until', until: '2026-02-09T12:00Z' };
  const noon = Date.parse('2026-02-09T12:00Z');
  assert.equal(silenceRequest(until, alert, noon - 1).until, '2026-02-09T12:00:00.000Z');
  assert.throws(() => silenceRequest(until, alert, noon), /future/);
  assert.throws(() => silenceRequest({ ...until, until: '' }, alert, noon), /until when/);
});

test('ages and lengths', () => {
  assert.deepEqual([0, 1999, 12_000, 60_000, 3600_000, 3 * 86400_000].map(ageText), ['just now', 'just now', '12 s ago', '1 min ago', '1 h ago', '3 d ago']);
  assert.deepEqual([300, 2300, 12_300, 600_000, 7200_000].map(lengthText), ['<1 s', '2.3 s', '12 s', '10 min', '2 h']);
});

test('what people do is told with who, what and why', () => {
  const app = { store: { alerts: [{ alert }], instruments: new Map() }, settings: { get: () => 'utc' } };
  const at = '2026-02-09T00:23:01Z';
  assert.equal(doingText({ action: 'ack', alert: 'a1', id: 'a1', at, author: 'aki', reason: 'seen' }, app),
    '00:23:01 UTC aki acknowledged “USD/JPY rose 70 pips”: seen');
  assert.equal(doingText({ action: 'silence', id: 's1', at, author: 'aki', reason: '', silence: { rule: 'yen-move', until: '2026-02-09T02:00:00Z' } }, app),
    '00:23:01 UTC aki silenced yen-move until 09 Feb 02:00:00 UTC');
});
