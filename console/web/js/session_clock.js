// What the markets' clocks say: which part of the session it is and how long it lasts, by the monitor's
// market time, which in a replay is the replay's own. It runs on with the state messages, one a second.

import { holidayText } from './holidays.js';
import { make, say } from './dom.js';
import { spanText } from './masthead.js';
import { momentText, named } from './vocabulary.js';
import { addWords, said, t } from './words.js';

addWords({
  en: {
    'calendar.tse': 'Tokyo', 'calendar.ose': 'Osaka', 'calendar.fx': 'FX', 'calendar.always': '24 h',
    'segment.morning': 'morning session', 'segment.lunch': 'lunch break', 'segment.afternoon': 'afternoon session', 'segment.close': 'closing prices',
    'segment.closed': 'closed', 'segment.week': 'week open', 'segment.day': 'day session', 'segment.night': 'night session', 'segment.always': 'open',
    'clock.morning': 'opens in {left}', 'clock.lunch': 'lunch in {left}', 'clock.afternoon': 'afternoon in {left}', 'clock.close': 'close in {left}',
    'clock.closed': 'close in {left}', 'clock.day': 'opens in {left}', 'clock.night': 'night session in {left}', 'clock.week': 'opens in {left}',
    'clock.opens': 'opens in {left}', 'clock.fx.closed': 'week ends in {left}', 'clock.end.closed': 'ends in {left}', 'clock.days': '{days} d {rest}', 'clock.now': 'Market time {time}', 'clock.then': 'changes {time}',
    'tag.rollover': 'daily roll', 'tag.thin': 'thin', 'tag.tokyo_holiday': 'Tokyo holiday',
  },
  ja: {
    'calendar.tse': '東証', 'calendar.ose': '大阪', 'calendar.fx': '為替', 'calendar.always': '24時間',
    'segment.morning': '前場', 'segment.lunch': '昼休み', 'segment.afternoon': '後場', 'segment.close': '大引け',
    'segment.closed': '休場', 'segment.week': '取引中', 'segment.day': '日中立会', 'segment.night': '夜間立会', 'segment.always': '取引中',
    'clock.morning': '寄付きまで {left}', 'clock.lunch': '前引けまで {left}', 'clock.afternoon': '後場まで {left}', 'clock.close': '大引けまで {left}',
    'clock.closed': '引けまで {left}', 'clock.day': '寄付きまで {left}', 'clock.night': '夜間立会まで {left}', 'clock.week': '週明けまで {left}',
    'clock.opens': '開始まで {left}', 'clock.fx.closed': '週末まで {left}', 'clock.end.closed': '終了まで {left}', 'clock.days': '{days}日 {rest}', 'clock.now': '市場時刻 {time}', 'clock.then': '切り替え {time}',
    'tag.rollover': 'ロールオーバー', 'tag.thin': '薄商い', 'tag.tokyo_holiday': '東京休日',
  },
});

/** "2 d 3:04:05". @param {number} ms */
export function leftText(ms) {
  const days = Math.floor(ms / 86400_000);
  const within = ms - days * 86400_000;
  const rest = days > 0 && within < 3600_000 ? `0:${spanText(within).padStart(5, '0')}` : spanText(within);
  return days > 0 ? t('clock.days', { days, rest }) : rest;
}

/**
 * @param {{calendar: string, segment: string, session: {open: boolean, market_now_ns: number, until_ns: number | null, next: string | null,
 *   opens_ns: number | null, closed_reason: string | null, tags: string[]}}} row of an instrument
 * @returns {{market: string, segment: string, left: string, tags: string[], open: boolean, then: number | null}} in words
 */
export function clockWords({ calendar, segment, session }) {
  const { open, market_now_ns: now, until_ns: until, next, opens_ns: opens, closed_reason: why, tags } = session;
  // A closed market's next opening, however many stretches of rest there are before it.
  const then = now > 0 ? (open ? until : opens ?? until) : null;
  // A last print may still come while people are at lunch or at home.
  const over = now > 0 && !open && !['closed', 'lunch'].includes(segment);
  const part = over ? (next === 'afternoon' ? 'lunch' : 'closed') : segment;
  const special = calendar === 'fx' ? 'fx' : part === 'close' ? 'end' : '';
  const before = open || part === 'lunch' ? next ?? 'closed' : 'opens';
  return {
    market: named('calendar', calendar),
    segment: named('segment', part) + (why ? `: ${holidayText(why)}` : ''),
    left: then === null ? '' : t(said(`clock.${special}.${before}`) ? `clock.${special}.${before}` : `clock.${before}`, { left: leftText((then - now) / 1e6) }),
    tags: tags.map((tag) => named('tag', tag)),
    open: now > 0 ? open : !['closed', 'lunch', 'close'].includes(segment),
    then: then === null ? null : then / 1e6,
  };
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, { store, settings }) {
  /** @type {Map<string, Record<string, HTMLElement>>} by calendar */
  const clocks = new Map();

  /** @param {string} calendar */
  function clockOf(calendar) {
    let clock = clocks.get(calendar);
    if (clock) return clock;
    clock = { market: make('strong'), segment: make('span', { class: 'segment' }), left: make('span', { class: 'left' }), tags: make('span', { class: 'tags' }) };
    clock.element = make('p', { class: 'clock', 'data-calendar': calendar }, clock.market, ' ', clock.segment, ' ', clock.left, ' ', clock.tags);
    clocks.set(calendar, clock);
    element.append(clock.element);
    return clock;
  }

  function draw() {
    const zone = settings.get('zone');
    const rows = new Map((store.state?.instruments ?? []).map((/** @type {any} */ row) => [row.calendar, row]));
    for (const [calendar, clock] of clocks) {
      if (!rows.has(calendar)) {
        clock.element.remove();
        clocks.delete(calendar);
      }
    }
    for (const [calendar, row] of rows) {
      const clock = clockOf(calendar);
      const words = clockWords(row);
      say(clock.market, words.market);
      say(clock.segment, words.segment);
      say(clock.left, words.left);
      say(clock.tags, words.tags.join(', '));
      clock.element.dataset.open = String(words.open);
      const now = row.session.market_now_ns / 1e6;
      const times = now > 0 ? [t('clock.now', { time: momentText(now, zone) })] : [];
      if (words.then !== null) times.push(t('clock.then', { time: momentText(words.then, zone) }));
      clock.element.title = times.join('\n');
    }
  }

  store.on('state', draw);
  settings.on(draw);
}
