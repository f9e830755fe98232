// What a decision rested on, as rows for people: every field that an alert carries beyond its words.

import { clockText, dayText, priceText, signedText, zoneText } from './format.js';
import { percentText, recordText } from './market_words.js';
import { addWords, t } from './words.js';

addWords({
  en: {
    'ev.price': 'Price', 'ev.previous': 'Price before', 'ev.previous_ts_ns': 'Time of the price before', 'ev.previous_close': 'Previous close',
    'ev.change_on_day': 'Change on the day', 'ev.change_on_day_pct': 'Change on the day, %', 'ev.direction': 'Direction', 'ev.level': 'Level',
    'ev.levels': 'Levels crossed', 'ev.note': 'Note', 'ev.distance': 'From the level', 'ev.first_ever': 'For the first time',
    'ev.first_close_ever': 'First close beyond it', 'ev.horizons': 'Horizons', 'ev.record_before': 'Record before', 'ev.record_date': 'Set on',
    'ev.margin': 'Margin', 'ev.basis': 'Basis', 'ev.count_today': 'Count today', 'ev.window_ms': 'Window', 'ev.change': 'Change',
    'ev.change_pct': 'Change, %', 'ev.threshold': 'Threshold', 'ev.threshold_pct': 'Threshold, %', 'ev.reference': 'Measured from',
    'ev.reference_ts_ns': 'Time of that price', 'ev.reference_date': 'Date of that price', 'ev.multiple': 'Times the threshold',
    'ev.z': 'Standard deviations (z)', 'ev.seeded': 'Volatility seeded', 'ev.since_ns': 'Since', 'ev.from': 'From', 'ev.statistic': 'Statistic',
    'ev.k': 'Allowance k', 'ev.h': 'Limit h', 'ev.silence_ms': 'Silent for', 'ev.limit_ms': 'Limit', 'ev.reason': 'Reason', 'ev.score': 'Score',
    'ev.score_max': 'Most', 'ev.start': 'Start of the push', 'ev.start_ts_ns': 'Time of its start', 'ev.furthest': 'Furthest',
    'ev.change_15m': 'Change in 15 min', 'ev.change_60m': 'Change in 60 min', 'ev.since': 'Since', 'ev.level_pct': 'Multiple crossed',
    'ev.step_pct': 'Step', 'ev.against': 'Against', 'ev.against_price': 'Its price', 'ev.against_change_pct': 'Its change',
    'ev.model_pct': 'Expected', 'ev.correlation': 'Correlation', 'ev.correlation_usual': 'Usual correlation', 'ev.against_z': 'Its z',
    'ev.beta': 'Beta', 'ev.gap': 'Gap before this price', 'ev.after_gap': 'After a gap', 'ev.while_down': 'While the monitor was down',
    'ev.feed_gap_ms': 'Feed gap', 'ev.confirmed': 'Confirmed by a second tick', 'ev.wide_spread': 'Wide spread', 'ev.trading_date': 'Trading date',
    'ev.episode': 'Episode of the day', 'ev.spread': 'Spread', 'ev.rebound': 'Largest rebound', 'ev.share': 'One way',
    'item.size_15m': 'size in 15 min', 'item.size_60m': 'size in 60 min', 'item.speed': 'speed', 'item.one_sided': 'one-sided',
    'item.level': 'from a high or zone', 'item.thin': 'thin hours', 'item.yen_alone': 'yen alone', 'item.news': 'scheduled news',
    'item.repeat': 'again within 48 h', 'item.points': '{n} points', 'is.yes': 'yes', 'is.no': 'no', 'way.up': 'up', 'way.down': 'down',
    'basis.intraday': 'intraday', 'basis.close': 'close', 'since.ytd': 'start of the year', 'since.months': '{n} months ago', 'since.days': '{n} days ago',
    'reason.no_data': 'no data', 'reason.socket_closed': 'connection closed', 'reason.auth': 'log-in refused', 'reason.seq_gap': 'gap in sequence numbers',
    'reason.clock': 'times out of step', 'reason.frozen': 'prices stand still',
    'for.seconds': '{n} s', 'for.minutes': '{n} min', 'for.hours': '{n} h',
  },
  ja: {
    'ev.price': '価格', 'ev.previous': '直前の価格', 'ev.previous_ts_ns': '直前の価格の時刻', 'ev.previous_close': '前営業日終値',
    'ev.change_on_day': '前営業日比', 'ev.change_on_day_pct': '前営業日比（%）', 'ev.direction': '方向', 'ev.level': '水準',
    'ev.levels': '通過した水準', 'ev.note': 'メモ', 'ev.distance': '水準との差', 'ev.first_ever': '初めて',
    'ev.first_close_ever': '終値で初めて', 'ev.horizons': '対象期間', 'ev.record_before': '従来の記録', 'ev.record_date': '従来の記録日',
    'ev.margin': '更新幅', 'ev.basis': '基準', 'ev.count_today': '本日の回数', 'ev.window_ms': '期間', 'ev.change': '変動幅',
    'ev.change_pct': '変動率', 'ev.threshold': '基準値', 'ev.threshold_pct': '基準値（%）', 'ev.reference': '起点',
    'ev.reference_ts_ns': '起点の時刻', 'ev.reference_date': '起点の日付', 'ev.multiple': '基準に対する倍率',
    'ev.z': '標準偏差（z）', 'ev.seeded': '初期値のボラティリティ', 'ev.since_ns': '開始', 'ev.from': '開始価格', 'ev.statistic': '統計量',
    'ev.k': '許容幅 k', 'ev.h': '限界 h', 'ev.silence_ms': '無配信時間', 'ev.limit_ms': '上限', 'ev.reason': '理由', 'ev.score': '得点',
    'ev.score_max': '満点', 'ev.start': '動きの起点', 'ev.start_ts_ns': '起点の時刻', 'ev.furthest': '最も進んだ値',
    'ev.change_15m': '15分の変動幅', 'ev.change_60m': '60分の変動幅', 'ev.since': '起点', 'ev.level_pct': '到達した騰落率',
    'ev.step_pct': '刻み', 'ev.against': '比較対象', 'ev.against_price': '対象の価格', 'ev.against_change_pct': '対象の変動率',
    'ev.model_pct': '想定変動率', 'ev.correlation': '相関', 'ev.correlation_usual': '通常の相関', 'ev.against_z': '対象のz',
    'ev.beta': 'ベータ', 'ev.gap': '直前に欠落あり', 'ev.after_gap': '欠落の後', 'ev.while_down': '監視停止中',
    'ev.feed_gap_ms': '配信の空白', 'ev.confirmed': '次のティックで確認', 'ev.wide_spread': 'スプレッド拡大', 'ev.trading_date': '取引日',
    'ev.episode': '当日の回数', 'ev.spread': 'スプレッド', 'ev.rebound': '最大の戻り', 'ev.share': '一方向の割合',
    'item.size_15m': '15分の値幅', 'item.size_60m': '60分の値幅', 'item.speed': '速さ', 'item.one_sided': '一方向',
    'item.level': '高値圏・警戒水準', 'item.thin': '薄商い', 'item.yen_alone': '円だけの動き', 'item.news': '予定された発表',
    'item.repeat': '48時間以内の再発', 'item.points': '{n}点', 'is.yes': 'はい', 'is.no': 'いいえ', 'way.up': '上', 'way.down': '下',
    'basis.intraday': '日中', 'basis.close': '終値', 'since.ytd': '年初', 'since.months': '{n}か月前', 'since.days': '{n}日前',
    'reason.no_data': '無配信', 'reason.socket_closed': '接続断', 'reason.auth': '認証拒否', 'reason.seq_gap': '連番の欠落',
    'reason.clock': '時刻のずれ', 'reason.frozen': '値が動かない',
    'for.seconds': '{n}秒', 'for.minutes': '{n}分', 'for.hours': '{n}時間',
  },
});

