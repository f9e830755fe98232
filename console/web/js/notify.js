// Sound, flash and desktop notifications. Only for what is decided while the page is open; what came while the link was
// lost is told once, in one when it is much.

import { make, say } from './dom.js';
import { gravest, inGroups, isNews, Restraint, wanted } from './notify_plan.js';
import { Sounds } from './sounds.js';
import { alertWords } from './tape_row.js';
import { named } from './vocabulary.js';
import { addWords, spoken, t } from './words.js';

const GATHER_MS = 500;  // in which the alerts of a lost link come
const FLASH_MS = 400;

addWords({
  en: {
    'notify.waits': 'Sound waits for a click', 'notify.start': 'The browser lets a page sound only after a click: click here',
    'notify.ask': 'Allow notifications', 'notify.denied': 'Notifications are blocked', 'notify.deniedWhy': 'The browser blocks notifications of this page; its site settings can allow them.',
    'notify.none': 'No notifications here', 'notify.noneWhy': 'This browser shows notifications only for pages over HTTPS or on this computer.',
    'notify.missed': '{n} alerts while the connection was lost', 'notify.gravest': 'The gravest: {severity}. {title}', 'notify.more': 'Many alerts: see the page',
  },
  ja: {
    'notify.waits': '音はクリック後に有効', 'notify.start': 'ブラウザーの制限により、一度クリックするまで音は出ません。ここをクリック',
    'notify.ask': '通知を許可', 'notify.denied': '通知がブロックされています', 'notify.deniedWhy': 'ブラウザーがこのページの通知をブロックしています。サイトの設定で許可できます。',
    'notify.none': '通知は使えません', 'notify.noneWhy': 'このブラウザーでは、HTTPSまたはこのコンピューター上のページだけが通知を表示できます。',
    'notify.missed': '切断中に{n}件のアラート', 'notify.gravest': '最も重要：{severity}。{title}', 'notify.more': '多数のアラート：画面をご覧ください',
  },
});

/** What the browser says of desktop notifications. @returns {'granted' | 'denied' | 'default' | 'none'} */
export const permission = () => (globalThis.Notification ? Notification.permission : 'none');

/** @typedef {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} App */

class Notifier {
  #sounds = new Sounds();
  #restraint = new Restraint();
  /** @type {import('./store.js').TapeEntry[]} */
  #missed = [];
  #flashing = 0;

  /** @param {HTMLElement} element @param {App} app */
  constructor(element, app) {
    this.app = app;
    this.waits = make('button', { type: 'button', class: 'waits', 'data-action': 'start-sound', hidden: true, onclick: () => this.start() });
    this.asks = make('button', { type: 'button', class: 'asks', 'data-action': 'allow-desktop', hidden: true, onclick: () => this.allow() });
    this.denied = make('span', { class: 'denied', hidden: true });
    element.append(this.waits, this.asks, this.denied);
    // The first click or key anywhere will do; a page that is not touched says that it is silent.
    for (const gesture of ['pointerdown', 'keydown']) document.addEventListener(gesture, () => this.start(), { capture: true });
    document.addEventListener('visibilitychange', () => this.draw());
    this.draw();
  }

  async start() {
    if (this.#sounds.ready) return;
    await this.#sounds.start();
    this.draw();
  }

  async allow() {
    if (permission() === 'default') await Notification.requestPermission();
    this.draw();
  }

  /** @param {string} severity */
  async test(severity) {
    await this.#sounds.start();
    this.#sounds.play(severity);
    this.draw();
  }

  draw() {
    const { settings } = this.app;
    const muted = settings.get('muted');
    const sounds = settings.get('sound') !== 'off' && !muted;
    const desktop = settings.get('desktop') !== 'off' && !muted;
    const allowed = permission();
    const refused = allowed === 'denied' || allowed === 'none';
    this.waits.hidden = !sounds || this.#sounds.ready;
    say(this.waits, t('notify.waits'));
    this.waits.title = t('notify.start');
    this.asks.hidden = !desktop || allowed !== 'default';
    say(this.asks, t('notify.ask'));
    this.denied.hidden = !desktop || !refused;
    say(this.denied, t(allowed === 'none' ? 'notify.none' : 'notify.denied'));
    this.denied.title = t(allowed === 'none' ? 'notify.noneWhy' : 'notify.deniedWhy');
  }

  /** @param {import('./store.js').TapeEntry} entry */
  take(entry) {
    if (!isNews(entry)) return;
    if (entry.live) {
      this.#tell([entry]);
      return;
    }
    this.#missed.push(entry);
    if (this.#missed.length === 1) setTimeout(() => this.#tellMissed(), GATHER_MS);
  }

  #tellMissed() {
    for (const group of inGroups(this.#missed)) this.#tell(group);
    this.#missed = [];
  }

  /** @param {import('./store.js').TapeEntry[]} entries */
  #tell(entries) {
    const severity = gravest(entries);
    const { sound, flash, desktop } = wanted(severity, this.app.settings);
    const now = performance.now();
    if (sound && this.#sounds.ready && this.#restraint.maySound(severity, now)) this.#sounds.play(severity);
    if (flash && !matchMedia('(prefers-reduced-motion: reduce)').matches && this.#restraint.mayFlash(now)) this.#flash(severity);
    if (desktop && permission() === 'granted') this.#show(entries, severity, now);
  }

  /** @param {string} severity */
  #flash(severity) {
    clearTimeout(this.#flashing);
    document.body.dataset.flash = severity;
    this.#flashing = setTimeout(() => { delete document.body.dataset.flash; }, FLASH_MS);
  }

  /** @param {import('./store.js').TapeEntry[]} entries @param {string} severity @param {number} now */
  #show(entries, severity, now) {
    const first = entries.find(({ alert }) => alert.severity === severity) ?? entries[0];
    const { title, text } = alertWords(first.alert);
    const few = this.#restraint.mayShow(now);
    const many = entries.length > 1;
    const shown = many ? t('notify.missed', { n: entries.length }) : few ? title : t('notify.more');
    const body = many ? t('notify.gravest', { severity: named('severity', severity), title }) : few ? text : title;
    const notification = new Notification(shown, { body, tag: few && !many ? first.alert.id : 'yagura', lang: spoken(), silent: true });
    notification.onclick = () => {
      window.focus();
      this.app.store.open(first);
      notification.close();
    };
  }
}

/** Sounds what a severity sounds like; set when the page is mounted. @type {(severity: string) => void} */
export let testSound = () => {};
/** Asks the browser, from a click. @type {() => void} */
export let allowDesktop = () => {};

/** @param {HTMLElement} element @param {App} app */
export function mount(element, app) {
  const notifier = new Notifier(element, app);
  testSound = (severity) => { notifier.test(severity); };
  allowDesktop = () => { notifier.allow(); };
  app.store.on('alert', (entry) => notifier.take(entry));
  app.settings.on(() => notifier.draw());
}
