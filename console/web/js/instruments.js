// The prices of now, and whether they are of now.

import { icon, make, oncePerFrame, say } from './dom.js';
import { translated } from './evidence.js';
import { countText, priceText, signedText } from './format.js';
import { nameText, percentText } from './market_words.js';
import { addWords, t, translate } from './words.js';

addWords({
  en: {
    'card.bid': 'bid', 'card.ask': 'ask', 'card.range': 'Day’s range', 'card.none': 'no price yet',
    'card.at': '{percent} of the day’s range', 'card.close': 'Previous close {price}', 'card.from': 'from {source}',
    'card.seconds': '{n} s ago', 'card.minutes': '{n} min {s} s ago', 'card.hours': '{n} h {m} min ago', 'card.days': '{n} days ago',
    'feed.CLOSED': 'closed', 'feed.QUIET': 'quiet', 'feed.CONNECTING': 'connecting', 'feed.LIVE': 'live', 'feed.LATE': 'late',
    'feed.STALE': 'stale', 'feed.FROZEN': 'frozen', 'feed.SUSPECT': 'suspect', 'feed.LOST': 'link lost',
  },
  ja: {
    'card.bid': 'ビッド', 'card.ask': 'アスク', 'card.range': '日中の値幅', 'card.none': '価格なし',
    'card.at': '日中値幅の{percent}', 'card.close': '前営業日終値 {price}', 'card.from': '配信 {source}',
    'card.seconds': '{n}秒前', 'card.minutes': '{n}分{s}秒前', 'card.hours': '{n}時間{m}分前', 'card.days': '{n}日前',
    'feed.CLOSED': '休場', 'feed.QUIET': '待機', 'feed.CONNECTING': '接続中', 'feed.LIVE': '正常', 'feed.LATE': '遅れ',
    'feed.STALE': '途絶', 'feed.FROZEN': '値動きなし', 'feed.SUSPECT': '要確認', 'feed.LOST': '接続断',
  },
});

const kOld = new Set(['STALE', 'FROZEN', 'LOST']);
const kTintMs = 450;

/** "0.4 s ago", "3 min 12 s ago". @param {number} ms */
export function ageText(ms) {
  const s = Math.max(0, ms) / 1000;
  if (s < 10) return t('card.seconds', { n: s.toFixed(1) });
  if (s < 60) return t('card.seconds', { n: Math.floor(s) });
  if (s < 3600) return t('card.minutes', { n: Math.floor(s / 60), s: Math.floor(s % 60) });
  if (s < 48 * 3600) return t('card.hours', { n: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60) });
  return t('card.days', { n: countText(Math.floor(s / 86400)) });
}

/** Where a price lies between two others, 0 to 1; null without them.
 * @param {string | null} price @param {string | null} low @param {string | null} high */
export function placeIn(price, low, high) {
  if (price === null || low === null || high === null) return null;
  const width = Number(high) - Number(low);
  return width > 0 ? Math.min(1, Math.max(0, (Number(price) - Number(low)) / width)) : 0.5;
}

/** @typedef {{row: any, heard: number | null}} Entry */

