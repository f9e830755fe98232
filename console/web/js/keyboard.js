// Every deed has a key, and '?' tells them. Keys do nothing while somebody types or a dialog is open.

import { make } from './dom.js';
import { addWords, t } from './words.js';

addWords({
  en: {
    'keys.title': 'Keys', 'keys.close': 'Close', 'keys.help': 'this help', 'keys.mute': 'mute', 'keys.search': 'search alerts', 'keys.move': 'next, previous alert', 'keys.ack': 'acknowledge; A with a reason', 'keys.unack': 'take it back',
    'keys.silence': 'silence', 'keys.open': 'details of the alert', 'keys.escape': 'close, leave the search', 'keys.instrument': 'instrument', 'keys.interval': 'shorter, longer candles', 'keys.style': 'candles or line',
    'keys.level': 'add a price level', 'keys.theme': 'dark or light', 'keys.language': 'English or Japanese', 'keys.older': 'older alerts',
    'keys.tooNew': 'This alert has just come: press again, or choose one with j and k.',
    'keys.notShown': 'The alert whose details are open is not on the list: close it with Esc, or choose one with j and k.',
  },
  ja: {
    'keys.title': 'キー操作', 'keys.close': '閉じる', 'keys.help': 'この一覧', 'keys.mute': '消音', 'keys.search': 'アラートを検索', 'keys.move': '次／前のアラート', 'keys.ack': '確認（Aで理由も記入）', 'keys.unack': '確認を取り消す',
    'keys.silence': '通知を止める', 'keys.open': 'アラートの詳細', 'keys.escape': '閉じる、検索を終える', 'keys.instrument': '銘柄', 'keys.interval': '足を短く／長く', 'keys.style': 'ローソク足／ライン',
    'keys.level': '価格水準を追加', 'keys.theme': 'ダーク／ライト', 'keys.language': '英語／日本語', 'keys.older': '以前のアラート',
    'keys.tooNew': '届いたばかりのアラートです。もう一度押すか、j・kで選んでください。',
    'keys.notShown': '詳細を表示中のアラートは一覧にありません。Escで閉じるか、j・kで選んでください。',
  },
});

const LOOKED_AT_MS = 700;  // so long an alert must have been there before a key can mean it unnamed

/** What each key is for, as the help lists them. @type {[string[], string][]} */
const kHelp = [
  [['?'], 'help'], [['j', 'k'], 'move'], [['Enter'], 'open'], [['a', 'A'], 'ack'], [['u'], 'unack'], [['s'], 'silence'], [['/'], 'search'], [['o'], 'older'], [['Esc'], 'escape'],
  [['1', '…', '9'], 'instrument'], [['[', ']'], 'interval'], [['c'], 'style'], [['l'], 'level'], [['m'], 'mute'], [['t'], 'theme'], [['g'], 'language'],
];

/** Whether keys are text there. @param {any} target */
export function typing(target) {
  return target?.isContentEditable === true || /^(input|textarea|select)$/i.test(target?.tagName ?? '');
}

/** The one `step` further among `count`, or the same at an end. @param {number} at @param {number} step @param {number} count */
export const further = (at, step, count) => Math.min(count - 1, Math.max(0, at + step));

const find = (/** @type {string} */ selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector));
const all = (/** @type {string} */ selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

/** The alert that somebody chose: the one with the focus, else the one whose details are open. */
const chosenRow = () => /** @type {HTMLElement | null} */ (document.activeElement?.closest('#tape li[data-seq]')) ?? find('#tape li.opened');
const newestRow = () => find('#tape li[data-seq]');

/** Whether it came so lately that a key was meant for what stood there before. @param {HTMLElement} row */
function justCame(row) {
  return performance.timeOrigin + performance.now() - Number(row.dataset.shownMs) < LOOKED_AT_MS;
}

/** @param {number} step */
function moveOnTape(step) {
  const rows = all('#tape li[data-seq]');
  const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest('#tape li[data-seq]'));
  const from = focused ? rows.indexOf(focused) : -1;
  const row = rows[from < 0 ? 0 : further(from, step, rows.length)];
  /** @type {HTMLElement | null} */ (row?.querySelector('.open'))?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
}

/** @param {number} step */
function changeInterval(step) {
  const buttons = all('#chart button[data-interval]');
  const at = buttons.findIndex((button) => button.getAttribute('aria-pressed') === 'true');
  if (at >= 0 && further(at, step, buttons.length) !== at) buttons[further(at, step, buttons.length)].click();
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, { store, settings }) {
  const close = make('button', { type: 'button', 'data-action': 'close-keys', 'data-t': 'keys.close', onclick: () => dialog.close() });
  const rows = kHelp.flatMap(([keys, what]) => [make('dt', {}, ...keys.flatMap((key) => [make('kbd', {}, key), ' '])), make('dd', { 'data-t': `keys.${what}` })]);
  const dialog = make('dialog', { 'aria-labelledby': 'keys-title' }, make('h2', { id: 'keys-title', 'data-t': 'keys.title' }), make('dl', {}, ...rows), close);
  dialog.addEventListener('click', (/** @type {Event} */ event) => { if (event.target === dialog) dialog.close(); });
  element.append(dialog);

  function changeTheme() {
    const dark = getComputedStyle(document.documentElement).colorScheme === 'dark';
    settings.set('theme', dark ? 'light' : 'dark');
  }

  /** What a person does with the alert that is chosen, else with the newest. @param {string} action @param {boolean} [shift] */
  function press(action, shift = false) {
    const chosen = chosenRow();
    const row = chosen ?? newestRow();
    if (!row) return;
    if (!chosen && store.opened) store.complain(t('keys.notShown'));
    else if (!chosen && justCame(row)) store.complain(t('keys.tooNew'));
    else row.querySelector(`[data-action=${action}]`)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: shift }));
  }

  /** @type {Record<string, () => void>} */
  const deeds = {
    '?': () => dialog.showModal(),
    m: () => settings.set('muted', !settings.get('muted')),
    '/': () => find('#tape input[type=search]')?.focus(),
    j: () => moveOnTape(1),
    k: () => moveOnTape(-1),
    a: () => press('ack'),
    A: () => press('ack', true),
    u: () => press('unack'),
    s: () => press('silence'),
    o: () => find('#tape .older:not([hidden])')?.click(),
    '[': () => changeInterval(-1),
    ']': () => changeInterval(1),
    c: () => find('#chart button[data-style][aria-pressed=false]')?.click(),
    l: () => find('#chart [data-action=add-level]')?.click(),
    t: changeTheme,
    g: () => settings.set('lang', settings.get('lang') === 'ja' ? 'en' : 'ja'),
    Escape: () => { if (store.opened) store.open(null); },
  };

  /** @param {KeyboardEvent} event @returns {(() => void) | undefined} */
  function deedOf(event) {
    const { key } = event;
    if (/^[1-9]$/.test(key)) {
      const symbol = [...store.instruments.keys()][Number(key) - 1];
      return symbol === undefined ? undefined : () => store.select(symbol);
    }
    // Enter presses what has the focus; with nothing focused it opens the newest.
    if (key === 'Enter') return document.activeElement === document.body ? () => { /** @type {HTMLElement | null} */ ((chosenRow() ?? newestRow())?.querySelector('.open'))?.click(); } : undefined;
    return Object.hasOwn(deeds, key) ? deeds[key] : undefined;
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || find('dialog[open]')) return;
    const deed = deedOf(event);
    if (!deed || (event.repeat && !'jk'.includes(event.key))) return;
    event.preventDefault();
    deed();
  });
}
