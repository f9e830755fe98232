// The head of the tape: how many alerts there are, which of them are shown, and what people have just done.

import { everySecond, make, say } from './dom.js';
import { scopeText, timeOf } from './silences.js';
import { counted, kNoFilter } from './tape_filter.js';
import { alertWords } from './tape_row.js';
import { instrumentText, kSeverities, kShapes, named, timeText } from './vocabulary.js';
import { t } from './words.js';

const DOING_SHOWN_MS = 60000;

/** @typedef {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} App */

/** What a person did, in words. @param {any} action a message of /ws @param {App} app */
export function doingText(action, app) {
  const alert = app.store.alerts.find((entry) => entry.alert.id === action.alert || entry.alert.id === action.id)?.alert;
  const what = action.silence ? scopeText(action.silence, app) : alert ? alertWords(alert).title : t('doing.alert');
  const until = action.silence ? timeOf(action.silence, app) : '';
  const done = t(`doing.${action.action}`, { author: action.author, what, until });
  const because = action.reason ? t('tape.because', { what: done, reason: action.reason }) : done;
  return `${timeText(Date.parse(action.at), app.settings.get('zone'))} ${because}`;
}

export class TapeHead {
  /** @type {import('./tape_filter.js').Filter} */
  filter = { ...kNoFilter };
  #app;
  #doneAt = 0;

  /** @param {App} app @param {() => void} changed called when the filter is */
  constructor(app, changed) {
    this.#app = app;
    this.changed = changed;
    this.title = make('h2', {}, t('tape.title'));
    this.count = make('span', { class: 'count quiet' });
    this.severities = make('span', { class: 'severities', role: 'group' });
    this.instrument = make('select', { name: 'instrument', onchange: () => this.#set('instrument', this.instrument.value) });
    this.kind = make('select', { name: 'kind', onchange: () => this.#set('kind', this.kind.value) });
    this.search = make('input', { type: 'search', name: 'search', autocomplete: 'off', maxlength: 100, oninput: () => this.#set('text', this.search.value) });
    this.search.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') this.#leaveSearch(); });
    this.hide = make('button', { type: 'button', class: 'hide', 'data-action': 'hide-acked', onclick: () => this.#set('hideAcked', !this.filter.hideAcked) });
    this.doing = make('p', { class: 'doings quiet', role: 'status', 'aria-live': 'polite', hidden: true });
    this.filters = make('div', { class: 'filters', role: 'group' }, this.severities, this.instrument, this.kind, this.search, this.hide);
    this.element = make('header', {}, make('p', { class: 'line' }, this.title, this.count), this.filters);
    this.severities.addEventListener('click', (/** @type {any} */ event) => {
      const chosen = event.target.closest('button')?.dataset.least;
      if (chosen) this.#set('severity', this.filter.severity === chosen ? 'info' : chosen);
    });
    everySecond(() => { if (this.#doneAt && Date.now() - this.#doneAt > DOING_SHOWN_MS) this.#forgetDoing(); });
    this.translate();
  }

  /** @param {keyof import('./tape_filter.js').Filter} name @param {string | boolean} value */
  #set(name, value) {
    Object.assign(this.filter, { [name]: value });
    this.changed();
  }

  #leaveSearch() {
    this.search.value = '';
    this.search.blur();
    this.#set('text', '');
  }

  clear() {
    this.filter = { ...kNoFilter };
    this.instrument.value = this.kind.value = this.search.value = '';
    this.changed();
  }

  /** @param {any} action */
  tell(action) {
    this.#doneAt = Date.now();
    this.doing.hidden = false;
    say(this.doing, doingText(action, this.#app));
  }

  /** @param {string} words of the monitor */
  complain(words) {
    this.#doneAt = Date.now();
    this.doing.hidden = false;
    say(this.doing, words);
  }

  #forgetDoing() {
    this.#doneAt = 0;
    this.doing.hidden = true;
    say(this.doing, '');
  }

  /** The words that do not change with the alerts. */
  translate() {
    say(this.title, t('tape.title'));
    say(this.hide, t('tape.hideShort'));
    for (const [element, key] of /** @type {[Element, string][]} */ ([
      [this.filters, 'tape.filters'], [this.severities, 'tape.everything'], [this.instrument, 'tape.instrument'],
      [this.kind, 'tape.kind'], [this.search, 'tape.search'], [this.hide, 'tape.hideAcked'],
    ])) element.setAttribute('aria-label', t(key));
    this.hide.title = t('tape.hideAcked');
    this.search.placeholder = t('tape.searchShort');
    this.severities.replaceChildren(...kSeverities.map((severity) => make(
      'button', { type: 'button', 'data-least': severity }, make('span', { class: `severity ${severity}`, 'aria-hidden': 'true' }, kShapes[severity]), make('span', { class: 'n' }),
      make('span', { class: 'unseen' }, ` ${t('tape.from', { severity: named('severity', severity) })}`),
    )));
    this.#options(this.kind, 'tape.anyKind', [], () => '');
    this.#options(this.instrument, 'tape.anyInstrument', [], () => '');
    this.#forgetDoing();
  }

  /** @param {any} select @param {string} any @param {string[]} values @param {(value: string) => string} words */
  #options(select, any, values, words) {
    const present = [...select.options].slice(1).map((/** @type {any} */ option) => option.value);
    if (select.options.length > 0 && values.join() === present.join() && values.length > 0) return;
    const chosen = select.value;
    select.replaceChildren(make('option', { value: '' }, t(any)), ...values.map((value) => make('option', { value }, words(value))));
    select.value = values.includes(chosen) ? chosen : '';
  }

  /** What there is. @param {number} shown */
  draw(shown) {
    const { store } = this.#app;
    const counts = counted(store.alerts);
    const open = store.alerts.filter(({ alert }) => !store.ackOf(alert)).length;
    say(this.count, `${t('tape.count', { shown, all: store.alerts.length })} · ${t('tape.open', { n: open })}`);
    for (const button of /** @type {Iterable<HTMLElement>} */ (/** @type {unknown} */ (this.severities.children))) {
      const least = button.dataset.least ?? '';
      say(button.children[1], String(counts[least]));
      button.setAttribute('aria-pressed', String(this.filter.severity === least));
      button.title = t('tape.least', { severity: named('severity', least), n: counts[least] });
    }
    this.hide.setAttribute('aria-pressed', String(this.filter.hideAcked));
    this.#options(this.instrument, 'tape.anyInstrument', [...store.instruments.keys()], (symbol) => instrumentText(store, symbol));
    this.#options(this.kind, 'tape.anyKind', [...new Set(store.alerts.map(({ alert }) => alert.kind))].sort(), (kind) => named('kind', kind));
  }
}
