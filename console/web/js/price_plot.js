// The drawing of one series of candles: a thin layer over lightweight-charts that speaks in
// milliseconds UTC and wears the page's colours. It knows no store and asks no server.

import {
  CandlestickSeries, ColorType, createChart, createSeriesMarkers, CrosshairMode, LineSeries, LineStyle, TickMarkType,
} from '../vendor/lightweight-charts.js';
import { clockText, dayText, priceText, zoneAheadMs } from './format.js';

const kNames = ['panel', 'ink', 'soft', 'line', 'up', 'down', 'critical', 'high', 'low', 'info'];
const kDashes = { milestone: LineStyle.Dotted, record: LineStyle.LargeDashed, configured: LineStyle.Dashed, level: LineStyle.Solid };
const kLineColours = { milestone: 'soft', record: 'high', configured: 'low', level: 'low' };

/** @param {Element} element @returns {Record<string, string>} */
export function coloursOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(kNames.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

export class PricePlot {
  /** @type {any} */
  #series = null;
  #markers;
  #style = 'candles';
  #interval = '1m';
  #zone = 'market';
  #ahead = 0;
  #decimals = 2;
  #lines = new Map();
  colours = {};

  /** @param {HTMLElement} element @param {{moved: () => void, clicked: (marker: string | null, price: number | null) => void,
   *   hovered: (ms: number | null, marker: string | null) => void, nearStart: () => void}} events */
  constructor(element, events) {
    this.element = element;
    this.events = events;
    this.chart = createChart(element, {
      autoSize: true,
      layout: { attributionLogo: false, background: { type: ColorType.Solid, color: 'transparent' }, fontFamily: getComputedStyle(element).fontFamily, fontSize: 11 },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { scaleMargins: { top: 0.12, bottom: 0.12 }, minimumWidth: 72 },
      timeScale: { timeVisible: true, rightOffset: 6, minBarSpacing: 0.6, tickMarkFormatter: (time, type) => this.#tickText(time, type) },
      localization: { timeFormatter: (time) => this.#timeText(time), priceFormatter: (price) => priceText(price.toFixed(this.#decimals), this.#decimals) },
    });
    this.chart.subscribeClick((at) => events.clicked(hovered(at), at.point ? this.priceAt(at.point.y) : null));
    this.chart.subscribeCrosshairMove((at) => events.hovered(at.time === undefined ? null : this.#msOf(at.time), hovered(at)));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => { if (range && range.from < 40) events.nearStart(); });
    this.wear();
  }

  #msOf(time) { return Number(time) * 1000 - this.#ahead; }
  #timeOf(ms) { return /** @type {any} */ ((ms + this.#ahead) / 1000); }

  #tickText(time, type) {
    const ms = this.#msOf(time);
    const zone = this.#interval === '1d' ? 'utc' : this.#zone;
    if (type === TickMarkType.Year) return String(new Date(ms + this.#ahead).getUTCFullYear());
    if (type === TickMarkType.Month || type === TickMarkType.DayOfMonth) return dayText(ms, zone);
    const clock = clockText(ms, zone);
    return type === TickMarkType.TimeWithSeconds ? clock : clock.slice(0, 5);
  }

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
    if (this.#series) this.chart.removeSeries(this.#series);
    this.#lines.clear();
    const priceFormat = { type: 'custom', minMove: tick, formatter: (price) => priceText(price.toFixed(decimals), decimals) };
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
    const range = keep ? scale.getVisibleLogicalRange() : null;
    const atEnd = scale.scrollPosition() >= 0;
    const first = this.first;
    const newest = candles.at(-1)?.ms ?? 0;
    this.#ahead = this.#interval === '1d' ? 0 : zoneAheadMs(this.#zone, newest);
    this.#series.setData(candles.map((candle) => this.#barOf(candle)));
    this.first = candles[0]?.ms ?? null;
    if (!range) this.showNewest();
    else if (!atEnd && first !== null) {
      const added = candles.findIndex((candle) => candle.ms >= first);
      if (added > 0) scale.setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
    }
  }
  /** @type {number | null} */
  first = null;

  /** @param {import('./candles.js').Candle} candle @param {boolean} late not the last */
  update(candle, late) { this.#series.update(this.#barOf(candle), late); }

  showNewest() {
    this.chart.timeScale().applyOptions({ barSpacing: this.#style === 'line' ? 3 : 6 });
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

  /** @param {string} key @param {'milestone' | 'record' | 'level' | 'configured'} kind @param {number} price @param {string} title */
  line(key, kind, price, title) {
    const text = `${kind} ${price} ${title}`;
    const known = this.#lines.get(key);
    if (known?.text === text) return;
    const options = {
      price, title, color: this.colours[kLineColours[kind]], lineWidth: /** @type {const} */ (1), lineStyle: kDashes[kind],
      axisLabelVisible: true, axisLabelColor: this.colours[kLineColours[kind]], axisLabelTextColor: this.colours.panel,
    };
    if (known) known.line.applyOptions(options);
    this.#lines.set(key, { text, kind, line: known?.line ?? this.#series.createPriceLine(options) });
  }

  unline(key) {
    const known = this.#lines.get(key);
    if (known) this.#series.removePriceLine(known.line);
    this.#lines.delete(key);
  }

  /** @param {string} prefix @returns {string[]} */
  lineKeys(prefix) { return [...this.#lines.keys()].filter((key) => key.startsWith(prefix)); }

  yOf(price) { return this.#series?.priceToCoordinate(price) ?? null; }
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
      line.applyOptions({ color: c[kLineColours[kind]], axisLabelColor: c[kLineColours[kind]], axisLabelTextColor: c.panel });
    }
  }
}

/** @param {import('../vendor/lightweight-charts.js').MouseEventParams} at @returns {string | null} */
function hovered(at) {
  const id = at.hoveredInfo?.objectId ?? at.hoveredObjectId;
  return typeof id === 'string' ? id : null;
}