/** @typedef {{zone: string, decimals: number}} How */

// Said elsewhere in the details, or of no use to people.
const kElsewhere = new Set(['v', 'id', 'seq', 'rule', 'kind', 'event', 'instrument', 'severity', 'title', 'text', 'title_ja', 'text_ja',
  'ts_event_ns', 'ts_recv_ns', 'ts_decided_ns', 'parent', 'evidence', 'items']);
const kRatios = new Set(['share', 'rebound']);
const kSigned = new Set(['change', 'change_on_day', 'change_15m', 'change_60m', 'distance']);

/** "5 min" @param {number} ms */
export function lengthText(ms) {
  if (ms < 120e3) return t('for.seconds', { n: Number((ms / 1e3).toFixed(1)) });
  if (ms < 7200e3 && ms !== 3600e3) return t('for.minutes', { n: Number((ms / 60e3).toFixed(1)) });
  return t('for.hours', { n: Number((ms / 3600e3).toFixed(1)) });
}

/** @param {string} key @param {any} value @param {How & {alert: any}} how @returns {string} */
function valueText(key, value, { zone, decimals, alert }) {
  if (typeof value === 'boolean') return t(value ? 'is.yes' : 'is.no');
  if (Array.isArray(value)) {
    return value.map((one) => key === 'horizons' ? recordText(one, alert.direction !== 'down') : valueText(key, one, { zone, decimals, alert })).join(', ');
  }
  if (key.endsWith('_ns')) return `${dayText(value / 1e6, zone)} ${clockText(value / 1e6, zone)} ${zoneText(zone)}`;
  if (key.endsWith('_ms')) return lengthText(value);
  if (key === 'since') {
    const [, count, unit] = /^(\d+)([md])$/.exec(value) ?? [];
    return count ? t(unit === 'm' ? 'since.months' : 'since.days', { n: count }) : translated('since', value);
  }
  if (key === 'direction') return translated('way', value);
  if (key === 'basis' || key === 'reason') return translated(key, value);
  if (typeof value === 'number') {
    if (key.endsWith('_pct')) return percentText(value);
    return kRatios.has(key) ? `${Math.round(value * 100)} %` : String(Number(value.toFixed(4))).replace('-', '−');
  }
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const own = key === 'against_price' ? 0 : decimals;
  return kSigned.has(key) ? signedText(text, own) : priceText(text, own);
}

