// Prices over time: history from the server, ticks on top, alerts and levels where they belong.

import { CandleHistory } from './candle_history.js';
import { ChartAlerts } from './chart_alerts.js';
import { ChartFrame, chosen, keepChoice } from './chart_frame.js';
import { Levels } from './chart_levels.js';
import { kOfTicks, linesOf, markersOf } from './chart_marks.js';
import { oncePerFrame, say } from './dom.js';
import { priceText, zoneText } from './format.js';
import { LevelBook } from './level_book.js';
import { levelForm } from './level_form.js';
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

const kCheckMs = 5000;        // ticks are corrected by the server's candles at most this often,
const kCheckQuietMs = 30_000; // and this often when no candle was completed
const kMarkEveryMs = 30;     // an alert is marked at once, a burst of them once a frame
const kLabelWidth = 86;       // pixels that a marker's words take

class Chart {
  /** @type {CandleHistory | null} */
  #history = null;
  #shown = '';            // symbol and interval of #history
  #checkedAt = 0;
  #completed = false;     // a candle was, since the last check
  /** @type {number | null} the newest alert that has no marker yet */
  #unmarked = null;
  #markedAt = 0;
  /** @type {{ms: number | null, marker: string | null}} what the pointer is on */
  #hover = { ms: null, marker: null };

