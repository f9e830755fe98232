// Whether the data can be trusted: each instrument's and each feed's state, the age of what came last, what was lost or
// refused and why; then what waits inside, and whether alerts get out.

import { ask } from './api.js';
import { countText } from './format.js';
import { make, say } from './dom.js';
import { instrumentText, lengthText, named } from './vocabulary.js';
import { addWords, said, t } from './words.js';

const SINKS_EVERY_MS = 10000;

addWords({
  en: {
    'feeds.title': 'Feeds', 'feeds.speaks': 'speaks for {what}', 'feeds.silent': 'no data for {age}', 'feeds.age': 'last tick {age} ago', 'feeds.never': 'no tick yet', 'feeds.stale': 'stale after {limit}',
    'feeds.ticks': '{n} ticks', 'feeds.gaps': '{n} lost in gaps', 'feeds.reconnects': 'reconnects {n}', 'feeds.errors': 'errors {n}',
    'feeds.failovers': 'failovers {n}', 'feeds.attempt': 'next attempt in {left}', 'feeds.last': 'last error: {error}', 'feeds.folded': '{n} folded in the feed', 'feeds.oneSided': '{n} one-sided',
    'feeds.unknown': '{n} of unknown symbols', 'feeds.rejected': 'not believed', 'feeds.none': 'nothing refused', 'feeds.from': 'from {feed}', 'feeds.spare': '{feed}: {state}', 'feeds.since': 'for {age}',
    'feeds.queue': 'Queue {depth} of {capacity}', 'feeds.queueFolded': '{n} ticks folded', 'feeds.sinks': 'Sinks', 'feeds.noSinks': 'no sinks: alerts are only shown here',
    'feeds.waiting': '{n} waiting', 'feeds.dead': 'dead letters {n}', 'feeds.delivered': '{n} sent', 'feeds.failed': '{n} failed', 'feeds.clients': '{n} watching', 'feeds.held': '{n} alerts, {held} held',
    'sink.ok': 'works', 'sink.off': 'off', 'sink.down': 'down',
    'state.CLOSED': 'closed', 'state.QUIET': 'quiet', 'state.CONNECTING': 'connecting', 'state.LIVE': 'live', 'state.LATE': 'late', 'state.STALE': 'STALE', 'state.FROZEN': 'FROZEN',
    'state.SUSPECT': 'suspect', 'state.STOPPED': 'stopped', 'state.HANDSHAKE': 'handshake', 'state.SUBSCRIBED': 'subscribed', 'state.BACKOFF': 'waiting to reconnect',
    'why.no_data': 'nothing comes', 'why.socket_closed': 'connection lost', 'why.auth': 'key refused', 'why.seq_gap': 'numbers missing', 'why.clock': 'stamps do not fit our clock', 'why.frozen': 'price does not move',
    'why.refused': 'connection refused', 'why.timeout': 'no answer', 'why.dns': 'name not found', 'why.proxy': 'proxy', 'why.tls': 'certificate', 'why.http': 'HTTP error', 'why.rejected': 'rejected', 'why.garbage': 'unreadable data',
    'reject.duplicate': 'duplicate', 'reject.late': 'late', 'reject.closed': 'market closed', 'reject.not_positive': 'not positive', 'reject.crossed': 'crossed', 'reject.wide_spread': 'wide spread',
    'reject.decimal_slip': 'decimal slip', 'reject.implausible': 'implausible', 'reject.outlier': 'outlier', 'reject.unconfirmed': 'unconfirmed', 'reject.future': 'from the future',
  },
  ja: {
    'feeds.title': 'フィード', 'feeds.speaks': '{what}を配信', 'feeds.silent': '{age}データなし', 'feeds.age': '最終ティック {age}前', 'feeds.never': 'ティック未着', 'feeds.stale': '{limit}で途絶と判定',
    'feeds.ticks': '{n}ティック', 'feeds.gaps': '欠番{n}', 'feeds.reconnects': '再接続{n}回', 'feeds.errors': 'エラー{n}',
    'feeds.failovers': '切り替え{n}回', 'feeds.attempt': '次の接続まで{left}', 'feeds.last': '直近のエラー：{error}', 'feeds.folded': '間引き{n}', 'feeds.oneSided': '片側気配{n}',
    'feeds.unknown': '対象外の銘柄{n}', 'feeds.rejected': '不採用', 'feeds.none': '不採用なし', 'feeds.from': '配信元 {feed}', 'feeds.spare': '{feed}：{state}', 'feeds.since': '{age}継続',
    'feeds.queue': '待ち行列 {depth}／{capacity}', 'feeds.queueFolded': '間引き{n}ティック', 'feeds.sinks': '送信先', 'feeds.noSinks': '送信先なし：この画面にのみ表示',
    'feeds.waiting': '待ち{n}', 'feeds.dead': '未達{n}', 'feeds.delivered': '送信{n}', 'feeds.failed': '失敗{n}', 'feeds.clients': '閲覧{n}', 'feeds.held': 'アラート{n}件、うち配信なし{held}件',
    'sink.ok': '正常', 'sink.off': '停止', 'sink.down': '不通',
    'state.CLOSED': '休場', 'state.QUIET': '待機', 'state.CONNECTING': '接続中', 'state.LIVE': '正常', 'state.LATE': '遅れ', 'state.STALE': '途絶', 'state.FROZEN': '値動きなし',
    'state.SUSPECT': '要確認', 'state.STOPPED': '停止', 'state.HANDSHAKE': '接続手続き中', 'state.SUBSCRIBED': '購読済み', 'state.BACKOFF': '再接続待ち',
    'why.no_data': 'データが来ない', 'why.socket_closed': '接続断', 'why.auth': 'キー拒否', 'why.seq_gap': '欠番あり', 'why.clock': '時刻のずれ', 'why.frozen': '値が動かない',
    'why.refused': '接続拒否', 'why.timeout': '応答なし', 'why.dns': '名前解決不可', 'why.proxy': 'プロキシ', 'why.tls': '証明書', 'why.http': 'HTTPエラー', 'why.rejected': '拒否', 'why.garbage': '解読不能',
    'reject.duplicate': '重複', 'reject.late': '遅着', 'reject.closed': '時間外', 'reject.not_positive': '正でない値', 'reject.crossed': '気配逆転', 'reject.wide_spread': '広すぎる気配',
    'reject.decimal_slip': '桁違い', 'reject.implausible': 'あり得ない値', 'reject.outlier': '外れ値', 'reject.unconfirmed': '未確認', 'reject.future': '未来の時刻',
  },
});

