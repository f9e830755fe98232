// Requests to the monitor. Each gives the answer's JSON or throws an Error whose message is for people.

import { parsed } from './plain.js';
import { addWords, t } from './words.js';

addWords({
  en: { 'api.silent': 'the monitor does not answer', 'api.status': 'status {status}' },
  ja: { 'api.silent': '監視プログラムが応答しません', 'api.status': 'ステータス{status}' },
});

/** @param {string} path @param {{method?: string, body?: object}} [options] */
export async function ask(path, { method = 'GET', body } = {}) {
  const request = { method, headers: {} };
  if (body !== undefined) {
    request.headers = { 'Content-Type': 'application/json' };
    Object.assign(request, { body: JSON.stringify(body) });
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Error(t('api.silent'));
  }
  const json = answer.status === 204 ? {} : await answer.text().then(parsed).catch(() => ({}));
  if (!answer.ok) throw new Error(json.error ?? t('api.status', { status: answer.status }));
  return json;
}

export const post = (/** @type {string} */ path, /** @type {object} */ body) => ask(path, { method: 'POST', body });
export const remove = (/** @type {string} */ path, /** @type {object} */ body) => ask(path, { method: 'DELETE', body });
