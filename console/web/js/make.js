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

const kIcons = {
  ack: 'M3 8.5l3.5 3.5L13 4.5',
  unack: 'M6 4L2.5 7.5 6 11M2.5 7.5H10a3 3 0 0 1 0 6H7',
  bell: 'M3 12h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v3zM7 14h2',
  silence: 'M3 12h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v3zM7 14h2M2 2l12 12',
};

/** A drawing of lines in the colour of the text. @param {keyof typeof kIcons} name */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', kIcons[name]);
  svg.append(path);
  return svg;
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
