// The drawing of one series of candles: a thin layer over lightweight-charts that speaks in
// milliseconds UTC and wears the page's colours. It knows no store and asks no server.

import {
  CandlestickSeries, ColorType, createChart, createSeriesMarkers, CrosshairMode, LineSeries, LineStyle, TickMarkType,
} from '../vendor/lightweight-charts.js';
import { indexAt } from './candles.js';
import { clockText, dayText, priceText, zoneAheadMs } from './format.js';

const kNames = ['panel', 'ink', 'soft', 'line', 'up', 'down', 'critical', 'high', 'low', 'info'];
const kRightOffset = 6;  // candles' room for what comes next

/** @typedef {'milestone' | 'record' | 'level' | 'configured'} LineKind */

const kDashes = { milestone: LineStyle.Dotted, record: LineStyle.LargeDashed, configured: LineStyle.Dashed, level: LineStyle.Solid };
/** @type {Record<LineKind, string>} */
const kLineColours = { milestone: 'soft', record: 'high', configured: 'low', level: 'low' };

/** Only what a person put there stands out. @param {LineKind} kind @param {Record<string, string>} c */
function labelColours(kind, c) {
  const own = c[kLineColours[kind]];
  return kind === 'level' ? { axisLabelColor: own, axisLabelTextColor: c.panel } : { axisLabelColor: c.panel, axisLabelTextColor: own };
}

