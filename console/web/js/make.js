// Elements without HTML text: what comes from outside stays text.

/**
 * make('button', {class: 'plain', 'data-action': 'ack', onclick: …}, 'Acknowledge'): a value of null, undefined or
 * false leaves an attribute out, true sets it empty.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {(Node | string | null | undefined)[]} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

/** Only when it differs: what is equal costs no layout. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @type {Set<() => void>} */
const listeners = new Set();

/** Called about once a second, for ages and clocks: the page's only such timer. @param {() => void} listener */
export function everySecond(listener) {
  if (listeners.size === 0) setInterval(() => { for (const each of listeners) each(); }, 1000);
  listeners.add(listener);
}
