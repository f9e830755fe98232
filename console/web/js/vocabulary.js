// Words that several panels say, and the order of severities.

import { clockText, dayText, zoneText } from './format.js';
import { addWords, said, spoken, t } from './words.js';

addWords({
  en: {
    'severity.info': 'info', 'severity.low': 'low', 'severity.high': 'high', 'severity.critical': 'critical', 'severity.off': 'off',
    'kind.milestone': 'Milestone', 'kind.level': 'Level', 'kind.record': 'Record', 'kind.move': 'Sharp move',
    'kind.cusum': 'Drift', 'kind.stale': 'Data feed', 'kind.intervention': 'Intervention', 'kind.period': 'Change since',
    'kind.divergence': 'Divergence',
    'age.now': 'just now', 'age.s': '{n} s ago', 'age.min': '{n} min ago', 'age.h': '{n} h ago', 'age.d': '{n} d ago',
    'length.none': '<1 s', 'length.s': '{n} s', 'length.min': '{n} min', 'length.h': '{n} h',
  },
  ja: {
    'severity.info': '情報', 'severity.low': '低', 'severity.high': '高', 'severity.critical': '重大', 'severity.off': 'なし',
    'kind.milestone': '節目', 'kind.level': '指定水準', 'kind.record': '高値・安値', 'kind.move': '急変動',
    'kind.cusum': 'じり高・じり安', 'kind.stale': '配信', 'kind.intervention': '介入', 'kind.period': '期間騰落',
    'kind.divergence': 'かい離',
    'age.now': 'たった今', 'age.s': '{n}秒前', 'age.min': '{n}分前', 'age.h': '{n}時間前', 'age.d': '{n}日前',
    'length.none': '<1秒', 'length.s': '{n}秒', 'length.min': '{n}分', 'length.h': '{n}時間',
  },
});

export const kSeverities = ['info', 'low', 'high', 'critical'];

/** A shape for each, so that none is told by its colour alone. @type {Record<string, string>} */
export const kShapes = { info: '○', low: '◇', high: '▲', critical: '■' };

/** Whether `severity` reaches `least`, of which 'off' is never reached. @param {string} severity @param {string} least */
export function atLeast(severity, least) {
  const at = kSeverities.indexOf(least);
  return at >= 0 && kSeverities.indexOf(severity) >= at;
}

/** The words of `key.name`, or the name itself where there are none: the monitor may know more than this page.
 * @param {string} key @param {string} name */
export function named(key, name) { return said(`${key}.${name}`) ? t(`${key}.${name}`) : name; }

/** "12 s ago". @param {number} ms */
export function ageText(ms) {
  const s = Math.floor(ms / 1000);
  if (s < 2) return t('age.now');
  if (s < 60) return t('age.s', { n: s });
  if (s < 3600) return t('age.min', { n: Math.floor(s / 60) });
  if (s < 48 * 3600) return t('age.h', { n: Math.floor(s / 3600) });
  return t('age.d', { n: Math.floor(s / 86400) });
}

/** "12 s", without saying that it is past. @param {number} ms */
export function lengthText(ms) {
  const s = ms / 1000;
  if (s < 1) return t('length.none');
  if (s < 120) return t('length.s', { n: s < 10 ? s.toFixed(1) : Math.round(s) });
  if (s < 7200) return t('length.min', { n: Math.round(s / 60) });
  return t('length.h', { n: Math.round(s / 3600) });
}

/** "09 Feb 09:22:07 JST". @param {number} ms @param {string} zone */
export function momentText(ms, zone) { return `${dayText(ms, zone)} ${clockText(ms, zone)} ${zoneText(zone)}`; }

/** "09:22:07 JST". @param {number} ms @param {string} zone */
export function timeText(ms, zone) { return `${clockText(ms, zone)} ${zoneText(zone)}`; }

/** The instrument's name in the page's language. @param {import('./store.js').Store} store @param {string} symbol */
export function instrumentText(store, symbol) {
  const row = store.instruments.get(symbol)?.row;
  return (spoken() === 'ja' && row?.name_ja) || row?.name || symbol;
}