/** @param {Element} element @returns {Record<string, string>} */
export function coloursOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(kNames.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

export class PricePlot {
  /** @type {any} */
  #series = null;
  /** @type {any} */
  #markers = null;
  #style = 'candles';
  #interval = '1m';
  #zone = 'market';
  #ahead = 0;
  #decimals = 2;
  /** @type {Map<string, {text: string, kind: LineKind, line: any}>} */
  #lines = new Map();
  /** @type {Record<string, string>} */
  colours = {};
  /** @type {import('./candles.js').Candle[]} */
  #candles = [];
  /** @type {{range: any, atEnd: boolean} | null} of the series before, until the next one has its candles */
  #view = null;

  /** @param {HTMLElement} element @param {{moved: () => void, clicked: (marker: string | null, price: number | null) => void,
   *   hovered: (ms: number | null, marker: string | null) => void, nearStart: () => void, zoomed: () => void}} events */
  constructor(element, events) {
    this.element = element;
    this.events = events;
    this.chart = createChart(element, {
      autoSize: true,
      layout: { attributionLogo: false, background: { type: ColorType.Solid, color: 'transparent' }, fontFamily: getComputedStyle(element).fontFamily, fontSize: 11 },
      handleScroll: { vertTouchDrag: false },  // a finger scrolls the page up and down, the chart sideways
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { scaleMargins: { top: 0.12, bottom: 0.12 }, minimumWidth: 72 },
      timeScale: { timeVisible: true, rightOffset: kRightOffset, minBarSpacing: 0.6, tickMarkFormatter: (/** @type {any} */ time, /** @type {number} */ type) => this.#tickText(time, type) },
      localization: { timeFormatter: (/** @type {any} */ time) => this.#timeText(time), priceFormatter: (/** @type {number} */ price) => priceText(price.toFixed(this.#decimals), this.#decimals) },
    });
    this.chart.subscribeClick((at) => events.clicked(hovered(at), at.point ? this.priceAt(at.point.y) : null));
    this.chart.subscribeCrosshairMove((at) => events.hovered(at.time === undefined ? null : this.#msOf(at.time), hovered(at)));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      events.zoomed();
      if (range && range.from < 40) events.nearStart();
    });
    this.wear();
  }

  /** @param {any} time */
  #msOf(time) { return Number(time) * 1000 - this.#ahead; }
  /** @param {number} ms */
  #timeOf(ms) { return /** @type {any} */ ((ms + this.#ahead) / 1000); }

  /** @param {any} time @param {number} type */
  #tickText(time, type) {
    const ms = this.#msOf(time);
    const zone = this.#interval === '1d' ? 'utc' : this.#zone;
    if (type === TickMarkType.Year) return String(new Date(ms + this.#ahead).getUTCFullYear());
    if (type === TickMarkType.Month || type === TickMarkType.DayOfMonth) return dayText(ms, zone);
    const clock = clockText(ms, zone);
    return type === TickMarkType.TimeWithSeconds ? clock : clock.slice(0, 5);
  }

  /** @param {any} time */
  #timeText(time) { return this.timeText(this.#msOf(time)); }

  /** A candle's time for people. @param {number} ms */
  timeText(ms) {
    if (this.#interval === '1d') return dayText(ms, 'utc');
    return `${dayText(ms, this.#zone)} ${clockText(ms, this.#zone)}`;
  }

  /** What is drawn, and how. The series begins empty. @param {{style: string, interval: string, zone: string, decimals: number, tick: number}} how */
  begin({ style, interval, zone, decimals, tick }) {
    this.#style = style;
    this.#interval = interval;
    this.#zone = zone;
    this.#decimals = decimals;
    if (this.#series) {
      this.#view = this.#viewNow();
      this.chart.removeSeries(this.#series);
    }
    this.#lines.clear();
    const priceFormat = { type: 'custom', minMove: tick, formatter: (/** @type {number} */ price) => priceText(price.toFixed(decimals), decimals) };
    this.#series = this.chart.addSeries(style === 'line' ? LineSeries : CandlestickSeries, /** @type {any} */ ({ priceFormat }));
    this.#markers = createSeriesMarkers(this.#series, []);
    this.#series.attachPrimitive({ updateAllViews: () => this.events.moved() });
    this.chart.timeScale().applyOptions({ secondsVisible: interval.endsWith('s'), timeVisible: interval !== '1d' });
    this.wear();
  }

  /** @param {import('./candles.js').Candle} candle */
  #barOf({ ms, open, high, low, close }) {
    const time = this.#timeOf(ms);
    return this.#style === 'line' ? { time, value: close } : { time, open, high, low, close };
  }

  /** All of them; the view stays where it was, by time. @param {import('./candles.js').Candle[]} candles @param {boolean} [keep] */
  set(candles, keep = true) {
    const scale = this.chart.timeScale();
    const { range, atEnd } = this.#view ?? this.#viewNow();
    this.#view = null;
    const newest = candles.at(-1)?.ms ?? 0;
    this.#ahead = this.#interval === '1d' ? 0 : zoneAheadMs(this.#zone, newest);
    this.#series.setData(candles.map((candle) => this.#barOf(candle)));
    const before = this.#candles;
    this.#candles = candles;
    if (!keep || !range || before.length === 0 || candles.length === 0) this.showNewest();
    else if (!atEnd) {
      // Logical places count from the first candle: what was added in front or taken away there moves them.
      const added = Math.max(0, indexAt(candles, before[0].ms)) - Math.max(0, indexAt(before, candles[0].ms));
      scale.setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
    }
  }

  #viewNow() {
    const scale = this.chart.timeScale();
    return { range: scale.getVisibleLogicalRange(), atEnd: scale.scrollPosition() >= 0 };
  }

  /** @returns {number | null} where the first candle begins */
  get first() { return this.#candles[0]?.ms ?? null; }

  /** @param {import('./candles.js').Candle} candle @param {boolean} late not the last */
  update(candle, late) { this.#series.update(this.#barOf(candle), late); }

  /** The newest candles; few of them stand wide. */
  showNewest() {
    const room = this.chart.timeScale().width() / (this.#candles.length + kRightOffset);
    const usual = this.#style === 'line' ? 3 : 6;
    this.chart.timeScale().applyOptions({ barSpacing: Math.min(4 * usual, Math.max(usual, room)) });
    this.chart.timeScale().scrollToRealTime();
  }

  /** @param {ReturnType<typeof import('./chart_marks.js').markersOf>} markers @param {import('./candles.js').Candle[]} candles */
  setMarkers(markers, candles) {
    this.#markers.setMarkers(markers.map(({ id, at, up, shape, size, colour, text }) => ({
      id, text, size, shape, color: colour, time: this.#timeOf(candles[at].ms), position: up ? 'belowBar' : 'aboveBar',
    })));
  }

  /** How many candles a label of `width` pixels covers. @param {number} width */
  barsUnder(width) { return Math.ceil(width / Math.max(0.6, this.chart.timeScale().options().barSpacing)); }

  /** @param {string} key @param {LineKind} kind @param {number} price @param {string} title */
  line(key, kind, price, title) {
    const text = `${kind} ${price} ${title}`;
    const known = this.#lines.get(key);
    if (known?.text === text) return;
    const options = {
      price, title, color: this.colours[kLineColours[kind]], lineWidth: /** @type {const} */ (1), lineStyle: kDashes[kind],
      axisLabelVisible: true, ...labelColours(kind, this.colours),
    };
    if (known) known.line.applyOptions(options);
    this.#lines.set(key, { text, kind, line: known?.line ?? this.#series.createPriceLine(options) });
  }

  /** @param {string} key */
  unline(key) {
    const known = this.#lines.get(key);
    if (known) this.#series.removePriceLine(known.line);
    this.#lines.delete(key);
  }

  /** @param {string} prefix @returns {string[]} */
  lineKeys(prefix) { return [...this.#lines.keys()].filter((key) => key.startsWith(prefix)); }

  /** @param {number} price @returns {number | null} */
  yOf(price) { return this.#series?.priceToCoordinate(price) ?? null; }
  /** @param {number} y @returns {number | null} */
  priceAt(y) { return this.#series?.coordinateToPrice(y) ?? null; }
  height() { return this.chart.panes()[0]?.getHeight() ?? 0; }
  axis() { return this.chart.priceScale('right').width(); }

  /** @param {number} bars */
  scroll(bars) { this.chart.timeScale().scrollToPosition(this.chart.timeScale().scrollPosition() + bars, false); }
  /** @param {number} factor */
  zoom(factor) {
    const spacing = this.chart.timeScale().options().barSpacing * factor;
    this.chart.timeScale().applyOptions({ barSpacing: Math.min(60, Math.max(0.6, spacing)) });
  }

  /** The colours of the page, which may have changed. */
  wear() {
    const c = this.colours = coloursOf(this.element);
    const grid = { color: c.line };
    this.chart.applyOptions({
      layout: { textColor: c.soft }, grid: { vertLines: grid, horzLines: grid },
      rightPriceScale: { borderColor: c.line }, timeScale: { borderColor: c.line },
      crosshair: { vertLine: { color: c.soft, labelBackgroundColor: c.ink }, horzLine: { color: c.soft, labelBackgroundColor: c.ink } },
    });
    this.#series?.applyOptions(this.#style === 'line'
      ? { color: c.low, lineWidth: 2, priceLineColor: c.ink }
      : { upColor: c.up, downColor: c.down, wickUpColor: c.up, wickDownColor: c.down, borderVisible: false, priceLineColor: c.ink });
    for (const { kind, line } of this.#lines.values()) {
      line.applyOptions({ color: c[kLineColours[kind]], ...labelColours(kind, c) });
    }
  }
}

/** @param {import('../vendor/lightweight-charts.js').MouseEventParams} at @returns {string | null} */
function hovered(at) {
  const id = at.hoveredInfo?.objectId ?? at.hoveredObjectId;
  return typeof id === 'string' ? id : null;
}
