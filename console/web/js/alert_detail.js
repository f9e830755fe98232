// One alert: what it says, what it rested on, the ticks around it, and what was done about it.

import { drawTicks, kAroundMs, ticksAround } from './alert_ticks.js';
import { post, remove } from './api.js';
import { kOfTicks } from './chart_marks.js';
import { make, say } from './dom.js';
import { evidenceRows, itemRows } from './evidence.js';
import { clockText, countText, dayText, microText, preciseText, zoneText } from './format.js';
import { kindText, nameText } from './market_words.js';
import { askSilence } from './silences.js';
import { addWords, spoken, t } from './words.js';

addWords({
  en: {
    'detail.title': 'Alert details', 'detail.close': 'Close', 'detail.decided': 'decided {after} after its tick came', 'detail.rule': 'Rule',
    'detail.kind': 'Kind', 'detail.number': 'Number', 'detail.held': 'Not delivered: {reason}', 'detail.evidence': 'Evidence', 'detail.items': 'Score',
    'detail.ticks': 'Ticks around it, ±60 s', 'detail.ticks.none': 'The ticks of that minute are not at hand any more.',
    'detail.ticks.loading': 'Loading ticks …', 'detail.ticks.wait': 'The minute after it is still running.', 'detail.ticks.part': 'Some of these ticks are not at hand any more.',
    'detail.ticks.label': '{n} ticks between {from} and {to}', 'detail.ticks.failed': 'The ticks are not at hand ({why}).',
    'detail.follow': 'Same episode', 'detail.ack': 'Acknowledge', 'detail.unack': 'Take back', 'detail.acked': 'Acknowledged by {author}{reason}',
    'detail.open': 'Not acknowledged', 'detail.silence': 'Silence …',
    'detail.failed': 'Not done: {why}',
  },
  ja: {
    'detail.title': 'アラート詳細', 'detail.close': '閉じる', 'detail.decided': 'ティック受信から{after}で判定', 'detail.rule': 'ルール',
    'detail.kind': '種類', 'detail.number': '番号', 'detail.held': '未配信：{reason}', 'detail.evidence': '根拠', 'detail.items': '採点',
    'detail.ticks': '前後60秒のティック', 'detail.ticks.none': 'この時間帯のティックはすでに保存されていません。',
    'detail.ticks.loading': 'ティックを読み込み中…', 'detail.ticks.wait': 'アラート後の1分間はまだ経過中です。', 'detail.ticks.part': '一部のティックはすでに保存されていません。',
    'detail.ticks.label': '{from}から{to}までのティック{n}件', 'detail.ticks.failed': 'ティックを取得できません（{why}）。',
    'detail.follow': '同じ一連の動き', 'detail.ack': '確認済みにする', 'detail.unack': '確認を取り消す', 'detail.acked': '確認済み：{author}{reason}',
    'detail.open': '未確認', 'detail.silence': '通知を止める…',
    'detail.failed': '実行できません：{why}',
  },
});

const kAgainMs = 3000;
const kMostTries = 25;  // the minute after an alert lasts no longer, unless the market is asleep

class Detail {
  /** @type {import('./store.js').TapeEntry | null} */
  #entry = null;
  /** @type {HTMLElement | null} what had the focus before */
  #before = null;
  #ticks = { points: /** @type {import('./alert_ticks.js').Point[]} */ ([]), note: '' };
  #timer = 0;

