// Prices over time: history from the server, ticks on top, alerts and levels where they belong.

import { ask } from './api.js';
import { CandleHistory } from './candle_history.js';
import { kIntervals } from './candles.js';
import { Levels, levelForm } from './chart_levels.js';
import { kOfTicks, linesOf, markersOf } from './chart_marks.js';
import { make, oncePerFrame, say } from './dom.js';
import { priceText, zoneText } from './format.js';
import { LevelBook } from './level_book.js';
import { nameText, percentText } from './market_words.js';
import { PricePlot } from './price_plot.js';
import { addWords, spoken, t, translate } from './words.js';

addWords({
  en: {
    'chart.title': 'Chart', 'chart.interval': 'Interval', 'chart.style': 'Style', 'chart.line': 'Line', 'chart.candles': 'Candles',
    'chart.plot': 'Price chart of {name}, {interval}. Arrow keys scroll, plus and minus zoom, End shows the newest.',
    'chart.ohlc': 'O {open}  H {high}  L {low}  C {close}', 'chart.ticks': 'History is not at hand ({why}); ticks only.',
    'chart.loading': 'Loading history …', 'chart.newest': 'Newest', 'chart.full': 'Older candles: choose a longer interval.',
  },
  ja: {
    'chart.title': 'チャート', 'chart.interval': '足種', 'chart.style': '表示', 'chart.line': 'ライン', 'chart.candles': 'ローソク足',
    'chart.plot': '{name}の価格チャート（{interval}）。矢印キーでスクロール、＋と−で拡大縮小、Endで最新へ。',
    'chart.ohlc': '始 {open}  高 {high}  安 {low}  終 {close}', 'chart.ticks': '過去データを取得できません（{why}）。ティックのみ表示します。',
    'chart.loading': '過去データを読み込み中…', 'chart.newest': '最新へ', 'chart.full': 'これより前は長い足種で表示してください。',
  },
});

const kJapanese = { '1s': '1秒', '5s': '5秒', '15s': '15秒', '1m': '1分', '5m': '5分', '15m': '15分', '1h': '1時間', '1d': '日足' };
const kKey = 'yagura.chart';
const kCheckMs = 5000;        // ticks are corrected by the server's candles at most this often,
const kCheckQuietMs = 30_000; // and this often when no candle was completed
const kSayMs = 8000;
const kLabelWidth = 86;       // pixels that a marker's words take

function chosen() {
  const defaults = { interval: '1m', style: 'candles' };
  try {
    const stored = JSON.parse(localStorage.getItem(kKey) ?? '{}');
    if (stored.interval in kIntervals) defaults.interval = stored.interval;
    if (stored.style === 'line') defaults.style = 'line';
  } catch { /* without storage the defaults hold */ }
  return defaults;
}

/** A message that may be taken back; it leaves by itself. @param {HTMLElement} element */
function speaker(element) {
  let timer = 0;
  return (/** @type {string} */ text, /** @type {(() => void) | undefined} */ undo = undefined) => {
    clearTimeout(timer);
    element.replaceChildren(text);
    if (undo) {
      const button = make('button', { type: 'button' }, t('level.undo'));
      button.addEventListener('click', () => {
        element.replaceChildren();
        undo();
      });
      element.append(' ', button);
    }
    timer = setTimeout(() => element.replaceChildren(), kSayMs);
  };
}

class Chart {
  /** @type {CandleHistory | null} */
  #history = null;
  #shown = '';            // symbol and interval of #history
  #checkedAt = 0;
  #completed = false;     // a candle was, since the last check
  /** @type {Map<string, import('./store.js').TapeEntry[]>} older alerts asked for, by symbol */
  #older = new Map();
  #askedBack = new Map(); // by symbol: alerts are known from here, in ms
  /** @type {{ms: number | null, marker: string | null}} */
  #hover = { ms: null, marker: null };

