// Numbers and times as people read them. Prices come as decimal strings and stay exact.

import { spoken } from './words.js';

/** "57337.07" with two decimals: "57,337.07". @param {string | null | undefined} text @param {number} decimals */
export function priceText(text, decimals) {
  if (text === null || text === undefined) return '–';
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(text) ?? [];
  if (whole === undefined) return String(text);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const digits = fraction.padEnd(decimals, '0');
  return sign.replace('-', '−') + grouped + (digits ? `.${digits}` : '');
}

/** The same with a plus. @param {string} text @param {number} decimals */
export function signedText(text, decimals) {
  return (Number(text) > 0 ? '+' : '') + priceText(text, decimals);
}

/** "0.6 µs", "1.2 ms". Below ten microseconds a digit after the point still tells something. @param {number} us */
export function microText(us) {
  if (us >= 1000) return `${(us / 1000).toFixed(1)} ms`;
  return `${us < 10 ? us.toFixed(1) : Math.round(us)} µs`;
}

/** @param {number} count */
export function countText(count) { return count.toLocaleString('en-US'); }

/** @type {Record<string, string | undefined>} */
const kZones = { market: 'Asia/Tokyo', utc: 'UTC', local: undefined };
/** @type {Record<string, string>} */
const kZoneNames = { market: 'JST', utc: 'UTC' };
/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} zone 'market' | 'utc' | 'local' @param {Intl.DateTimeFormatOptions} options */
function format(zone, options) {
  const key = zone + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: kZones[zone], hourCycle: 'h23' }));
  return made;
}

/** "09:22:07". @param {number} ms since 1970 @param {string} zone */
export function clockText(ms, zone) {
  return format(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(ms);
}

/** "09 Feb", in Japanese "2/9". @param {number} ms @param {string} zone */
export function dayText(ms, zone) {
  if (spoken() === 'en') return format(zone, { day: '2-digit', month: 'short' }).format(ms);
  return [...format(zone, { day: 'numeric', month: 'numeric' }).format(ms).matchAll(/\d+/g)].map(([part]) => Number(part)).reverse().join('/');
}

/** "JST"; of the local zone what the browser calls it. @param {string} zone */
export function zoneText(zone) {
  return kZoneNames[zone] ?? format(zone, { timeZoneName: 'short' }).formatToParts(0).find((p) => p.type === 'timeZoneName')?.value ?? '';
}

/** How far the zone is ahead of UTC at a moment, in milliseconds. @param {string} zone @param {number} ms */
export function zoneAheadMs(zone, ms) {
  if (zone === 'utc') return 0;
  return zone === 'market' ? 9 * 3600e3 : -new Date(ms).getTimezoneOffset() * 60e3;  // Tokyo keeps no summer time
}

/** "09:22:07.304". @param {number} ms @param {string} zone */
export function preciseText(ms, zone) {
  return `${clockText(ms, zone)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
}