  /** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
  constructor(element, { store, settings }) {
    this.element = element;
    this.store = store;
    this.settings = settings;
    element.setAttribute('role', 'region');
    element.setAttribute('aria-labelledby', 'alert-detail-title');
    element.tabIndex = -1;
    this.canvas = /** @type {HTMLCanvasElement} */ (make('canvas', { role: 'img' }));
    this.note = make('p', { class: 'note', role: 'status' });
    this.done = make('p', { class: 'done', role: 'status' });
    store.on('selection', () => this.#follow());
    store.on('acks', () => this.#redraw());
    store.on('alert', (/** @type {import('./store.js').TapeEntry} */ entry) => { if (this.#entry && episodeOf(entry.alert) === episodeOf(this.#entry.alert)) this.#redraw(); });
    settings.on(() => requestAnimationFrame(() => this.#redraw()));
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#entry || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      store.open(null);
    });
    new ResizeObserver(() => this.#drawTicks()).observe(this.canvas);
  }

  #follow() {
    const { opened } = this.store;
    if (opened === this.#entry) return;
    const wasOpen = this.#entry !== null;
    this.#entry = opened;
    clearTimeout(this.#timer);
    if (!opened) {
      this.element.hidden = true;
      if (this.#before?.isConnected) this.#before.focus();
      this.#before = null;
      return;
    }
    if (!wasOpen) this.#before = /** @type {HTMLElement | null} */ (document.activeElement);
    say(this.done, '');
    this.#ticks = { points: [], note: t('detail.ticks.loading') };
    this.element.hidden = false;
    this.#redraw();
    this.element.scrollTop = 0;
    this.element.focus();
    this.#askTicks(opened, 0);
  }

  get #row() { return this.store.instruments.get(this.#entry?.alert.instrument ?? '')?.row ?? null; }

  #redraw() {
    const entry = this.#entry;
    if (!entry) return;
    const within = this.element.contains(document.activeElement) ? document.activeElement : null;
    const focused = within?.getAttribute('data-action');
    const { scrollTop } = this.element;
    const how = { zone: this.settings.get('zone'), decimals: this.#row?.decimals ?? 2 };
    this.element.replaceChildren(this.#head(entry), this.#facts(entry, how.zone), this.#actions(entry), this.done,
      part('detail.ticks', this.canvas, this.note), ...this.#score(entry, how), part('detail.evidence', table(evidenceRows(entry.alert, how))),
      ...this.#episode(entry, how.zone));
    // The button that was pressed may now be its opposite.
    if (focused && !this.#focus(focused) && !this.#focus({ ack: 'unack', unack: 'ack' }[focused] ?? '')) this.element.focus();
    this.element.scrollTop = scrollTop;
    this.#drawTicks();
  }

  /** @param {string} action @returns {boolean} */
  #focus(action) {
    const there = /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-action="${CSS.escape(action)}"]`));
    there?.focus({ preventScroll: true });
    return there !== null;
  }

  /** @param {import('./store.js').TapeEntry} entry */
  #head({ alert }) {
    const close = make('button', { type: 'button', class: 'close', 'data-action': 'close', 'aria-label': t('detail.close') }, '×');
    close.addEventListener('click', () => this.store.open(null));
    const [title, text] = spoken() === 'ja' ? [alert.title_ja, alert.text_ja] : [alert.title, alert.text];
    return make('div', { class: 'head' }, make('div', {}, make('span', { class: `severity ${alert.severity}` }, t(`severity.${alert.severity}`)),
      make('h2', { id: 'alert-detail-title' }, title), make('p', {}, text)), close);
  }

  /** @param {import('./store.js').TapeEntry} entry @param {string} zone */
  #facts({ alert, held }, zone) {
    const ms = alert.ts_event_ns / 1e6;
    const received = /** @type {any} */ (alert).ts_recv_ns;
    const after = alert.ts_decided_ns && received ? Math.max(0, alert.ts_decided_ns - received) / 1e3 : null;
    const row = this.#row;
    const facts = [`${dayText(ms, zone)} ${preciseText(ms, zone)} ${zoneText(zone)}`, row ? nameText(row) : alert.instrument,
      `${t('detail.kind')} ${kindText(alert.kind)}`, `${t('detail.rule')} ${alert.rule}`, `${t('detail.number')} ${countText(alert.seq)}`];
    if (after !== null) facts.splice(1, 0, t('detail.decided', { after: microText(after) }));
    if (held) facts.push(t('detail.held', { reason: held }));
    return make('ul', { class: 'facts' }, ...facts.map((fact) => make('li', {}, fact)));
  }

  /** @param {import('./store.js').TapeEntry} entry */
  #actions({ alert }) {
    const ack = this.store.ackOf(alert);
    const reason = ack?.reason ? ` · ${ack.reason}` : '';
    const state = ack ? t('detail.acked', { author: ack.author || '–', reason }) : t('detail.open');
    const take = make('button', { type: 'button', 'data-action': ack ? 'unack' : 'ack' }, t(ack ? 'detail.unack' : 'detail.ack'));
    const path = `/api/v1/alerts/${encodeURIComponent(alert.id)}/ack`;
    take.addEventListener('click', () => this.#do(() => ack ? remove(path, {}) : post(path, {})));
    const silence = make('button', { type: 'button', 'data-action': 'silence' }, t('detail.silence'));
    silence.addEventListener('click', () => askSilence(alert, { store: this.store, settings: this.settings }));
    return make('div', { class: 'actions' }, make('span', { class: ack ? 'acked' : 'unacked' }, state), take, silence);
  }

  /** @param {() => Promise<any>} work */
  async #do(work) {
    say(this.done, '');
    try {
      await work();
    } catch (error) {
      say(this.done, t('detail.failed', { why: /** @type {Error} */ (error).message }));
    }
  }

  /** @param {import('./store.js').TapeEntry} entry @param {import('./evidence.js').How} how */
  #score({ alert }, how) {
    const items = itemRows(alert, how);
    if (items.length === 0) return [];
    return [part('detail.items', table(items.map(({ name, points, value }) => ({
      name, value: [t('item.points', { n: points }), value].filter(Boolean).join(' · '), strong: points > 0,
    }))))];
  }

  /** What belongs together: the first alert and what follows it up. */
  /** @param {import('./store.js').TapeEntry} entry @param {string} zone */
  #episode({ alert }, zone) {
    const others = this.store.alerts.filter((one) => episodeOf(one.alert) === episodeOf(alert));
    if (others.length < 2) return [];
    return [part('detail.follow', make('ol', { class: 'episode' }, ...others.slice(-30).map((one) => {
      const ms = one.alert.ts_event_ns / 1e6;
      const here = one.key === this.#entry?.key;
      const button = make('button', { type: 'button', 'data-action': `open ${one.key}`, 'aria-current': here ? 'true' : null },
        make('time', {}, clockText(ms, zone)), ' ', spoken() === 'ja' ? one.alert.title_ja : one.alert.title);
      button.addEventListener('click', () => this.store.open(one));
      return make('li', {}, button);
    })))];
  }

  /** @param {import('./store.js').TapeEntry} entry @param {number} tries */
  async #askTicks(entry, tries) {
    const until = entry.alert.ts_event_ns / 1e6 + kAroundMs;
    let again = false;
    try {
      const { points, complete } = await ticksAround(entry.alert);
      const now = (this.#row?.ts_event_ns ?? 0) / 1e6;
      again = now < until && entry.live && tries < kMostTries;
      const note = points.length === 0 ? 'detail.ticks.none' : again ? 'detail.ticks.wait' : complete ? '' : 'detail.ticks.part';
      if (entry === this.#entry) this.#ticks = { points, note: note && t(note) };
    } catch (error) {
      if (entry === this.#entry) this.#ticks.note = t('detail.ticks.failed', { why: /** @type {Error} */ (error).message });
    }
    if (entry !== this.#entry) return;
    this.#drawTicks();
    if (again) this.#timer = setTimeout(() => this.#askTicks(entry, tries + 1), kAgainMs);
  }

  #drawTicks() {
    const alert = /** @type {any} */ (this.#entry?.alert);
    const { points, note } = this.#ticks;
    say(this.note, note);
    this.canvas.hidden = points.length === 0;
    if (!alert || points.length === 0) return;
    const zone = this.settings.get('zone');
    const [from, to] = [points[0].ms, points[points.length - 1].ms].map((ms) => clockText(ms, zone));
    this.canvas.setAttribute('aria-label', t('detail.ticks.label', { n: countText(points.length), from, to }));
    const levels = [...alert.levels ?? [], alert.record_before].filter((level) => level !== undefined).map(Number);
    const price = kOfTicks.has(alert.kind) ? Number(alert.price) : null;
    drawTicks(this.canvas, { points, at: alert.ts_event_ns / 1e6, price, levels, decimals: this.#row?.decimals ?? 2, zone });
  }
}

const episodeOf = (/** @type {import('./store.js').Alert} */ alert) => alert.parent ?? alert.id;

/** @param {string} title @param {...Node} children */
function part(title, ...children) { return make('section', {}, make('h3', {}, t(title)), ...children); }

/** @param {{name: string, value: string, strong?: boolean}[]} rows */
function table(rows) {
  return make('table', {}, make('tbody', {}, ...rows.map(({ name, value, strong }) =>
    make('tr', { class: strong ? 'strong' : null }, make('th', { scope: 'row' }, name), make('td', {}, value)))));
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, app) { new Detail(element, app); }
