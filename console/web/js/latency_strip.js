// How long a tick takes to become an alert, live, stage by stage.

import { countText, microText } from './format.js';
import { make, say } from './dom.js';
import { named } from './vocabulary.js';
import { addWords, t } from './words.js';

addWords({
  en: {
    'latency.title': 'Latency p50 · p99 · max', 'latency.none': 'no tick yet', 'latency.p50': 'median', 'latency.p99': '99 %', 'latency.max': 'worst', 'latency.count': '{n} measured since the start',
    'latency.about': '{what}\np50 {p50} · p90 {p90} · p99 {p99} · p99.9 {p999} · max {max}\n{count}',
    'stage.tick_to_alert': 'tick to alert', 'stage.tick': 'tick', 'stage.decode': 'decode', 'stage.queue': 'queue', 'stage.detect': 'detect', 'stage.hand_over': 'hand-over',
    'stage.about.tick_to_alert': 'From the frame complete here to the alert decided', 'stage.about.tick': 'From the frame complete here until all rules have seen the tick',
    'stage.about.decode': 'Reading the vendor’s message',
    'stage.about.queue': 'Waiting between the feed’s thread and the detectors',
    'stage.about.detect': 'All rules on one tick', 'stage.about.hand_over': 'From the decision until the alert is written to the console’s clients',
  },
  ja: {
    'latency.title': '遅延 p50 · p99 · 最大', 'latency.none': 'ティックはまだありません', 'latency.p50': '中央値', 'latency.p99': '99%', 'latency.max': '最大', 'latency.count': '起動からの計測数 {n}',
    'latency.about': '{what}\np50 {p50} · p90 {p90} · p99 {p99} · p99.9 {p999} · 最大 {max}\n{count}',
    'stage.tick_to_alert': 'ティック→アラート', 'stage.tick': 'ティック', 'stage.decode': '解読', 'stage.queue': '待ち行列', 'stage.detect': '判定', 'stage.hand_over': '引き渡し',
    'stage.about.tick_to_alert': '受信完了からアラートの判定まで', 'stage.about.tick': '受信完了から全ルールの判定が終わるまで',
    'stage.about.decode': '配信元の電文の解読',
    'stage.about.queue': '受信スレッドから判定までの待ち',
    'stage.about.detect': '1ティックに対する全ルールの判定', 'stage.about.hand_over': '判定から画面への送出まで',
  },
});

const kFirst = 'tick_to_alert';
const kLeftOut = ['enqueue', 'settle'];  // for engineers, who have GET /api/v1/latency

/** What the desk asks first stands first; what it never asks is left out. @template {{stage: string}} T @param {T[]} stages */
export function ordered(stages) {
  const shown = stages.filter(({ stage }) => !kLeftOut.includes(stage));
  return [...shown.filter(({ stage }) => stage === kFirst), ...shown.filter(({ stage }) => stage !== kFirst)];
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, { store, settings }) {
  const title = make('h2');
  const list = make('ul');
  /** @type {Map<string, Record<string, HTMLElement>>} */
  const rows = new Map();
  element.append(title, list);

  /** @param {string} stage */
  function rowOf(stage) {
    let row = rows.get(stage);
    if (row) return row;
    row = { name: make('span', { class: 'stage' }), numbers: make('span', { class: 'numbers' }) };
    row.element = make('li', { 'data-stage': stage }, row.name, ' ', row.numbers);
    rows.set(stage, row);
    list.append(row.element);
    return row;
  }

  function draw() {
    say(title, t('latency.title'));
    for (const stage of ordered(/** @type {any[]} */ (store.state?.latency_us ?? []))) {
      const row = rowOf(stage.stage);
      const [p50, p90, p99, p999, max] = ['p50', 'p90', 'p99', 'p999', 'max'].map((name) => microText(stage[name]));
      say(row.name, named('stage', stage.stage));
      say(row.numbers, stage.count === 0 ? '–' : `${p50} · ${p99} · ${max}${stage.stage === kFirst ? ` (${countText(stage.count)})` : ''}`);
      const what = named('stage.about', stage.stage);
      const count = stage.count === 0 ? t('latency.none') : t('latency.count', { n: countText(stage.count) });
      row.element.title = stage.count === 0 ? `${what}\n${count}` : t('latency.about', { what, p50, p90, p99, p999, max, count });
    }
  }

  store.on('state', draw);
  settings.on((name) => { if (name === 'lang') draw(); });
  draw();
}
