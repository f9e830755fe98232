// The ticks a minute before and after an alert, drawn small, with the moment and the levels marked.

import { ask } from './api.js';
import { clockText, priceText } from './format.js';
import { coloursOf } from './price_plot.js';

export const kAroundMs = 60_000;
const kPad = { left: 8, right: 74, top: 10, bottom: 20 };

/** @typedef {{ms: number, price: number}} Point */

/** @param {any} alert @returns {Promise<{points: Point[], complete: boolean}>} */
export async function ticksAround(alert) {
  const ms = Math.floor(alert.ts_event_ns / 1e6);
  const query = new URLSearchParams({
    instrument: alert.instrument, from: `${ms - kAroundMs}000000`, to: `${ms + kAroundMs}999999`, limit: '10000',
  });
  const { ticks, complete } = await ask(`/api/v1/ticks?${query}`);
  return { points: ticks.map((/** @type {any} */ tick) => ({ ms: tick.ts_event_ns / 1e6, price: Number(tick.price) })), complete };
}

/** Lowest and highest of prices and levels near them, with a little air. @param {Point[]} points @param {number[]} levels */
export function rangeOf(points, levels) {
  const prices = points.map(({ price }) => price);
  let [low, high] = [Math.min(...prices), Math.max(...prices)];
  const reach = Math.max(high - low, low * 1e-5) * 1.5;
  for (const level of levels) {
    if (level >= low - reach && level <= high + reach) [low, high] = [Math.min(low, level), Math.max(high, level)];
  }
  const air = Math.max((high - low) * 0.08, low * 1e-6);
  return { low: low - air, high: high + air };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{points: Point[], at: number, price: number | null, levels: number[], decimals: number, zone: string}} what
 */
export function drawTicks(canvas, { points, at, price, levels, decimals, zone }) {
  const { width, height } = canvas.getBoundingClientRect();
  const pen = canvas.getContext('2d');
  if (!pen || width === 0 || points.length === 0) return;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  pen.scale(ratio, ratio);
  pen.font = `11px ${getComputedStyle(canvas).fontFamily}`;
  const colours = coloursOf(canvas);
  const { low, high } = rangeOf(price === null ? points : [...points, { ms: at, price }], levels);
  const x = (/** @type {number} */ ms) => kPad.left + (ms - at + kAroundMs) / (2 * kAroundMs) * (width - kPad.left - kPad.right);
  const y = (/** @type {number} */ value) => kPad.top + (high - value) / (high - low) * (height - kPad.top - kPad.bottom);
  const right = width - kPad.right;

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} colour @param {number[]} dash */
  const rule = (x1, y1, x2, y2, colour, dash) => {
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
    pen.setLineDash([]);
  };
  pen.fillStyle = colours.soft;
  pen.textAlign = 'center';
  for (const s of [-60, -30, 0, 30, 60]) {
    const there = x(at + s * 1e3);
    rule(there, kPad.top, there, height - kPad.bottom, s === 0 ? colours.soft : colours.line, s === 0 ? [2, 3] : []);
    const text = s === 0 ? clockText(at, zone) : `${s > 0 ? '+' : '−'}${Math.abs(s)} s`;
    pen.textAlign = s === -60 ? 'left' : 'center';
    pen.fillText(text, Math.max(2, there), height - 5);
  }
  pen.textAlign = 'left';
  const label = (/** @type {number} */ value, /** @type {string} */ colour) => {
    pen.fillStyle = colour;
    pen.fillText(priceText(value.toFixed(decimals), decimals), right + 6, Math.min(height - kPad.bottom, Math.max(kPad.top + 4, y(value) + 4)));
  };
  for (const level of levels) {
    if (level < low || level > high) continue;
    rule(kPad.left, y(level), right, y(level), colours.low, [5, 3]);
    label(level, colours.low);
  }
  // Every price holds until the next one: steps, not slopes.
  pen.save();
  pen.beginPath();
  pen.rect(kPad.left, 0, right - kPad.left, height);
  pen.clip();
  pen.strokeStyle = colours.ink;
  pen.lineWidth = 1.4;
  pen.beginPath();
  points.forEach((point, index) => {
    if (index === 0) pen.moveTo(x(point.ms), y(point.price));
    else {
      pen.lineTo(x(point.ms), y(points[index - 1].price));
      pen.lineTo(x(point.ms), y(point.price));
    }
  });
  pen.stroke();
  pen.restore();
  if (price === null) return;
  pen.fillStyle = colours.critical;
  pen.strokeStyle = colours.panel;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x(at), y(price), 4.5, 0, 7);
  pen.fill();
  pen.stroke();
  if (!levels.some((level) => Math.abs(y(level) - y(price)) < 13)) label(price, colours.ink);
}
