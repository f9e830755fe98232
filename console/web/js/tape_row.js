// One alert on the tape.

import { icon, make, say } from './dom.js';
import { ageText, instrumentText, kShapes, momentText, named, timeText } from './vocabulary.js';
import { spoken, t } from './words.js';

/** @param {'ack' | 'unack' | 'silence'} action @param {string} hint */
function button(action, hint) {
  return make('button', { type: 'button', class: 'plain do', 'data-action': action, 'aria-label': t(`tape.${action}`), title: t(hint) }, icon(action));
}

/** What happened and why it matters, in the page's language. @param {import('./store.js').Alert} alert */
export function alertWords(alert) {
  const ja = spoken() === 'ja';
  return { title: (ja && alert.title_ja) || alert.title, text: (ja && alert.text_ja) || alert.text };
}

/** When it was told, by the monitor's clock: its event may be of another year in a replay. @param {import('./store.js').Alert} alert */
const toldAt = (alert) => (alert.ts_decided_ns ?? alert.ts_event_ns) / 1e6;

export class TapeRow {
  /** @param {import('./store.js').TapeEntry} entry @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
  constructor(entry, { store, settings }) {
    this.entry = entry;
    this.store = store;
    this.settings = settings;
    this.told = toldAt(entry.alert);
    /** @type {import('./store.js').Ack | null | undefined} as drawn */
    this.ack = undefined;
    const { alert, held } = entry;
    const { title, text } = alertWords(alert);
    this.age = make('span', { class: 'age' });
    this.people = make('p', { class: 'people', hidden: true });
    this.trouble = make('p', { class: 'wrong', role: 'alert', hidden: true });
    this.doing = make('div', { class: 'doing' });
    this.element = make(
      'li',
      { class: `alert ${alert.severity}${held ? ' held' : ''}`, 'data-seq': alert.seq, 'data-id': alert.id, 'data-event': alert.event },
      make('p', { class: 'head' },
        make('span', { class: `severity ${alert.severity}` }, make('span', { 'aria-hidden': 'true' }, kShapes[alert.severity] ?? '○'), ` ${named('severity', alert.severity)}`),
        ' ', make('span', { class: 'symbol' }, instrumentText(store, alert.instrument)), ' ',
        make('time', { datetime: new Date(alert.ts_event_ns / 1e6).toISOString() }, momentText(alert.ts_event_ns / 1e6, settings.get('zone'))),
        ' ', this.age),
      make('button', { type: 'button', class: 'open' }, title),
      this.doing,
      make('p', { class: 'text' }, text),
      held ? make('p', { class: 'why' }, t('tape.held', { why: named('held', held) })) : null,
      this.people,
      this.trouble,
    );
    this.drawAge();
    this.drawAck();
  }

  get seq() { return this.entry.alert.seq; }

  /** Tells how old it is now, in ms. */
  drawAge() {
    const age = this.store.serverNow() - this.told;
    say(this.age, ageText(age));
    return age;
  }

  drawAck() {
    const ack = this.store.ackOf(this.entry.alert);
    if (ack === this.ack) return;
    this.ack = ack;
    this.element.classList.toggle('acked', ack !== null);
    this.people.hidden = ack === null;
    if (ack) {
      const who = t('tape.acked', { author: ack.author, time: timeText(Date.parse(ack.at), this.settings.get('zone')) });
      say(this.people, ack.reason ? t('tape.because', { what: who, reason: ack.reason }) : who);
    }
    const focused = this.doing.contains(document.activeElement);
    this.doing.replaceChildren(ack ? button('unack', 'tape.unack') : button('ack', 'tape.ackHint'), button('silence', 'tape.silence'));
    if (focused) this.doing.querySelector('button')?.focus();
  }

  /** @param {string | null} words */
  say(words) {
    this.trouble.hidden = words === null;
    say(this.trouble, words ?? '');
  }
}
