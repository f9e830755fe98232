// Names of what lies around a price, for the chart, the board and the details.

import { priceText, signedText } from './format.js';
import { named } from './vocabulary.js';
import { addWords, spoken, t } from './words.js';

addWords({
  en: {
    'high.all_time': 'All-time high', 'low.all_time': 'All-time low',
    'high.since_start': 'High since start', 'low.since_start': 'Low since start', 'high.52w': '52-week high',
    'low.52w': '52-week low', 'high.ytd': 'High of the year', 'low.ytd': 'Low of the year', 'high.week': 'High of the week',
    'low.week': 'Low of the week', 'high.session': 'High of the day', 'low.session': 'Low of the day',
    'unit.pips': 'pips', 'unit.points': 'points',
  },
  ja: {
    'high.all_time': '史上最高値', 'low.all_time': '史上最安値',
    'high.since_start': '計測開始来高値', 'low.since_start': '計測開始来安値', 'high.52w': '52週高値',
    'low.52w': '52週安値', 'high.ytd': '年初来高値', 'low.ytd': '年初来安値', 'high.week': '週間高値',
    'low.week': '週間安値', 'high.session': '日中高値', 'low.session': '日中安値',
    'unit.pips': '銭', 'unit.points': 'ポイント',
  },
});

/** @param {string} kind */
export const kindText = (kind) => named('kind', kind);

/** "52-week high". @param {string} horizon @param {boolean} high */
export const recordText = (horizon, high) => t(`${high ? 'high' : 'low'}.${horizon}`);

/** The instrument's name in the page's language. @param {{symbol: string, name: string, name_ja: string | null}} row */
export const nameText = (row) => (spoken() === 'ja' && row.name_ja) || row.name || row.symbol;

/** Currencies are talked of in pips, against the yen in Japanese in sen; all else in points. @param {any} row */
export const inPips = (row) => row.calendar === 'fx' && Number(row.pip) > 0;

/** @param {any} row */
export function unitText(row) {
  const inYen = spoken() === 'ja' && row.calendar !== 'fx' && row.name_ja?.startsWith('日経');
  if (!inPips(row)) return inYen ? '円' : t('unit.points');
  return row.symbol.endsWith('JPY') && Number(row.pip) === 0.01 ? t('unit.pips') : 'pips';
}

/** A difference of prices as the desk says it, without its unit: "+80.4", "−990.85", "+1,140". @param {number} difference @param {any} row */
export function distanceText(difference, row) {
  const size = inPips(row) ? difference / Number(row.pip) : difference;
  const decimals = Math.abs(size) >= 1000 ? 0 : inPips(row) ? 1 : row.decimals;
  return signedText(size.toFixed(decimals), decimals);
}

/** "57,000" of a round number, "57,337.07" of another. @param {string | number} price @param {number} decimals */
export function shortPrice(price, decimals) {
  const text = typeof price === 'number' ? price.toFixed(decimals) : price;
  return /\.\d*[1-9]/.test(text) ? priceText(text, decimals) : priceText(text.replace(/\..*$/, ''), 0);
}

/** "−0.47 %"; zero has no sign. @param {number} pct @param {number} [decimals] */
export function percentText(pct, decimals = 2) {
  const text = pct.toFixed(decimals);
  return `${signedText(Number(text) === 0 ? text.replace('-', '') : text, decimals)} %`;
}