  constructor(element, { store, settings }) {
    this.element = element;
    this.store = store;
    this.settings = settings;
    this.choice = chosen();
    this.#build();
    this.plot = new PricePlot(this.canvas, {
      moved: oncePerFrame(() => this.levels?.place()),
      clicked: (marker, price) => this.#click(marker, price),
      hovered: (ms, marker) => {
        this.#hover = { ms, marker };
        this.#drawLegend();
      },
      nearStart: oncePerFrame(() => this.#loadOlder()),
    });
    this.book = new LevelBook(store);
    this.levels = new Levels(this.layer, this.book, this.#scale());
    this.form = levelForm(this.levels, this.opener);
    this.bar.after(this.form.form);
    this.#listen();
    translate(element);
  }

  get row() { return this.store.instruments.get(this.store.selected ?? '')?.row ?? null; }

  #build() {
    this.name = make('h2');
    const picks = (kind, names) => make('div', { class: 'picks', role: 'group', 'data-t-label': `chart.${kind}` },
      ...names.map((name) => make('button', { type: 'button', [`data-${kind}`]: name })));
    this.opener = make('button', { type: 'button', class: 'opener', 'data-action': 'add-level', 'data-t': 'level.add' });
    this.newest = make('button', { type: 'button', class: 'newest', 'data-action': 'newest', 'data-t': 'chart.newest' });
    this.bar = make('div', { class: 'bar' }, this.name, picks('interval', Object.keys(kIntervals)), picks('style', ['line', 'candles']), this.opener, this.newest);
    this.legend = make('p', { class: 'legend' });
    this.status = make('p', { class: 'says', role: 'status' });
    this.canvas = make('div', { class: 'canvas' });
    this.layer = make('div', { class: 'levels-layer' });
    this.frame = make('div', { class: 'plot', tabindex: '0', role: 'group' }, this.canvas, this.layer);
    this.element.append(this.bar, this.legend, this.frame, this.status);
    this.say = speaker(this.status);
  }

  /** @returns {import('./chart_levels.js').Scale} */
  #scale() {
    const { plot } = this;
    return {
      row: () => this.row, yOf: (price) => plot.yOf(price), priceAt: (y) => plot.priceAt(y), height: () => plot.height(), axis: () => plot.axis(),
      line: (key, level, price) => plot.line(`level ${key}`, level.configured ? 'configured' : 'level', price, level.configured ? level.note : ''),
      unline: (key) => plot.unline(`level ${key}`), say: this.say,
    };
  }

