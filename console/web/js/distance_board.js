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

const kMostBoards = 4;

/** The board of one instrument. */
class Board {
  /** @type {Map<string, Line>} */
  #lines = new Map();

  constructor() {
    const column = (/** @type {string} */ name) => make('th', { scope: 'col', role: 'columnheader', 'data-t': `board.${name}`, 'data-t-title': `board.${name}.title` });
    this.of = make('span', { class: 'of' });
    this.unit = make('th', { scope: 'col', role: 'columnheader', 'data-t-title': 'board.distance' });
    this.body = make('tbody', { role: 'rowgroup' });
    this.none = make('p', { class: 'none', 'data-t': 'board.none' });
    const head = make('tr', { role: 'row' }, column('what'), column('price'), this.unit, column('pct'), column('sigma'));
    // The roles stay when a narrow board lays a row out in two lines.
    this.table = make('table', { role: 'table' }, make('thead', { role: 'rowgroup' }, head), this.body);
    this.element = make('div', { class: 'board' }, make('h2', {}, make('span', { 'data-t': 'board.title' }), ' ', this.of), this.table, this.none);
    translate(this.element);
  }

  /** @param {any} row of the instrument */
  draw(row) {
    const known = row.price !== null && row.price !== undefined;
    this.table.hidden = !known;
    this.none.hidden = known;
    say(this.of, nameText(row));
    if (!known) return;
    say(this.unit, unitText(row));
    const price = Number(row.price);
    const marks = marksOf(row);
    const { above, below } = nearest(marks, price);
    /** @type {Map<string, Line>} */
    const drawn = new Map();
    const line = (/** @type {string} */ key) => {
      const made = this.#lines.get(key) ?? new Line();
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
    this.#lines = drawn;
    arrange(this.body, [...drawn.values()].map((made) => made.element));
  }
}

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

/** Elements move only when the order changes. @param {HTMLElement} parent @param {HTMLElement[]} children */
function arrange(parent, children) {
  if (children.length === parent.children.length && children.every((made, at) => parent.children[at] === made)) return;
  parent.replaceChildren(...children);
}

/**
 * The instrument on the chart first, the others below it.
 * @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app
 */
export function mount(element, { store, settings }) {
  /** @type {Map<string, Board>} by symbol */
  const boards = new Map();

  function draw() {
    const symbols = [...store.instruments.keys()];
    symbols.sort((a, b) => Number(b === store.selected) - Number(a === store.selected));
    for (const symbol of boards.keys()) if (!store.instruments.has(symbol)) boards.delete(symbol);
    const shown = symbols.slice(0, kMostBoards).map((symbol) => {
      const board = boards.get(symbol) ?? new Board();
      boards.set(symbol, board);
      board.draw(store.instruments.get(symbol)?.row);
      return board.element;
    });
    arrange(element, shown);
  }

  const soon = oncePerFrame(draw);
  store.on('state', soon);
  store.on('selection', soon);
  store.on('tick', soon);
  settings.on(soon);
}
