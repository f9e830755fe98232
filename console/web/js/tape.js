// The alerts, newest first.

import { ask, post, remove } from './api.js';
import { askWith, lineField } from './dialogs.js';
import { everySecond, make, say } from './dom.js';
import { askSilence, SilenceList } from './silences.js';
import { passes } from './tape_filter.js';
import { TapeHead } from './tape_head.js';
import { alertWords, TapeRow } from './tape_row.js';
import './tape_words.js';
import { atLeast } from './vocabulary.js';
import { t } from './words.js';

const MOST_ROWS = 500;    // in the document; filters reach the others the page has
const OLDER_AT_ONCE = 100;
const SETTLED_AGE_MS = 3600_000;  // older rows' ages are drawn once a minute
const SCROLLED_PX = 60;

/** @typedef {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} App */

class Tape {
  /** @type {TapeRow[]} newest first, as in the document */
  rows = [];
  #seconds = 0;
  #unseen = 0;
  #away = false;  // scrolled down, to what is older
  #headDue = false;
  /** @type {string | null} why there is nothing older */
  #end = null;

  /** @param {HTMLElement} element @param {App} app */
  constructor(element, app) {
    this.app = app;
    this.head = new TapeHead(app, () => this.rebuild());
    this.silences = new SilenceList(app);
    this.list = make('ol');
    this.newer = make('button', { type: 'button', class: 'newer', hidden: true, onclick: () => this.body.scrollTo({ top: 0 }) });
    this.older = make('button', { type: 'button', class: 'older', onclick: () => this.loadOlder() });
    this.empty = make('p', { class: 'quiet empty' });
    this.clear = make('button', { type: 'button', onclick: () => this.head.clear() });
    this.foot = make('p', { class: 'foot quiet' }, this.empty, ' ', this.clear, ' ', this.older);
    this.spoken = make('div', { class: 'unseen', role: 'log', 'aria-live': 'polite' });
    this.body = make('div', { class: 'body' }, this.list, this.foot);
    element.append(this.head.element, this.silences.element, this.newer, this.body, this.head.doing, this.spoken);
    this.body.addEventListener('scroll', () => this.#scroll(), { passive: true });
    this.list.addEventListener('click', (/** @type {MouseEvent} */ event) => this.#click(event));
    this.rebuild();
  }

  /** Draws all rows anew: the filter, the language or the zone changed. */
  rebuild() {
    const { store } = this.app;
    this.rows = [];
    for (let i = store.alerts.length - 1; i >= 0 && this.rows.length < MOST_ROWS; --i) {
      const entry = store.alerts[i];
      if (passes(entry.alert, this.head.filter, store.ackOf(entry.alert) !== null)) this.rows.push(new TapeRow(entry, this.app));
    }
    this.list.replaceChildren(...this.rows.map((row) => row.element));
    for (const row of this.rows) this.#shown(row);
    this.#mark();
    this.drawHead();
  }

  /** @param {TapeRow} row the moment it is in the document, ms since 1970 with fractions */
  #shown(row) { row.element.dataset.shownMs = (performance.timeOrigin + performance.now()).toFixed(2); }

  /** @param {import('./store.js').TapeEntry} entry */
  take(entry) {
    const { store } = this.app;
    this.#soonHead();
    if (entry.live && atLeast(entry.alert.severity, 'high')) say(this.spoken, alertWords(entry.alert).title);
    if (!passes(entry.alert, this.head.filter, store.ackOf(entry.alert) !== null)) return;
    let at = 0;
    while (at < this.rows.length && this.rows[at].seq > entry.alert.seq) ++at;
    if (at >= MOST_ROWS) return;
    const row = new TapeRow(entry, this.app);
    if (entry.live) row.element.classList.add('fresh');
    this.list.insertBefore(row.element, this.rows[at]?.element ?? null);
    this.#shown(row);
    this.rows.splice(at, 0, row);
    if (this.rows.length > MOST_ROWS) this.rows.pop()?.element.remove();
    if (entry.live && this.#away) this.#unseenOne();
  }

  // Asking where it is scrolled to while rows come would lay out the page for each of them.
  #scroll() {
    this.#away = this.body.scrollTop >= SCROLLED_PX;
    if (!this.#away) this.#seenAll();
  }

  #unseenOne() {
    this.newer.hidden = false;
    say(this.newer, t('tape.newer', { n: ++this.#unseen }));
  }

  #seenAll() {
    this.#unseen = 0;
    this.newer.hidden = true;
  }

  // Two hundred alerts may come at once; the head is drawn once for them.
  #soonHead() {
    if (this.#headDue) return;
    this.#headDue = true;
    setTimeout(() => this.drawHead(), 50);
  }

  drawHead() {
    this.#headDue = false;
    this.head.draw(this.rows.length);
    const { store } = this.app;
    const none = this.rows.length === 0;
    const full = this.rows.length >= MOST_ROWS || store.full();
    const all = store.firstSeq() === 1 ? t('tape.oldest') : this.#end;
    const why = none ? t(store.alerts.length === 0 ? 'tape.empty' : 'tape.none') : full ? t('tape.full', { n: this.rows.length }) : all;
    say(this.empty, why ?? '');
    say(this.clear, t('tape.clear'));
    this.clear.hidden = !none || store.alerts.length === 0;
    this.older.hidden = full || all !== null || store.alerts.length === 0;
    if (!this.older.disabled) say(this.older, t('tape.older'));
  }

  tick() {
    const all = ++this.#seconds % 60 === 0;
    for (const row of this.rows) if (row.drawAge() > SETTLED_AGE_MS && !all) break;
    this.silences.tick();
  }

  drawAcks() {
    if (this.head.filter.hideAcked) return this.rebuild();
    for (const row of this.rows) row.drawAck();
    this.#soonHead();
    return undefined;
  }

  /** @param {any} action */
  told(action) {
    this.head.tell(action);
    if (/silence/.test(action.action)) this.silences.load();
  }

  translate() {
    this.head.translate();
    say(this.spoken, '');
    this.silences.draw();
    this.rebuild();
  }

  /** The row whose details are open stands out. */
  #mark() {
    const { opened } = this.app.store;
    for (const row of this.rows) {
      const is = row.entry === opened;
      if (row.element.classList.contains('opened') !== is) row.element.classList.toggle('opened', is);
    }
  }
  mark() { this.#mark(); }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const element = target.closest('li');
    const row = this.rows.find((each) => each.element === element);
    if (!row) return;
    const action = /** @type {HTMLElement | null} */ (target.closest('[data-action]'))?.dataset.action;
    if (action === 'silence') askSilence(row.entry.alert, this.app);
    else if (action === 'ack' && event.shiftKey) this.#askReason(row);
    else if (action === 'ack' || action === 'unack') this.#acknowledge(row, action, '');
    else if (!getSelection()?.toString()) this.app.store.open(row.entry);  // text that was just marked is to be copied
  }

  /** @param {TapeRow} row */
  #askReason(row) {
    const { settings } = this.app;
    askWith({
      title: t('ack.title'),
      about: alertWords(row.entry.alert).title,
      fields: [
        lineField('reason', t('silence.reason'), { maxlength: 200 }),
        lineField('author', t('silence.author'), { maxlength: 100, value: settings.get('author'), autocomplete: 'nickname' }),
      ],
      action: t('ack.do'),
      submit: async (fields) => {
        settings.set('author', String(fields.get('author')).trim());
        await this.#post(row, 'ack', String(fields.get('reason')).trim());
      },
    });
  }

  /** @param {TapeRow} row @param {'ack' | 'unack'} action @param {string} reason */
  async #acknowledge(row, action, reason) {
    row.say(null);
    row.element.setAttribute('aria-busy', 'true');
    try {
      await this.#post(row, action, reason);
    } catch (error) {
      row.say(/** @type {Error} */ (error).message);
    }
    row.element.removeAttribute('aria-busy');
  }

  // What came of it is told to every page over the WebSocket, to this one too.
  /** @param {TapeRow} row @param {'ack' | 'unack'} action @param {string} reason */
  #post(row, action, reason) {
    const author = this.app.settings.get('author');
    const body = { ...(author ? { author } : {}), ...(reason ? { reason } : {}) };
    const path = `/api/v1/alerts/${row.entry.alert.id}/ack`;
    return action === 'ack' ? post(path, body) : remove(path, body);
  }

