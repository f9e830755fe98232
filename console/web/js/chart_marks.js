// What stands on the chart beside prices: alerts as markers, things ahead as lines. Pure but for words.

import { indexAt } from './candles.js';
import { marksOf } from './distances.js';
import { kindText, percentText, recordText, shortPrice } from './market_words.js';
import { markText } from './distance_board.js';
import { addWords, t } from './words.js';

addWords({
  en: { 'mark.score': 'Intervention {score}/{most}', 'mark.more': '{text} +{n}', 'mark.back': 'data back', 'mark.gone': 'no data' },
  ja: { 'mark.score': '介入 {score}/{most}', 'mark.more': '{text} 他{n}件', 'mark.back': '配信再開', 'mark.gone': '配信途絶' },
});

export const kSeverities = ['info', 'low', 'high', 'critical'];
const rank = (/** @type {{severity: string}} */ alert) => kSeverities.indexOf(alert.severity);

/** Kinds whose price is that of an accepted tick at ts_event_ns. */
export const kOfTicks = new Set(['milestone', 'level', 'record', 'move', 'cusum', 'period', 'intervention']);

/** A few words that say what an alert is about. @param {any} alert @param {number} decimals */
export function labelOf(alert, decimals) {
  switch (alert.kind) {
    case 'milestone':
    case 'level': return shortPrice(alert.level ?? alert.price, decimals);
    case 'record': return recordText(alert.horizons?.[0] ?? 'session', alert.direction !== 'down');
    case 'move':
    case 'cusum': return percentText(alert.change_pct ?? 0);
    case 'period': return percentText(alert.level_pct ?? 0, 1);
    case 'intervention': return t('mark.score', { score: alert.score, most: alert.score_max });
    case 'stale': return t(alert.event === 'recovered' ? 'mark.back' : 'mark.gone');
    default: return kindText(alert.kind);
  }
}

// Shape and size tell the severity without colour: square, arrow, large dot, small dot.
/** @type {Record<string, [string, number]>} */
const kShapes = { critical: ['square', 1.3], high: ['arrow', 1.1], low: ['circle', 0.7], info: ['circle', 0.4] };

/**
 * One marker for all alerts of a candle and direction: the most severe speaks, the newest of equals.
 * @param {import('./store.js').TapeEntry[]} entries of one instrument @param {import('./candles.js').Candle[]} candles
 * @param {{interval: string, decimals: number, colours: Record<string, string>, barsApart: number}} how
 * @returns {{id: string, at: number, up: boolean, shape: string, size: number, colour: string, text: string}[]} rising `at`,
 *   which counts candles
 */
export function markersOf(entries, candles, { interval, decimals, colours, barsApart }) {
  /** @type {Map<string, {entry: import('./store.js').TapeEntry, at: number, up: boolean, count: number}>} */
  const spots = new Map();
  for (const entry of entries) {
    const alert = /** @type {any} */ (entry.alert);
    const day = interval === '1d' && alert.trading_date ? Date.parse(alert.trading_date) : NaN;
    const at = indexAt(candles, Number.isNaN(day) ? alert.ts_event_ns / 1e6 : day);
    if (at < 0) continue;
    const up = alert.direction !== 'down';
    const key = `${at} ${up}`;
    const spot = spots.get(key);
    if (!spot) spots.set(key, { entry, at, up, count: 1 });
    else {
      ++spot.count;
      if (rank(alert) >= rank(spot.entry.alert)) spot.entry = entry;
    }
  }
  const labelled = labels([...spots.values()], barsApart);
  return [...spots.values()].sort((a, b) => a.at - b.at).map((spot) => {
    const { entry, at, up, count } = spot;
    const [shape, size] = kShapes[entry.alert.severity] ?? kShapes.info;
    const label = labelOf(entry.alert, decimals);
    return {
      id: entry.key, at, up, size, shape: shape === 'arrow' ? (up ? 'arrowUp' : 'arrowDown') : shape,
      colour: entry.held ? colours.soft : colours[entry.alert.severity] ?? colours.info,
      text: !labelled.has(spot) ? '' : count > 1 ? t('mark.more', { text: label, n: count - 1 }) : label,
    };
  });
}

/** Those that have room for words: the most severe first, then the newest.
 * @param {{entry: import('./store.js').TapeEntry, at: number, up: boolean}[]} spots @param {number} barsApart */
function labels(spots, barsApart) {
  /** @type {Set<any>} */
  const chosen = new Set();
  const order = [...spots].sort((a, b) => rank(b.entry.alert) - rank(a.entry.alert) || b.at - a.at);
  // One label at most lies in a stretch of barsApart candles, so only the stretches beside are looked at.
  /** @type {Map<string, number>} */
  const taken = new Map();
  for (const spot of order) {
    const stretch = Math.floor(spot.at / barsApart);
    const near = (/** @type {number} */ there) => Math.abs((taken.get(`${there} ${spot.up}`) ?? -Infinity) - spot.at) < barsApart;
    if (near(stretch - 1) || near(stretch) || near(stretch + 1)) continue;
    taken.set(`${stretch} ${spot.up}`, spot.at);
    chosen.add(spot);
  }
  return chosen;
}

/**
 * Lines for milestones and records; levels have lines of their own. @param {any} row
 * @returns {{key: string, kind: 'milestone' | 'record', price: number, title: string}[]}
 */
export function linesOf(row) {
  return marksOf(row).filter((mark) => mark.kind !== 'level').map((mark) => ({
    key: `${mark.kind} ${mark.price}`, kind: mark.kind === 'record' ? 'record' : 'milestone', price: Number(mark.price),
    title: mark.kind === 'milestone' ? '' : markText({ ...mark, names: mark.names.slice(0, 1) }),
  }));
}