/** The words of a name; the name itself where there are none. @param {string} group @param {any} value */
export function translated(group, value) {
  const key = `${group}.${value}`;
  const words = t(key);
  return words === key ? String(value) : words;
}

/** @param {string} group @param {string} key */
function nameOf(group, key) {
  const words = t(`${group}.${key}`);
  return words === `${group}.${key}` ? key.replaceAll('_', ' ') : words;
}

/**
 * @param {any} alert @param {How} how
 * @returns {{name: string, value: string}[]}
 */
export function evidenceRows(alert, how) {
  /** @type {{name: string, value: string}[]} */
  const rows = [];
  const add = (/** @type {[string, any][]} */ fields) => {
    for (const [key, value] of fields) {
      if (kElsewhere.has(key) || value === null || value === undefined || value === false || typeof value === 'object' && !Array.isArray(value)) continue;
      rows.push({ name: nameOf('ev', key), value: valueText(key, value, { ...how, alert }) });
    }
  };
  add(Object.entries(alert));
  add(Object.entries(alert.evidence ?? {}));
  return rows;
}

/**
 * The items of an intervention's score, those with points first.
 * @param {any} alert @param {How} how @returns {{name: string, points: number, value: string}[]}
 */
export function itemRows(alert, how) {
  const items = alert.evidence?.items;
  if (!items || typeof items !== 'object') return [];
  return Object.entries(items).map(([name, { points, ...measured }]) => ({
    name: nameOf('item', name), points,
    value: Object.entries(measured).map(([key, value]) => `${nameOf('ev', key)} ${valueText(key, value, { ...how, alert })}`).join(', '),
  })).sort((a, b) => b.points - a.points);
}
