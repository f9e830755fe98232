// Language, theme, colours, sounds: a button for the mute, and a dialog for the rest.

import { icon, make } from './dom.js';
import { allowDesktop, testSound } from './notify.js';
import { kChoices } from './settings.js';
import './vocabulary.js';
import { addWords, t } from './words.js';

addWords({
  en: {
    'set.title': 'Settings', 'set.open': 'Settings', 'set.close': 'Close', 'set.keys': 'Keys (?)', 'set.mute': 'Mute (m)', 'set.sounding': 'Sound', 'set.silent': 'MUTED: no sound, flash or notification',
    'set.lang': 'Language', 'set.lang.en': 'English', 'set.lang.ja': '日本語', 'set.theme': 'Theme', 'set.theme.auto': 'as the system', 'set.theme.light': 'light', 'set.theme.dark': 'dark',
    'set.colours': 'Up and down', 'set.colours.green-up': 'green up, red down', 'set.colours.red-up': 'red up, green down', 'set.colours.blue-up': 'blue up, orange down',
    'set.zone': 'Times', 'set.zone.market': 'Tokyo (JST)', 'set.zone.local': 'this computer', 'set.zone.utc': 'UTC',
    'set.sound': 'Sound from', 'set.flash': 'Flash from', 'set.desktop': 'Desktop notification from', 'set.author': 'Your name', 'set.authorHint': 'given with acknowledgements and silences', 'set.test': 'Listen', 'set.look': 'Look', 'set.news': 'Alerts', 'set.kept': 'Kept in this browser.',
  },
  ja: {
    'set.title': '設定', 'set.open': '設定', 'set.close': '閉じる', 'set.keys': 'キー操作（?）', 'set.mute': '消音（m）', 'set.sounding': '音あり', 'set.silent': '消音中：音・点滅・通知なし',
    'set.lang': '言語', 'set.lang.en': 'English', 'set.lang.ja': '日本語', 'set.theme': 'テーマ', 'set.theme.auto': 'システムに合わせる', 'set.theme.light': 'ライト', 'set.theme.dark': 'ダーク',
    'set.colours': '騰落の色', 'set.colours.green-up': '上昇＝緑、下落＝赤', 'set.colours.red-up': '上昇＝赤、下落＝緑', 'set.colours.blue-up': '上昇＝青、下落＝橙',
    'set.zone': '時刻', 'set.zone.market': '東京（JST）', 'set.zone.local': 'このコンピューター', 'set.zone.utc': 'UTC',
    'set.sound': '音（以上）', 'set.flash': '点滅（以上）', 'set.desktop': 'デスクトップ通知（以上）', 'set.author': '名前', 'set.authorHint': '確認・通知停止に記録されます', 'set.test': '試聴', 'set.look': '表示', 'set.news': 'アラート', 'set.kept': 'このブラウザーに保存されます。',
  },
});

const kLook = ['lang', 'theme', 'colours', 'zone'];
const kNews = ['sound', 'flash', 'desktop'];

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, { settings }) {
  /** @param {string} name */
  const choiceKey = (name) => (kNews.includes(name) ? 'severity' : `set.${name}`);

  /** @param {string} name */
  function control(name) {
    const select = make('select', { 'data-setting': name, onchange: () => {
      settings.set(name, select.value);
      if (name === 'desktop' && select.value !== 'off') allowDesktop();
    } }, ...kChoices[name].map((value) => make('option', { value, 'data-t': `${choiceKey(name)}.${value}` })));
    return make('label', { class: 'setting' }, make('span', { 'data-t': `set.${name}` }), select);
  }

  const mute = make('button', { type: 'button', 'data-setting': 'muted', 'data-t-title': 'set.mute', onclick: () => settings.set('muted', !settings.get('muted')) });
  const open = make('button', { type: 'button', 'data-action': 'settings', 'aria-haspopup': 'dialog', 'data-t': 'set.open', onclick: () => dialog.showModal() });
  const listen = make('button', { type: 'button', 'data-action': 'test-sound', 'data-t': 'set.test', onclick: () => testSound(settings.get('sound') === 'off' ? 'high' : settings.get('sound')) });
  const author = make('input', { type: 'text', 'data-setting': 'author', maxlength: 100, autocomplete: 'nickname', onchange: () => settings.set('author', author.value.trim()) });
  const keys = make('button', { type: 'button', 'data-action': 'keys', 'data-t': 'set.keys', onclick: () => {
    dialog.close();
    /** @type {HTMLDialogElement | null} */ (document.querySelector('#keys dialog'))?.showModal();
  } });
  const dialog = make(
    'dialog', { class: 'settings', 'aria-labelledby': 'set-title' },
    make('h2', { id: 'set-title', 'data-t': 'set.title' }),
    make('h3', { 'data-t': 'set.look' }), ...kLook.map(control),
    make('h3', { 'data-t': 'set.news' }), ...kNews.map(control), listen,
    make('label', { class: 'setting' }, make('span', { 'data-t': 'set.author' }), author), make('p', { class: 'quiet', 'data-t': 'set.authorHint' }),
    make('p', { class: 'buttons' }, make('button', { type: 'button', 'data-action': 'close-settings', 'data-t': 'set.close', onclick: () => dialog.close() }), ' ', keys),
    make('p', { class: 'quiet', 'data-t': 'set.kept' }),
  );
  dialog.addEventListener('click', (/** @type {Event} */ event) => { if (event.target === dialog) dialog.close(); });  // beside it
  element.append(mute, open, dialog);

  function draw() {
    for (const name of [...kLook, ...kNews]) /** @type {HTMLSelectElement} */ (dialog.querySelector(`[data-setting=${name}]`)).value = settings.get(name);
    if (document.activeElement !== author) author.value = settings.get('author');
    const muted = settings.get('muted');
    mute.setAttribute('aria-pressed', String(muted));
    mute.replaceChildren(icon(muted ? 'silence' : 'bell'), ` ${t(muted ? 'set.silent' : 'set.sounding')}`);
    document.body.classList.toggle('is-muted', muted);
  }
  settings.on(draw);
  draw();
}
