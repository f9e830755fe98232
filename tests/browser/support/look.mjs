// What a page looks like to somebody who reads it: words, colours, sizes. These functions run in the page.

/** The words that can be seen, each text once, and those of labels and tooltips. @returns {string[]} */
export function visibleWords() {
  /** @type {Set<string>} */
  const words = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = /** @type {Element} */ (node.parentElement);
    const text = (node.textContent ?? '').replace(/\s+/g, ' ').trim();
    if (text && !/^(SCRIPT|NOSCRIPT)$/.test(parent.tagName) && parent.checkVisibility({ visibilityProperty: true })) words.add(text);
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    if (!element.checkVisibility()) continue;
    for (const name of ['aria-label', 'title', 'placeholder']) {
      const text = element.getAttribute(name);
      if (text) words.add(text.replace(/\s+/g, ' '));
    }
  }
  return [...words];
}

/** Relative luminance of the page's ground, 0 to 1. */
export function groundLuminance() {
  const [r, g, b] = (/\d+[^)]*/.exec(getComputedStyle(document.body).backgroundColor)?.[0] ?? '').split(/[ ,/]+/).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

/** What is cut off or pushes the page sideways, as selectors with sizes. @returns {string[]} */
export function tooWide() {
  const width = document.documentElement.clientWidth;
  const wide = [...document.body.querySelectorAll('*')].filter((element) => {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= width + 1) return false;
    for (let e = element.parentElement; e; e = e.parentElement) {
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX)) return false;
    }
    return true;
  });
  return wide.map((e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ''}.${e.className} to ${Math.round(e.getBoundingClientRect().right)} px`).slice(0, 10);
}

/** Where elements stand. @param {string[]} selectors @returns {Record<string, number[]>} */
export function boxesOf(selectors) {
  return Object.fromEntries(selectors.map((selector) => {
    const box = /** @type {Element} */ (document.querySelector(selector)).getBoundingClientRect();
    return [selector, [box.x, box.y, box.width, box.height].map(Math.round)];
  }));
}

/** Adds up in window.yaguraShift how much jumps, but for the tape's rows, which make room for new ones. */
export function watchShifts() {
  /** @type {any} */ (window).yaguraShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of /** @type {any[]} */ (list.getEntries())) {
      const other = entry.sources.some((/** @type {{node: Node | null}} */ { node }) => node instanceof Element && !node.closest('#tape'));
      if (other) /** @type {any} */ (window).yaguraShift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
}