/** @typedef {'good' | 'idle' | 'warn' | 'bad'} Health */
/** @type {Record<Health, string>} told by shape as well as by colour */
const kShapes = { good: '●', idle: '○', warn: '◐', bad: '✕' };
/** @type {Record<string, Health>} */
const kHealth = {
  LIVE: 'good', CLOSED: 'idle', QUIET: 'idle', CONNECTING: 'warn', HANDSHAKE: 'warn', SUBSCRIBED: 'warn', LATE: 'warn', SUSPECT: 'warn', STALE: 'bad', FROZEN: 'bad', BACKOFF: 'bad', STOPPED: 'bad',
};

/** @param {string} state of an instrument or a feed @returns {Health} */
export const healthOf = (state) => kHealth[state] ?? 'warn';

const some = (/** @type {string} */ key, /** @type {number} */ n) => (n > 0 ? t(key, { n: countText(n) }) : null);
const joined = (/** @type {(string | null | undefined)[]} */ parts) => parts.filter(Boolean).join(' · ');

/** What was not believed, by reason, without the zeros. @param {Record<string, number>} rejected */
export function rejectedText(rejected) {
  return Object.entries(rejected).filter(([, n]) => n > 0).map(([reason, n]) => `${named('reject', reason)} ${countText(n)}`).join(', ');
}

/** @typedef {{key: string, health: Health, name: string, state: string, about: string, trouble: string}} Line  one of the panel's */

/** @param {any} row of an instrument @param {number | null} age ms @param {import('./store.js').Store} store @returns {Line} */
export function instrumentLine(row, age, store) {
  const { feed } = row;
  const health = healthOf(feed.state);
  const spares = feed.sources.filter((/** @type {any} */ source) => !source.speaks)
    .map((/** @type {any} */ source) => t('feeds.spare', { feed: source.feed, state: named('state', source.state) }));
  const refused = rejectedText(row.rejected);
  return {
    key: `i ${row.symbol}`,
    health,
    name: instrumentText(store, row.symbol),
    state: named('state', feed.state) + (feed.reason ? `: ${named('why', feed.reason)}` : ''),
    about: joined([
      age === null ? t('feeds.never') : t('feeds.age', { age: lengthText(age) }), row.source ? t('feeds.from', { feed: row.source }) : null, ...spares,
      some('feeds.ticks', row.accepted), some('feeds.failovers', feed.failovers), refused ? `${t('feeds.rejected')}: ${refused}` : t('feeds.none'),
    ]),
    trouble: health === 'bad' || health === 'warn' ? joined([t('feeds.silent', { age: lengthText(feed.silence_ms) }), t('feeds.stale', { limit: lengthText(feed.stale_after_ms) })]) : '',
  };
}

