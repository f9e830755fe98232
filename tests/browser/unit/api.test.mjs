// What a request that fails says, in the language of the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ask } from '../../../console/web/js/api.js';
import { speak } from '../../../console/web/js/words.js';
import { bareDocument } from '../support/bare_document.mjs';

test('a monitor that does not answer, or not in words, is told of in the page\'s language', async (context) => {
  context.after(() => speak('en'));
  bareDocument(context);
  const silent = async () => { throw new TypeError('fetch failed'); };
  const wordless = async () => new Response('<html>', { status: 502 });
  for (const [language, ...words] of [['en', 'the monitor does not answer', 'status 502'], ['ja', '監視プログラムが応答しません', 'ステータス502']]) {
    speak(language);
    globalThis.fetch = silent;
    await assert.rejects(ask('/api/v1/state'), { message: words[0] });
    globalThis.fetch = wordless;
    await assert.rejects(ask('/api/v1/state'), { message: words[1] });
  }
});

test('the monitor\'s own words are told as they are', async () => {
  globalThis.fetch = async () => new Response('{"error":"no such alert"}', { status: 404 });
  await assert.rejects(ask('/api/v1/alerts/x/ack'), { message: 'no such alert' });
});