  #listen() {
    const { store, settings } = this;
    store.on('state', () => this.#follow());
    store.on('selection', () => this.#follow());
    store.on('tick', (tick) => this.#take(tick));
    store.on('alert', (entry) => this.#takeAlert(entry));
    store.on('link', (link) => { if (link === 'live') this.#check(true); });
    settings.on((name) => this.#settle(name));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#settle('theme'));
    this.bar.addEventListener('click', (event) => this.#press(event));
    this.newest.addEventListener('click', () => this.plot.showNewest());
    this.frame.addEventListener('keydown', (event) => this.#key(event));
    this.plot.chart.timeScale().subscribeVisibleLogicalRangeChange(this.drawMarkersLater);
    setInterval(() => this.#check(false), 1000);
  }

  /** @param {Event} event */
  #press(event) {
    const { interval, style } = /** @type {HTMLElement} */ (event.target).dataset;
    if (interval) this.choice.interval = interval;
    if (style) this.choice.style = style;
    if (!interval && !style) return;
    try { localStorage.setItem(kKey, JSON.stringify(this.choice)); } catch { /* it holds until the page is closed */ }
    if (interval) this.#follow();
    else this.#redraw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.frame || event.ctrlKey || event.metaKey || event.altKey) return;
    const work = {
      ArrowLeft: () => this.plot.scroll(-10), ArrowRight: () => this.plot.scroll(10), PageUp: () => this.plot.scroll(-60), PageDown: () => this.plot.scroll(60),
      End: () => this.plot.showNewest(), '+': () => this.plot.zoom(1.25), '=': () => this.plot.zoom(1.25), '-': () => this.plot.zoom(0.8),
    }[event.key];
    if (!work) return;
    event.preventDefault();
    event.stopPropagation();
    work();
  }

  /** Another theme, language or zone. The style sheet's colours count from the next frame. */
  #settle(name) {
    if (name === 'zone') this.#redraw();
    requestAnimationFrame(() => {
      this.plot.wear();
      this.drawAll();
    });
  }

  /** Shows what is selected; the history is asked for when that is another. */
  #follow() {
    const { row } = this;
    if (!row) return;
    const wanted = `${row.symbol} ${this.choice.interval}`;
    if (wanted === this.#shown) return this.drawLines();
    this.#shown = wanted;
    this.#history?.drop();
    const history = this.#history = new CandleHistory(row.symbol, this.choice.interval);
    this.#redraw(false);
    history.load().then(() => {
      if (history !== this.#history) return;
      this.#checkedAt = performance.now();
      this.plot.set(history.candles, false);
      this.#askAlerts();
      this.drawAll();
    });
    return undefined;
  }

  /** The same candles in another series. */
  #redraw(keep = true) {
    const { row } = this;
    if (!row || !this.#history) return;
    this.plot.begin({ ...this.choice, zone: this.settings.get('zone'), decimals: row.decimals, tick: Number(row.tick) || 10 ** -row.decimals });
    this.levels.forgetLines();
    this.plot.set(this.#history.candles, keep);
    this.drawAll();
  }

  #take(tick) {
    const { row } = this;
    if (!row || tick.symbol !== row.symbol || !this.#history) return;
    const price = Number(tick.price);
    this.#fold(tick.ts_event_ns / 1e6, { price, low: Number(tick.low ?? price), high: Number(tick.high ?? price) }, row.trading_date);
  }

  #fold(ms, tick, tradingDate) {
    const history = /** @type {CandleHistory} */ (this.#history);
    const { candle, trimmed, begun } = history.take(ms, tick, tradingDate);
    this.#completed ||= begun;
    if (trimmed) this.plot.set(history.candles);
    else if (candle) this.plot.update(candle, candle !== history.candles.at(-1));
    if (this.#hover.ms === null) this.#drawLegend();
  }

  /** The alert comes before its tick: its own price makes the candle that carries the marker. */
  #takeAlert(entry) {
    const { alert, live } = entry;
    if (alert.instrument !== this.row?.symbol || !this.#history) return;
    if (!live) return this.drawMarkersLater();
    if (kOfTicks.has(alert.kind)) {
      const price = Number(alert.price);
      this.#fold(alert.ts_event_ns / 1e6, { price, low: price, high: price }, alert.trading_date);
    }
    this.drawMarkers();
    this.element.dataset.lastMarker = `${alert.seq} ${performance.timeOrigin + performance.now()}`;
    return undefined;
  }

  /** Candles completed since the last look are corrected by the server's. @param {boolean} now */
  async #check(now) {
    const history = this.#history;
    const since = performance.now() - this.#checkedAt;
    const due = since > (this.#completed ? kCheckMs : kCheckQuietMs);
    if (!history || this.store.link !== 'live' || document.hidden && !now || !(now || due)) return;
    this.#checkedAt = performance.now();
    this.#completed = false;
    const changed = await history.refresh();
    if (!changed || history !== this.#history) return;
    this.plot.set(history.candles);
    this.drawMarkers();
    this.#drawLegend();
  }

  async #loadOlder() {
    const history = this.#history;
    if (!history || !await history.older() || history !== this.#history) return;
    this.plot.set(history.candles);
    this.#askAlerts();
    this.drawMarkers();
  }

  /** Alerts of the candles in view that the tape does not go back to. */
  async #askAlerts() {
    const { row } = this;
    const first = this.#history?.candles[0]?.ms;
    if (!row || first === undefined) return;
    const known = this.#askedBack.get(row.symbol) ?? (this.store.alerts[0]?.alert.ts_event_ns ?? Date.now() * 1e6) / 1e6;
    if (first >= known) return;
    this.#askedBack.set(row.symbol, first);
    const query = new URLSearchParams({ instrument: row.symbol, since: new Date(first).toISOString(), until: new Date(known).toISOString(), limit: '1000' });
    try {
      const { alerts } = await ask(`/api/v1/alerts?${query}`);
      const entries = alerts.map((alert) => ({ key: `${alert.id} ${alert.event}`, alert, held: null, live: false }));
      this.#older.set(row.symbol, [...entries, ...this.#older.get(row.symbol) ?? []].slice(-2000));
      this.drawMarkers();
    } catch {
      this.#askedBack.set(row.symbol, known);
    }
  }

  #entries() {
    const own = this.store.alerts.filter(({ alert }) => alert.instrument === this.row?.symbol);
    const keys = new Set(own.map(({ key }) => key));
    return [...(this.#older.get(this.row?.symbol ?? '') ?? []).filter(({ key }) => !keys.has(key)), ...own];
  }

  drawMarkers() {
    const { row } = this;
    if (!row || !this.#history) return;
    const { candles } = this.#history;
    const how = { interval: this.choice.interval, decimals: row.decimals, colours: this.plot.colours, barsApart: this.plot.barsUnder(kLabelWidth) };
    this.plot.setMarkers(markersOf(this.#entries(), candles, how), candles);
  }
  drawMarkersLater = oncePerFrame(() => this.drawMarkers());

  drawLines() {
    const { row } = this;
    if (!row || row.price === null) return;
    const lines = linesOf(row).map((line) => ({ ...line, key: `mark ${line.key}` }));
    const keys = new Set(lines.map(({ key }) => key));
    for (const key of this.plot.lineKeys('mark ')) if (!keys.has(key)) this.plot.unline(key);
    for (const { key, kind, price, title } of lines) this.plot.line(key, /** @type {any} */ (kind), price, title);
  }

  drawAll() {
    const { row, choice } = this;
    if (!row) return;
    this.element.dataset.symbol = row.symbol;
    this.element.dataset.interval = choice.interval;
    say(this.name, nameText(row));
    const interval = spoken() === 'ja' ? kJapanese[choice.interval] : choice.interval;
    this.frame.setAttribute('aria-label', t('chart.plot', { name: nameText(row), interval }));
    for (const button of this.bar.querySelectorAll('[data-interval], [data-style]')) {
      const { interval: own, style } = /** @type {HTMLElement} */ (button).dataset;
      button.textContent = own ? (spoken() === 'ja' ? kJapanese[own] : own) : t(`chart.${style}`);
      button.setAttribute('aria-pressed', String((own ?? style) === (own ? choice.interval : choice.style)));
    }
    this.drawLines();
    this.levels.draw();
    this.drawMarkers();
    this.#drawLegend();
  }

  #drawLegend() {
    const { row } = this;
    const history = this.#history;
    if (!row || !history) return;
    const entry = this.#hover.marker && this.#entries().find(({ key }) => key === this.#hover.marker);
    if (entry) return say(this.legend, spoken() === 'ja' ? entry.alert.title_ja : entry.alert.title);
    if (history.state === 'loading') return say(this.legend, t('chart.loading'));
    const candle = (this.#hover.ms !== null && history.candles.find(({ ms }) => ms === this.#hover.ms)) || history.candles.at(-1);
    const price = (/** @type {number} */ value) => priceText(value.toFixed(row.decimals), row.decimals);
    const parts = history.state === 'failed' ? [t('chart.ticks', { why: history.problem })] : [];
    if (candle) {
      const zone = this.choice.interval === '1d' ? '' : ` ${zoneText(this.settings.get('zone'))}`;
      const { open, high, low, close } = candle;
      parts.unshift(`${this.plot.timeText(candle.ms)}${zone}`, t('chart.ohlc', { open: price(open), high: price(high), low: price(low), close: price(close) }),
        percentText((close / open - 1) * 100));
    }
    if (history.full && this.plot.first === this.#hover.ms) parts.push(t('chart.full'));
    return say(this.legend, parts.join('   '));
  }

  /** @param {string | null} marker @param {number | null} price */
  #click(marker, price) {
    if (price !== null && this.form.click(price)) return;
    const entry = marker && this.#entries().find(({ key }) => key === marker);
    if (entry) this.store.open(entry);
  }
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, app) { new Chart(element, app); }
