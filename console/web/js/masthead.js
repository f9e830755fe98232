// Head and foot of the page: whether the link to the monitor stands, what kind of prices these are, which
// program speaks and whether it has trouble with its disk or its clock.

import { everySecond, make, say } from './dom.js';
import { atLeast, momentText, timeText } from './vocabulary.js';
import { addWords, t } from './words.js';

addWords({
  en: {
    'desk.skip': 'To the alerts', 'desk.session': 'Market hours', 'desk.notify': 'Sound and notifications',
    'desk.instruments': 'Prices', 'desk.chart': 'Chart', 'desk.distances': 'Distances', 'desk.pair': 'Nikkei and yen',
    'desk.feeds': 'Feeds', 'desk.tape': 'Alerts', 'desk.latency': 'Latency',
    'link.live': 'Live', 'link.connecting': 'Connecting', 'link.lost': 'Lost',
    'link.old': 'CONNECTION LOST, last heard {time}. Everything below is old. Trying again; missed alerts will follow.',
    'link.title': '⚠ LOST · Yagura',
    'note.demo': 'Demo: four days of February 2026, prices are synthetic.',
    'about.run': 'Yagura {version} · run {epoch}', 'about.since': 'Started {since}', 'link.none': 'NO CONNECTION to the monitor. Trying again.',
    'about.storage': 'STORAGE: {reason}', 'about.clock': 'CLOCK: {reason}', 'about.failed': 'out of order',
    'about.unsynchronised': 'not synchronised', 'about.jumped': 'jumped by {seconds} s within the last minute',
  },
  ja: {
    'desk.skip': 'アラートへ移動', 'desk.session': '取引時間', 'desk.notify': '音と通知',
    'desk.instruments': '価格', 'desk.chart': 'チャート', 'desk.distances': '節目までの距離', 'desk.pair': '日経平均と円',
    'desk.feeds': 'フィード', 'desk.tape': 'アラート', 'desk.latency': '遅延',
    'link.live': '受信中', 'link.connecting': '接続中…', 'link.lost': '切断',
    'link.old': '接続が切れました（最終受信 {time}）。以下は古い情報です。再接続中。未着のアラートは復旧後に届きます。',
    'link.title': '⚠ 切断 · Yagura',
    'note.demo': 'デモ：2026年2月の4日間、価格は架空のものです。',
    'about.run': 'Yagura {version} · 起動{epoch}回目', 'about.since': '起動 {since}', 'link.none': '監視プログラムに接続できません。再接続中。',
    'about.storage': '保存の異常：{reason}', 'about.clock': '時計の異常：{reason}', 'about.failed': '故障',
    'about.unsynchronised': '時刻同期なし', 'about.jumped': '直近1分に{seconds}秒の飛び',
  },
});

/** "0:42", "1:02:03". @param {number} ms */
export function spanText(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s < 3600 ? rest.replace(/^0/, '') : `${Math.floor(s / 3600)}:${rest}`;
}

/** @param {string | null} note what the monitor says about its prices @param {boolean} demo */
export function noteText(note, demo) { return demo ? t('note.demo') : note ?? ''; }

/** The monitor's words for its clock in the page's language; others as they are. @param {string | null} reason */
const reasonText = (reason) => (reason ?? t('about.failed')).replace('not synchronised', t('about.unsynchronised'))
  .replace(/jumped by (\S+) s within the last minute/, (_, seconds) => t('about.jumped', { seconds }));

/** @param {HTMLElement} _element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(_element, { store, settings }) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [pill, offline, note, about] = ['link', 'offline', 'note', 'about'].map(part);
  const words = make('span');
  const ago = make('span', { 'aria-hidden': 'true', class: 'ago' });  // runs on without being read out
  offline.append(words, ' ', ago);

  function drawLink() {
    document.body.dataset.link = store.link;
    say(pill, t(`link.${store.link}`));
    offline.hidden = store.lostAt === null;
    say(words, store.lostAt === null ? '' : store.state ? t('link.old', { time: timeText(store.lostAt, settings.get('zone')) }) : t('link.none'));
    drawAge();
    drawTitle();
  }

  function drawAge() {
    if (store.lostAt !== null) say(ago, spanText(Date.now() - store.lostAt));
  }

  let unseen = 0;  // grave alerts while another tab is looked at
  function drawTitle() {
    const title = store.link === 'lost' ? t('link.title') : unseen > 0 ? `(${unseen}) Yagura` : 'Yagura';
    if (document.title !== title) document.title = title;
  }

  function drawState() {
    const { state } = store;
    if (!state) return;
    say(note, noteText(state.note, state.demo));
    note.hidden = note.textContent === '';
    note.title = note.textContent ?? '';  // where there is no room for all of it
    const parts = [t('about.run', { version: state.version, epoch: state.epoch })];
    about.title = t('about.since', { since: momentText(state.started_ns / 1e6, settings.get('zone')) });
    for (const what of ['storage', 'clock']) {
      if (!state[what].ok) parts.unshift(t(`about.${what}`, { reason: reasonText(state[what].reason) }));
    }
    say(about, parts.join(' · '));
    about.classList.toggle('wrong', parts.length > 1);
    about.setAttribute('role', parts.length > 1 ? 'alert' : 'note');
  }

  store.on('alert', ({ alert, live, missed, held }) => {
    if (!document.hidden || held || !(live || missed) || !atLeast(alert.severity, 'high')) return;
    ++unseen;
    drawTitle();
  });
  document.addEventListener('visibilitychange', () => {
    unseen = 0;
    drawTitle();
  });
  store.on('link', drawLink);
  store.on('state', drawState);
  settings.on(() => { drawLink(); drawState(); });
  everySecond(drawAge);
  drawLink();
}
