// Which alerts the tape shows.

import { atLeast } from './vocabulary.js';

/** @typedef {{severity: string, instrument: string, kind: string, text: string, hideAcked: boolean}} Filter */

/** Everything. @type {Readonly<Filter>} */
export const kNoFilter = Object.freeze({ severity: 'info', instrument: '', kind: '', text: '', hideAcked: false });

/** @param {import('./store.js').Alert} alert @param {Filter} filter @param {boolean} acked */
export function passes(alert, filter, acked) {
  if (!atLeast(alert.severity, filter.severity)) return false;
  if (filter.instrument && alert.instrument !== filter.instrument) return false;
  if (filter.kind && alert.kind !== filter.kind) return false;
  if (filter.hideAcked && acked) return false;
  return words(filter.text).every((word) => searched(alert).includes(word));
}

/** @param {string} text */
const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

// In both languages: what one reads is what one looks for, whichever page it was.
/** @param {import('./store.js').Alert} alert */
function searched(alert) {
  const { title, text, title_ja, text_ja, rule, id } = alert;
  return [title, text, title_ja, text_ja, rule, id].join('\n').toLowerCase();
}

/** How many of each severity. @param {import('./store.js').TapeEntry[]} entries @returns {Record<string, number>} */
export function counted(entries) {
  /** @type {Record<string, number>} */
  const counts = { info: 0, low: 0, high: 0, critical: 0 };
  for (const { alert } of entries) if (alert.severity in counts) ++counts[alert.severity];
  return counts;
}