  async loadOlder() {
    const { store } = this.app;
    const first = store.firstSeq() ?? 1;
    const asOf = store.acted();
    this.older.disabled = true;
    say(this.older, t('tape.loading'));
    try {
      const page = await ask(`/api/v1/alerts?after=${Math.max(0, first - 1 - OLDER_AT_ONCE)}&limit=${Math.min(OLDER_AT_ONCE, first - 1)}`);
      const older = page.alerts.filter((/** @type {{seq: number}} */ { seq }) => seq < first);
      if (older.length === 0) this.#end = t('tape.oldest');
      store.takeOlder({ alerts: older, acks: page.acks }, asOf);
    } catch (error) {
      this.head.complain(/** @type {Error} */ (error).message);
    }
    this.older.disabled = false;
    this.drawHead();
  }

  forget() {
    this.#end = null;
    this.#seenAll();
    this.rebuild();
  }
}

/** @param {HTMLElement} element @param {App} app */
export function mount(element, app) {
  const { store, settings } = app;
  const tape = new Tape(element, app);
  store.on('alert', (entry) => tape.take(entry));
  store.on('acks', () => tape.drawAcks());
  store.on('action', (action) => tape.told(action));
  store.on('error', (words) => tape.head.complain(words));
  store.on('selection', () => tape.mark());
  store.on('forget', () => tape.forget());
  store.on('link', (link) => { if (link === 'live') tape.silences.load(); });
  // Names of instruments come with the first state.
  const first = store.on('state', () => { first(); tape.rebuild(); });
  settings.on((name) => { if (name === 'lang' || name === 'zone') tape.translate(); });
  everySecond(() => tape.tick());
}