class Card {
  /** @param {string} symbol @param {import('./store.js').Store} store */
  constructor(symbol, store) {
    this.store = store;
    this.name = make('strong', { class: 'name' });
    this.symbol = make('span', { class: 'symbol' }, symbol);
    this.state = make('span', { class: 'state' });
    this.price = make('span', { class: 'price' });
    this.change = make('span', { class: 'change' });
    this.bid = make('b');
    this.ask = make('b');
    this.quote = make('span', { class: 'quote' }, make('i', { 'data-t': 'card.bid' }), this.bid, make('i', { 'data-t': 'card.ask' }), this.ask);
    this.low = make('span');
    this.high = make('span');
    this.mark = make('span', { class: 'mark' });
    this.close = make('span', { class: 'close' });
    this.track = make('span', { class: 'track', role: 'img' }, this.close, this.mark);
    this.age = make('span', { class: 'old' });
    this.source = make('span', { class: 'source' });
    this.element = make('div', { class: 'card', 'data-symbol': symbol, role: 'button', tabindex: '0' },
      make('span', { class: 'top' }, this.name, this.symbol, this.state),
      make('span', { class: 'now' }, this.price, this.change),
      this.quote,
      make('span', { class: 'range' }, this.low, this.track, this.high),
      make('span', { class: 'age' }, icon('clock', 'hand fresh'), icon('crossed-clock', 'hand crossed'), this.age, this.source));
    this.element.addEventListener('click', () => store.select(symbol));
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      store.select(symbol);
    });
    this.last = NaN;
    this.tint = 0;
    this.quoted = false;  // an index has no bid and ask, and needs no room for them
  }

  /** @param {Entry} entry */
  draw({ row, heard }) {
    const { decimals } = row;
    this.element.setAttribute('aria-pressed', String(this.store.selected === row.symbol));
    say(this.name, nameText(row));
    this.symbol.hidden = nameText(row) === row.symbol;
    say(this.price, priceText(row.price, row.bid && row.ask ? decimals + 1 : decimals));  // a mid may end between two steps: always as wide
    this.#move(row.price === null ? NaN : Number(row.price));
    this.#drawChange(row);
    say(this.bid, priceText(row.bid, decimals));
    say(this.ask, priceText(row.ask, decimals));
    this.quoted ||= row.bid !== null || row.ask !== null;
    this.quote.classList.toggle('none', !this.quoted);
    this.#drawRange(row);
    this.drawAge({ row, heard });
  }

  /** @param {any} row */
  #drawChange(row) {
    const known = row.change !== null && row.change_pct !== null;
    const sign = known ? Math.sign(Number(row.change)) : 0;
    const arrow = ['▼', '', '▲'][sign + 1];
    say(this.change, known ? `${arrow} ${signedText(row.change, row.decimals)} (${percentText(row.change_pct)})` : '');
    this.change.classList.toggle('up', sign > 0);
    this.change.classList.toggle('down', sign < 0);
  }

  /** @param {any} row */
  #drawRange(row) {
    say(this.low, priceText(row.low, row.decimals));
    say(this.high, priceText(row.high, row.decimals));
    const place = placeIn(row.price, row.low, row.high);
    this.mark.hidden = place === null;
    this.mark.style.left = `${(place ?? 0) * 100}%`;
    const close = row.previous_close;
    const within = close !== null && row.low !== null && Number(close) >= Number(row.low) && Number(close) <= Number(row.high);
    this.close.hidden = !within;
    this.close.style.left = `${(placeIn(close, row.low, row.high) ?? 0) * 100}%`;
    this.track.setAttribute('aria-label', place === null ? t('card.range') : t('card.at', { percent: `${Math.round(place * 100)} %` }));
    this.track.title = close === null ? '' : t('card.close', { price: priceText(close, row.decimals) });
  }

  /** How old it is: it ages without any message. @param {Entry} entry */
  drawAge({ row, heard }) {
    const state = this.store.link === 'live' ? row.feed.state : this.store.link === 'lost' ? 'LOST' : 'CONNECTING';
    this.element.dataset.state = state;
    this.element.classList.toggle('stale', kOld.has(state));
    const reason = kOld.has(state) && state !== 'LOST' && row.feed.reason ? ` · ${translated('reason', row.feed.reason)}` : '';
    say(this.state, t(`feed.${state}`) + reason);
    say(this.age, heard === null ? t('card.none') : ageText(performance.now() - heard));
    say(this.source, row.source ?? '');
    this.source.title = row.source ? t('card.from', { source: row.source }) : '';
  }

  /** A short tint says which way the price just went; where motion is unwanted the style sheet has none. @param {number} price */
  #move(price) {
    if (price > this.last || price < this.last) {
      this.price.dataset.moved = price > this.last ? 'up' : 'down';
      clearTimeout(this.tint);
      this.tint = setTimeout(() => { delete this.price.dataset.moved; }, kTintMs);
    }
    this.last = price;
  }
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, { store, settings }) {
  /** @type {Map<string, Card>} */
  const cards = new Map();
  const changed = new Set();

  function drawAll() {
    for (const [symbol, card] of cards) {
      if (store.instruments.has(symbol)) continue;
      card.element.remove();
      cards.delete(symbol);
    }
    for (const [symbol, entry] of store.instruments) {
      let card = cards.get(symbol);
      if (!card) {
        cards.set(symbol, card = new Card(symbol, store));
        element.append(card.element);
        translate(card.element);
      }
      card.draw(entry);
    }
  }
  const drawChanged = oncePerFrame(() => {
    for (const symbol of changed) {
      const entry = store.instruments.get(symbol);
      if (entry) cards.get(symbol)?.draw(entry);
    }
    changed.clear();
  });
  const drawAges = () => { for (const [symbol, entry] of store.instruments) cards.get(symbol)?.drawAge(entry); };

  store.on('state', drawAll);
  store.on('selection', drawAll);
  store.on('tick', (tick) => {
    changed.add(tick.symbol);
    drawChanged();
  });
  store.on('link', drawAges);
  settings.on(drawAll);
  setInterval(drawAges, 500);
}
