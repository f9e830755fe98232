// Elements without markup: text goes in as text, whatever it holds.

/**
 * make('button', {class: 'plain', 'data-action': 'ack', onclick: …}, 'Acknowledge'): a value of null, undefined or
 * false leaves an attribute out, true sets it empty.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [attributes] @param {(Node | string | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
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

/** Sets text only when it changes: what is equal costs no layout. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const kIcons = {
  ack: 'M3 8.5l3.5 3.5L13 4.5',
  unack: 'M6 4L2.5 7.5 6 11M2.5 7.5H10a3 3 0 0 1 0 6H7',
  bell: 'M3 12h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v3zM7 14h2',
  silence: 'M3 12h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v3zM7 14h2M2 2l12 12',
  clock: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M8 4.2V8l2.6 1.7',
  'crossed-clock': 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M8 4.2V8l2.6 1.7M1.5 14.5l13-13',
};

/** A drawing of lines in the colour of the text. @param {keyof typeof kIcons} name @param {string} [classes] */
export function icon(name, classes = 'icon') {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', classes);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', kIcons[name]);
  svg.append(path);
  return svg;
}

/** At most once a frame, however often it is asked for. @param {() => void} work */
export function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

/** @type {Set<() => void>} */
const listeners = new Set();

/** Called about once a second, for ages and clocks: the page's only such timer. @param {() => void} listener */
export function everySecond(listener) {
  if (listeners.size === 0) setInterval(() => { for (const each of listeners) each(); }, 1000);
  listeners.add(listener);
}
