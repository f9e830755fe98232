// The chart's elements: what is chosen, what is said, and the room for the plot.

import { kIntervals } from './candles.js';
import { make, say } from './dom.js';
import { spoken, t } from './words.js';

/** @type {Record<string, string>} */
const kJapanese = { '1s': '1秒', '5s': '5秒', '15s': '15秒', '1m': '1分', '5m': '5分', '15m': '15分', '1h': '1時間', '1d': '日足' };
const kKey = 'yagura.chart';
const kSayMs = 8000;

/** @param {string} interval */
export const intervalText = (interval) => spoken() === 'ja' ? kJapanese[interval] : interval;

/** What was on the chart when the page was last open. @returns {{interval: string, style: string}} */
export function chosen() {
  const choice = { interval: '1m', style: 'candles' };
  try {
    const stored = JSON.parse(localStorage.getItem(kKey) ?? '{}');
    if (Object.hasOwn(kIntervals, stored.interval)) choice.interval = stored.interval;
    if (stored.style === 'line') choice.style = 'line';
  } catch { /* without storage the defaults hold */ }
  return choice;
}

/** @param {{interval: string, style: string}} choice */
export function keepChoice(choice) {
  try { localStorage.setItem(kKey, JSON.stringify(choice)); } catch { /* it holds until the page is closed */ }
}

/** @param {string} kind @param {string[]} names */
function picks(kind, names) {
  return make('div', { class: 'picks', role: 'group', 'data-t-label': `chart.${kind}` },
    ...names.map((name) => make('button', { type: 'button', [`data-${kind}`]: name })));
}

export class ChartFrame {
  #timer = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.name = make('h2');
    this.opener = make('button', { type: 'button', class: 'opener', 'data-action': 'add-level', 'data-t': 'level.add' });
    this.newest = make('button', { type: 'button', class: 'newest', 'data-action': 'newest', 'data-t': 'chart.newest' });
    this.bar = make('div', { class: 'bar' }, this.name, picks('interval', Object.keys(kIntervals)), picks('style', ['line', 'candles']), this.opener, this.newest);
    this.legend = make('p', { class: 'legend' });
    this.status = make('p', { class: 'says', role: 'status' });
    this.canvas = make('div', { class: 'canvas' });
    this.layer = make('div', { class: 'levels-layer' });
    this.plot = make('div', { class: 'plot', tabindex: '0', role: 'group' }, this.canvas, this.layer);
    element.append(this.bar, this.legend, this.plot, this.status);
  }

  /** A message that may be taken back; it leaves by itself. @param {string} text @param {() => void} [undo] */
  say(text, undo) {
    clearTimeout(this.#timer);
    this.status.replaceChildren(text);
    if (undo) {
      const button = make('button', { type: 'button' }, t('level.undo'));
      button.addEventListener('click', () => {
        this.status.replaceChildren();
        undo();
      });
      this.status.append(' ', button);
    }
    this.#timer = setTimeout(() => this.status.replaceChildren(), kSayMs);
  }

  /** @param {string} name of the instrument @param {{interval: string, style: string}} choice */
  draw(name, choice) {
    say(this.name, name);
    this.plot.setAttribute('aria-label', t('chart.plot', { name, interval: intervalText(choice.interval) }));
    for (const button of this.bar.querySelectorAll('[data-interval], [data-style]')) {
      const { interval, style } = /** @type {HTMLElement} */ (button).dataset;
      say(button, interval ? intervalText(interval) : t(`chart.${style}`));
      button.setAttribute('aria-pressed', String((interval ?? style) === (interval ? choice.interval : choice.style)));
    }
  }
}