/** @param {any} feed @param {import('./store.js').Store} store @returns {Line} */
export function feedLine(feed, store) {
  const symbols = feed.speaks.map((/** @type {string} */ symbol) => instrumentText(store, symbol)).join(', ');
  return {
    key: `f ${feed.name}`,
    health: healthOf(feed.state),
    name: feed.name === feed.vendor ? feed.name : `${feed.name} (${feed.vendor})`,
    state: named('state', feed.state),
    about: joined([
      symbols ? t('feeds.speaks', { what: symbols }) : null, feed.last_rx_age_ms === null ? null : t('feeds.age', { age: lengthText(feed.last_rx_age_ms) }), t('feeds.ticks', { n: countText(feed.ticks) }),
      t('feeds.gaps', { n: countText(feed.gaps) }), t('feeds.reconnects', { n: countText(feed.reconnects) }), some('feeds.errors', feed.errors),
      some('feeds.folded', feed.folded), some('feeds.oneSided', feed.one_sided), some('feeds.unknown', feed.unknown_symbols),
    ]),
    trouble: joined([
      feed.reason ? (said(`why.${feed.reason}`) ? named('why', feed.reason) : feed.why) : null, feed.reason && feed.since_ms !== null ? t('feeds.since', { age: lengthText(feed.since_ms) }) : null,
      feed.next_attempt_ms === null ? null : t('feeds.attempt', { left: lengthText(feed.next_attempt_ms) }), feed.last_error ? t('feeds.last', { error: feed.last_error }) : null,
    ]),
  };
}

/** @param {any} sink @returns {Line} */
export function sinkLine(sink) {
  const state = sink.off ? 'off' : sink.down ? 'down' : 'ok';
  return {
    key: `s ${sink.name}`,
    health: sink.down || sink.dead > 0 ? 'bad' : sink.off ? 'idle' : sink.waiting > 0 ? 'warn' : 'good',
    name: sink.name === sink.kind ? sink.name : `${sink.name} (${sink.kind})`,
    state: t(`sink.${state}`),
    about: joined([t('feeds.delivered', { n: countText(sink.delivered) }), t('feeds.waiting', { n: countText(sink.waiting) }), t('feeds.dead', { n: countText(sink.dead) }), some('feeds.failed', sink.failed)]),
    trouble: sink.problem ?? '',
  };
}

/** Lines that stay where they are while their words change. */
class Lines {
  /** @type {Map<string, Record<string, HTMLElement>>} */
  #lines = new Map();
  constructor() { this.element = make('ul', { class: 'lines' }); }

  /** @param {Line[]} lines */
  draw(lines) {
    const keys = new Set(lines.map(({ key }) => key));
    for (const [key, { element }] of this.#lines) {
      if (keys.has(key)) continue;
      element.remove();
      this.#lines.delete(key);
    }
    for (const line of lines) this.#drawOne(line);
  }

  /** @param {Line} line */
  #drawOne(line) {
    let row = this.#lines.get(line.key);
    if (!row) {
      row = { mark: make('span', { 'aria-hidden': 'true', class: 'mark' }), name: make('strong'), state: make('span', { class: 'state' }), about: make('p', { class: 'quiet' }), trouble: make('p', { class: 'trouble' }) };
      row.element = make('li', {}, row.mark, ' ', row.name, ' ', row.state, row.trouble, row.about);
      this.#lines.set(line.key, row);
      this.element.append(row.element);
    }
    say(row.mark, kShapes[line.health]);
    for (const part of ['name', 'state', 'about', 'trouble']) say(row[part], line[/** @type {'name'} */ (part)]);
    row.trouble.hidden = line.trouble === '';
    row.element.dataset.health = line.health;
  }
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, { store, settings }) {
  const [title, sinksTitle] = [make('h2'), make('h3')];
  const [instruments, feeds, sinks] = [new Lines(), new Lines(), new Lines()];
  const inside = make('p', { class: 'quiet' });
  const noSinks = make('p', { class: 'quiet' });
  /** @type {any[]} */
  let known = [];
  element.append(title, instruments.element, feeds.element, inside, sinksTitle, noSinks, sinks.element);

  function draw() {
    say(title, t('feeds.title'));
    say(sinksTitle, t('feeds.sinks'));
    say(noSinks, known.length === 0 ? t('feeds.noSinks') : '');
    sinks.draw(known.map(sinkLine));
    const { state } = store;
    if (!state) return;
    const now = performance.now();
    instruments.draw([...store.instruments.values()].map(({ row, heard }) => instrumentLine(row, heard === null ? null : now - heard, store)));
    feeds.draw(state.feeds.map((/** @type {any} */ feed) => feedLine(feed, store)));
    const { depth, capacity, folded } = state.queue;
    const held = state.alerts.count - state.alerts.delivered;
    say(inside, joined([
      t('feeds.queue', { depth: countText(depth), capacity: countText(capacity) }), t('feeds.queueFolded', { n: countText(folded) }),
      t('feeds.held', { n: countText(state.alerts.count), held: countText(held) }), t('feeds.clients', { n: countText(state.clients) }),
    ]));
  }

  async function askSinks() {
    if (store.link !== 'live' || document.hidden) return;
    try {
      known = (await ask('/api/v1/sinks')).sinks;
      draw();
    } catch { /* a monitor without sinks, or away: the link says so */ }
  }

  store.on('state', draw);
  store.on('link', askSinks);
  settings.on((name) => { if (name === 'lang') draw(); });
  setInterval(askSinks, SINKS_EVERY_MS);
  draw();
}
