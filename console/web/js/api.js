// Requests to the monitor. Each gives the answer's JSON or throws an Error whose message is for people.

import { parsed } from './plain.js';

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
    throw new Error('the monitor does not answer');
  }
  const json = answer.status === 204 ? {} : await answer.text().then(parsed).catch(() => ({}));
  if (!answer.ok) throw new Error(json.error ?? `status ${answer.status}`);
  return json;
}

export const post = (/** @type {string} */ path, /** @type {object} */ body) => ask(path, { method: 'POST', body });
export const remove = (/** @type {string} */ path, /** @type {object} */ body) => ask(path, { method: 'DELETE', body });
