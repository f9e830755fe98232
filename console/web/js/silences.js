// Silences: those in force, how to end one, and the question that makes one.

import { ask, post, remove } from './api.js';
import { askWith, choiceField, lineField } from './dialogs.js';
import { zoneText } from './format.js';
import { make, say } from './dom.js';
import { instrumentText, momentText, named } from './vocabulary.js';
import { t } from './words.js';

/** @typedef {{id: string, rule?: string, instrument?: string, kind?: string, severity?: string, until?: string, when?: string[], author: string, reason: string}} Silence */
/** @typedef {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} App */

/** What a silence is about: "yen-move, up to high". @param {Silence} silence @param {App} app */
export function scopeText({ rule, instrument, kind, severity }, { store }) {
  const parts = [];
  if (rule) parts.push(rule);
  if (instrument) parts.push(instrumentText(store, instrument));
  if (kind) parts.push(named('kind', kind));
  if (severity) parts.push(t('silences.upTo', { severity: named('severity', severity) }));
  return parts.join(', ') || t('silences.everything');
}

/** Until when, or in which hours. @param {Silence} silence @param {App} app */
export function timeOf({ until, when }, { settings }) {
  const parts = [];
  if (when?.length) parts.push(t('silences.when', { when: when.join(', ') }));
  if (until) parts.push(t('silences.until', { time: momentText(Date.parse(until), settings.get('zone')) }));
  return parts.join(', ');
}

/**
 * What to ask of the monitor: the duration it reads itself, a time with its zone.
 * @param {{what: string, long: string, until: string, critical: boolean, reason: string, author: string}} said
 * @param {import('./store.js').Alert} alert @param {number} now
 */
export function silenceRequest(said, alert, now) {
  const until = said.long === 'until' ? Date.parse(said.until) : NaN;
  if (said.long === 'until' && !(until > now)) throw new Error(t('silence.noTime'));
  return {
    ...(said.what === 'rule' ? { rule: alert.rule } : { instrument: alert.instrument }),
    ...(said.critical ? {} : { severity: 'high' }),
    until: said.long === 'until' ? new Date(until).toISOString() : said.long,
    ...(said.reason ? { reason: said.reason } : {}),
    ...(said.author ? { author: said.author } : {}),
  };
}

/** @param {import('./store.js').Alert} alert @param {App} app */
export function askSilence(alert, app) {
  const { settings } = app;
  const critical = make('label', { class: 'check' }, make('input', { type: 'checkbox', name: 'critical', checked: alert.severity === 'critical' }), ` ${t('silence.critical')}`);
  const until = make('input', { type: 'datetime-local', name: 'until', 'aria-label': t('silence.untilLabel', { zone: zoneText('local') }) });
  const long = choiceField('long', t('silence.long'), ['15m', '1h', '4h', 'until'].map((value) => [value, t(`silence.${value}`)]), '1h');
  long.append(until, ` ${zoneText('local')}`);
  until.addEventListener('input', () => {
    /** @type {HTMLInputElement} */ (long.querySelector('[value=until]')).checked = true;
  });
  const dialog = askWith({
    title: t('silence.title'),
    about: t('silence.about'),
    fields: [
      choiceField('what', t('silence.what'), [
        ['rule', t('silence.rule', { rule: alert.rule })],
        ['instrument', t('silence.instrument', { instrument: instrumentText(app.store, alert.instrument) })],
      ], 'rule'),
      critical, long,
      lineField('reason', t('silence.reason'), { maxlength: 200 }),
      lineField('author', t('silence.author'), { maxlength: 100, value: settings.get('author'), autocomplete: 'nickname' }),
    ],
    action: t('silence.do'),
    submit: async (fields) => {
      const text = (/** @type {string} */ name) => String(fields.get(name) ?? '').trim();
      settings.set('author', text('author'));
      await post('/api/v1/silences', silenceRequest({
        what: text('what'), long: text('long'), until: text('until'), critical: fields.has('critical'), reason: text('reason'), author: text('author'),
      }, alert, Date.now()));
    },
  });
  dialog.classList.add('silence');
}

/** Those in force, under a line that says how many. */
export class SilenceList {
  /** @type {Silence[]} */
  #silences = [];
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.summary = make('summary');
    this.list = make('ul');
    this.trouble = make('p', { class: 'wrong', role: 'alert' });
    this.element = make('details', { class: 'silences', hidden: true }, this.summary, this.list, this.trouble);
    this.list.addEventListener('click', (/** @type {any} */ event) => this.#end(event.target.closest('button')));
  }

  /** Asks the monitor anew. */
  async load() {
    try {
      this.#silences = (await ask('/api/v1/silences')).silences;
      this.draw();
    } catch { /* the link says when the monitor is away; it is asked again when it is back */ }
  }

  /** Drops what is over by now. */
  tick() {
    const now = this.#app.store.serverNow();
    const left = this.#silences.filter(({ until }) => !until || Date.parse(until) > now);
    if (left.length === this.#silences.length) return;
    this.#silences = left;
    this.draw();
  }

  draw() {
    this.element.hidden = this.#silences.length === 0;
    say(this.summary, t('silences.title', { n: this.#silences.length }));
    this.list.replaceChildren(...this.#silences.map((silence) => this.#row(silence)));
  }

  /** @param {Silence} silence */
  #row(silence) {
    const what = scopeText(silence, this.#app);
    const by = [silence.author, silence.reason].filter(Boolean).join(': ');
    return make('li', {}, make('span', {}, make('strong', {}, what), ` ${timeOf(silence, this.#app)} `, make('small', {}, by)),
      make('button', { type: 'button', 'data-id': silence.id, 'aria-label': t('silences.endOf', { what }) }, t('silences.end')));
  }

  /** @param {HTMLButtonElement | null} button */
  async #end(button) {
    if (!button) return;
    button.disabled = true;
    say(this.trouble, '');
    const author = this.#app.settings.get('author');
    try {
      await remove(`/api/v1/silences/${button.dataset.id}`, author ? { author } : {});
      await this.load();
    } catch (error) {
      say(this.trouble, /** @type {Error} */ (error).message);
      button.disabled = false;
    }
  }
}