  /** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
  constructor(element, { store, settings }) {
    this.element = element;
    this.store = store;
    this.settings = settings;
    this.choice = chosen();
    this.alerts = new ChartAlerts(store);
    const frame = this.frame = new ChartFrame(element);
    const place = oncePerFrame(() => this.levels.place());
    const plot = this.plot = new PricePlot(frame.canvas, {
      moved: place,
      clicked: (marker, price) => this.#click(marker, price),
      hovered: (ms, marker) => {
        this.#hover = { ms, marker };
        this.#drawLegend();
      },
      nearStart: oncePerFrame(() => this.#loadOlder()),
      zoomed: this.drawMarkersLater,
    });
    this.levels = new Levels(frame.layer, new LevelBook(store), {
      row: () => this.row, yOf: (price) => plot.yOf(price), priceAt: (y) => plot.priceAt(y), height: () => plot.height(), axis: () => plot.axis(),
      line: (key, { configured, note }, price) => plot.line(`level ${key}`, configured ? 'configured' : 'level', price, configured ? note : ''),
      unline: (key) => plot.unline(`level ${key}`), say: (text, undo) => frame.say(text, undo),
    });
    this.form = levelForm(this.levels, frame.opener);
    frame.bar.after(this.form.form);
    this.#listen();
    translate(element);
  }

  get row() { return this.store.instruments.get(this.store.selected ?? '')?.row ?? null; }

  #listen() {
    const { store, settings, frame } = this;
    store.on('state', () => this.#follow());
    store.on('selection', () => this.#follow());
    store.on('tick', (tick) => this.#take(tick));
    store.on('alert', (entry) => this.#takeAlert(entry));
    store.on(/** @type {any} */ ('forget'), () => this.#forget());
    store.on('link', (link) => { if (link === 'live') this.#check(true); });
    settings.on((name) => this.#settle(name));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#settle('theme'));
    frame.bar.addEventListener('click', (event) => this.#press(event));
    frame.newest.addEventListener('click', () => this.plot.showNewest());
    frame.plot.addEventListener('keydown', (event) => this.#key(event));
    setInterval(() => this.#check(false), 1000);
  }

  /** @param {Event} event */
  #press(event) {
    const { interval, style } = /** @type {HTMLElement} */ (event.target).dataset;
    if (!interval && !style) return;
    Object.assign(this.choice, interval ? { interval } : { style });
    keepChoice(this.choice);
    if (interval) this.#follow();
    else this.#redraw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.frame.plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const { plot } = this;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => plot.scroll(-10), ArrowRight: () => plot.scroll(10), PageUp: () => plot.scroll(-60), PageDown: () => plot.scroll(60),
      End: () => plot.showNewest(), '+': () => plot.zoom(1.25), '=': () => plot.zoom(1.25), '-': () => plot.zoom(0.8),
    };
    const work = keys[event.key];
    if (!work) return;
    event.preventDefault();
    event.stopPropagation();
    work();
  }

  /** Another theme, language or zone. The style sheet's colours count from the next frame. @param {string} name */
  #settle(name) {
    if (name === 'zone') this.#redraw();
    requestAnimationFrame(() => {
      this.plot.wear();
      this.drawAll();
    });
  }

  /** Shows what is selected; the history is asked for when that is another. */
  async #follow() {
    const { row } = this;
    if (!row) return;
    const wanted = `${row.symbol} ${this.choice.interval}`;
    if (wanted === this.#shown) {
      this.drawLines();
      return;
    }
    this.#shown = wanted;
    this.#history?.drop();
    const history = this.#history = new CandleHistory(row.symbol, this.choice.interval);
    this.#redraw(false);
    await history.load();
    if (history !== this.#history) return;
    this.#checkedAt = performance.now();
    if (history.candles.length === 0 && row.price !== null) {  // nothing yet: the last price is something to begin with
      const price = Number(row.price);
      history.take(row.ts_event_ns / 1e6, { price, low: price, high: price }, row.trading_date);
    }
    this.plot.set(history.candles, false);
    this.#askAlerts();
    this.drawAll();
  }

  /** Another monitor answers: what it knows may be other. */
  #forget() {
    this.alerts.forget();
    this.#shown = '';
    this.#follow();
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

  /** @param {any} tick */
  #take(tick) {
    const { row } = this;
    if (!row || tick.symbol !== row.symbol || !this.#history) return;
    const price = Number(tick.price);
    this.#fold(this.#history, tick.ts_event_ns / 1e6, { price, low: Number(tick.low ?? price), high: Number(tick.high ?? price) }, row.trading_date);
  }

  /** @param {CandleHistory} history @param {number} ms @param {{price: number, low: number, high: number}} tick @param {string | null} tradingDate */
  #fold(history, ms, tick, tradingDate) {
    const { candle, trimmed, begun } = history.take(ms, tick, tradingDate);
    this.#completed ||= begun;
    if (trimmed) this.plot.set(history.candles);
    else if (candle) this.plot.update(candle, candle !== history.candles.at(-1));
    if (this.#hover.ms === null) this.#drawLegend();
  }

  /** The alert comes before its tick: its own price makes the candle that carries the marker. @param {import('./store.js').TapeEntry} entry */
  #takeAlert(entry) {
    const alert = /** @type {any} */ (entry.alert);
    const history = this.#history;
    if (alert.instrument !== this.row?.symbol || !history) return;
    if (!entry.live) {
      this.drawMarkersLater();
      return;
    }
    if (kOfTicks.has(alert.kind)) {
      const price = Number(alert.price);
      this.#fold(history, alert.ts_event_ns / 1e6, { price, low: price, high: price }, alert.trading_date);
    }
    this.#unmarked = alert.seq;
    if (performance.now() - this.#markedAt > kMarkEveryMs) this.drawMarkers();
    else this.drawMarkersLater();
  }

  /** Candles completed since the last look are corrected by the server's. @param {boolean} now */
  async #check(now) {
    const history = this.#history;
    const due = performance.now() - this.#checkedAt > (this.#completed ? kCheckMs : kCheckQuietMs);
    if (!history || this.store.link !== 'live' || (!now && (document.hidden || !due))) return;
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

  async #askAlerts() {
    const first = this.#history?.candles[0]?.ms;
    if (this.row && first !== undefined && await this.alerts.askBack(this.row.symbol, first)) this.drawMarkers();
  }

  drawMarkers() {
    const { row } = this;
    if (!row || !this.#history) return;
    const { candles } = this.#history;
    const how = { interval: this.choice.interval, decimals: row.decimals, colours: this.plot.colours, barsApart: this.plot.barsUnder(kLabelWidth) };
    this.plot.setMarkers(markersOf(this.alerts.of(row.symbol), candles, how), candles);
    this.#markedAt = performance.now();
    if (this.#unmarked === null) return;
    this.element.dataset.lastMarker = `${this.#unmarked} ${performance.timeOrigin + this.#markedAt}`;
    this.#unmarked = null;
  }
  drawMarkersLater = oncePerFrame(() => this.drawMarkers());

  drawLines() {
    const { row } = this;
    if (!row || row.price === null) return;
    const lines = linesOf(row).map((line) => ({ ...line, key: `mark ${line.key}` }));
    const keys = new Set(lines.map(({ key }) => key));
    for (const key of this.plot.lineKeys('mark ')) if (!keys.has(key)) this.plot.unline(key);
    for (const { key, kind, price, title } of lines) this.plot.line(key, kind, price, title);
  }

  drawAll() {
    const { row, choice } = this;
    if (!row) return;
    this.element.dataset.symbol = row.symbol;
    this.element.dataset.interval = choice.interval;
    this.frame.draw(nameText(row), choice);
    this.drawLines();
    this.levels.draw();
    this.drawMarkers();
    this.#drawLegend();
  }

  #drawLegend() {
    const { row } = this;
    const history = this.#history;
    if (!row || !history) return;
    this.element.dataset.candles = `${history.state} ${history.candles.length}`;  // for tests
    say(this.frame.legend, this.#legend(row, history));
  }

  /** @param {any} row @param {CandleHistory} history */
  #legend(row, history) {
    const entry = this.alerts.find(row.symbol, this.#hover.marker);
    if (entry) return spoken() === 'ja' ? entry.alert.title_ja : entry.alert.title;
    if (history.state === 'loading') return t('chart.loading');
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
    return parts.join('   ');
  }

  /** @param {string | null} marker @param {number | null} price */
  #click(marker, price) {
    if (price !== null && this.form.click(price)) return;
    const entry = this.row && this.alerts.find(this.row.symbol, marker);
    if (entry) this.store.open(entry);
  }
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, app) { new Chart(element, app); }
