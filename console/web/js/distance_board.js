// How far it is to the next thing: milestones, records and levels around the present price.

import { keyOf, marksOf, nearest } from './distances.js';
import { make, oncePerFrame, say } from './dom.js';
import { priceText } from './format.js';
import { distanceText, kindText, nameText, percentText, recordText, shortPrice, unitText } from './market_words.js';
import { addWords, t, translate } from './words.js';

addWords({
  en: {
    'board.title': 'Distances', 'board.what': 'What', 'board.price': 'Price', 'board.distance': 'Distance from the price now', 'board.pct': '%',
    'board.sigma': 'σ', 'board.what.title': 'What lies there', 'board.price.title': 'Its price', 'board.pct.title': 'Distance in per cent of the price now',
    'board.sigma.title': 'Distance in standard deviations of a move over one hour',
    'board.now': 'Price now', 'board.next': 'next', 'board.none': 'Nothing to measure until there is a price.',
  },
  ja: {
    'board.title': '次の水準まで', 'board.what': '水準', 'board.price': '価格', 'board.distance': '現在値からの値幅', 'board.pct': '%',
    'board.sigma': 'σ', 'board.what.title': '水準の種類', 'board.price.title': '水準の価格', 'board.pct.title': '現在値に対する比率',
    'board.sigma.title': '1時間の値動きの標準偏差で測った距離',
    'board.now': '現在値', 'board.next': '直近', 'board.none': '価格を受信するまで表示できません。',
  },
});

/**
 * What a mark is called. @param {import('./distances.js').Mark} mark
 * @param {boolean} [brief] of several names the first; a level by its note
 */
export function markText(mark, brief = false) {
  if (mark.kind !== 'record') return brief && mark.names[0] || [kindText(mark.kind), ...mark.names].join(' · ');
  const names = mark.names.map((name) => recordText(name, mark.high));
  if (brief && names.length > 1) return `${names[0]} +${names.length - 1}`;
  return names.join(' · ') || kindText('record');
}

class Line {
  constructor() {
    this.what = make('th', { scope: 'row', role: 'rowheader' });
    this.cells = ['at', 'distance', 'pct', 'sigma'].map((name) => make('td', { class: name, role: 'cell' }));
    this.element = make('tr', { role: 'row' }, this.what, ...this.cells);
  }

  /** @param {string} what @param {string[]} texts */
  say(what, ...texts) {
    say(this.what, what);
    texts.forEach((text, at) => say(this.cells[at], text));
  }
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, { store, settings }) {
  const of = make('span', { class: 'of' });
  const unit = make('th', { scope: 'col', role: 'columnheader', 'data-t-title': 'board.distance' });
  const body = make('tbody', { role: 'rowgroup' });
  const none = make('p', { class: 'none', 'data-t': 'board.none' });
  const column = (/** @type {string} */ name) => make('th', { scope: 'col', role: 'columnheader', 'data-t': `board.${name}`, 'data-t-title': `board.${name}.title` });
  const head = make('tr', { role: 'row' }, column('what'), column('price'), unit, column('pct'), column('sigma'));
  // The roles stay when a narrow board lays a row out in two lines.
  const table = make('table', { role: 'table' }, make('thead', { role: 'rowgroup' }, head), body);
  element.append(make('h2', {}, make('span', { 'data-t': 'board.title' }), ' ', of), table, none);
  /** @type {Map<string, Line>} */
  let lines = new Map();

  /** @param {Line} line @param {import('./distances.js').Mark} mark @param {any} row @param {number} price @param {boolean} next */
  function drawMark(line, mark, row, price, next) {
    const away = Number(mark.price) - price;
    const pct = (away / price) * 100;
    const sigma = row.sigma_pct ? (pct / row.sigma_pct).toFixed(1).replace('-', '−') : '–';
    line.say(markText(mark, true), shortPrice(mark.price, row.decimals), distanceText(away, row), percentText(pct).replace(' %', ''), sigma);
    line.what.title = [markText(mark), mark.rule].filter(Boolean).join('\n');
    line.element.dataset.kind = mark.kind;
    line.element.classList.toggle('next', next);
  }

  function draw() {
    const row = store.instruments.get(store.selected ?? '')?.row;
    const known = row?.price !== null && row?.price !== undefined;
    table.hidden = !known;
    none.hidden = known;
    say(of, row ? nameText(row) : '');
    if (!known) return;
    say(unit, unitText(row));
    const price = Number(row.price);
    const marks = marksOf(row);
    const { above, below } = nearest(marks, price);
    /** @type {Map<string, Line>} */
    const drawn = new Map();
    const line = (/** @type {string} */ key) => {
      const made = lines.get(key) ?? new Line();
      drawn.set(key, made);
      return made;
    };
    const drawNow = () => {
      const now = line('now');
      now.say(t('board.now'), priceText(row.price, row.decimals), '', '', '');
      now.element.dataset.kind = 'price';
    };
    for (const mark of marks) {
      if (!drawn.has('now') && Number(mark.price) < price) drawNow();
      drawMark(line(keyOf(mark)), mark, row, price, mark === above || mark === below);
    }
    if (!drawn.has('now')) drawNow();
    lines = drawn;
    arrange([...drawn.values()].map((made) => made.element));
  }

  /** Rows move only when the order changes. @param {HTMLElement[]} rows */
  function arrange(rows) {
    if (rows.length === body.children.length && rows.every((made, at) => body.children[at] === made)) return;
    body.replaceChildren(...rows);
  }

  const soon = oncePerFrame(draw);
  store.on('state', soon);
  store.on('selection', soon);
  store.on('tick', (tick) => { if (tick.symbol === store.selected) soon(); });
  settings.on(soon);
  translate(element);
}
