// How the Nikkei answers the yen, and whether a fall of the dollar looks like an official hand.

import { priceText, signedText } from './format.js';
import { make, say } from './dom.js';
import { instrumentText, named, timeText } from './vocabulary.js';
import { addWords, t } from './words.js';

addWords({
  en: {
    'pair.title': 'Nikkei and yen', 'pair.of': '{one} against {other}', 'pair.none': 'No divergence rule is configured.', 'pair.noWatch': 'No intervention rule is configured.',
    'pair.learning': 'Learning: 60 minutes of both markets together, and a first session, are needed before anything can be called unusual.',
    'pair.about': 'Returns of whole minutes while both markets are open. Beta: how much the one moves when the other moves 1 %. Residual: what beta leaves unexplained of the last {window}, in standard deviations of the last 20 sessions.',
    'pair.state.learning': 'learning', 'pair.state.usual': 'as usual', 'pair.state.diverged': 'DIVERGED', 'pair.state.decoupled': 'decoupled',
    'pair.beta': 'Beta', 'pair.rho': 'Correlation', 'pair.now': '{now} now, {long} usual', 'pair.residual': 'Residual', 'pair.change': '{what}, {window}', 'pair.expected': 'expected {pct}', 'pair.asOf': 'at {time}',
    'pair.z.usual': 'as usual', 'pair.z.wide': 'wide', 'pair.z.extreme': 'extreme', 'pair.z.above': '{word}, above model', 'pair.z.below': '{word}, below model', 'pair.minutes': '{n} min',
    'watch.title': 'Intervention: {what}', 'watch.about': 'A suspicion, never a claim: the Ministry of Finance confirms the month’s total at its end and the days each quarter.',
    'watch.stage.none': 'nothing', 'watch.stage.watch': 'watch', 'watch.stage.suspected': 'SUSPECTED', 'watch.stage.strong': 'STRONGLY SUSPECTED', 'watch.points': '{score} points: {stage}',
    'watch.at': 'watch from {watch}, suspected from {suspected}, strong from {strong}', 'watch.push': '{direction} from {start} to {extreme}, since {since}', 'watch.up': 'pushed up', 'watch.down': 'pushed down',
    'item.size_15m': 'size in 15 min', 'item.size_60m': 'size in 60 min', 'item.speed': 'speed', 'item.one_sided': 'one-sided', 'item.level': 'from a high or zone', 'item.thin': 'thin hours',
    'item.yen_alone': 'yen alone', 'item.news': 'scheduled news', 'item.repeat': 'again within 48 h',
  },
  ja: {
    'pair.title': '日経平均と円', 'pair.of': '{one}と{other}', 'pair.none': 'かい離のルールは設定されていません。', 'pair.noWatch': '介入のルールは設定されていません。',
    'pair.learning': '学習中：両市場が同時に開いている60分と最初の1日分が必要です。',
    'pair.about': '両市場が開いている間の1分ごとの騰落率から計算。ベータ：相手が1%動くときの動き。残差：直近{window}のうちベータで説明できない分（過去20営業日の標準偏差で表示）。',
    'pair.state.learning': '学習中', 'pair.state.usual': '通常', 'pair.state.diverged': 'かい離', 'pair.state.decoupled': '連動の崩れ',
    'pair.beta': 'ベータ', 'pair.rho': '相関', 'pair.now': '現在 {now}、平常 {long}', 'pair.residual': '残差', 'pair.change': '{what}（{window}）', 'pair.expected': 'モデル {pct}', 'pair.asOf': '{time}時点',
    'pair.z.usual': '通常', 'pair.z.wide': '大きい', 'pair.z.extreme': '極端', 'pair.z.above': '{word}（モデルより上）', 'pair.z.below': '{word}（モデルより下）', 'pair.minutes': '{n}分',
    'watch.title': '介入ウォッチ：{what}', 'watch.about': 'あくまで疑いであり断定ではありません。財務省の公表は月末（総額）と四半期ごと（日次）です。',
    'watch.stage.none': '兆候なし', 'watch.stage.watch': '警戒', 'watch.stage.suspected': '介入の疑い', 'watch.stage.strong': '介入の疑い濃厚', 'watch.points': '{score}点：{stage}',
    'watch.at': '{watch}点から警戒、{suspected}点から疑い、{strong}点から濃厚', 'watch.push': '{direction}、{start}から{extreme}（{since}から）', 'watch.up': '上昇', 'watch.down': '下落',
    'item.size_15m': '15分の値幅', 'item.size_60m': '60分の値幅', 'item.speed': '速さ', 'item.one_sided': '一方向', 'item.level': '高値圏・警戒水準', 'item.thin': '薄商い',
    'item.yen_alone': '円だけの動き', 'item.news': '予定された発表', 'item.repeat': '48時間以内の再発',
  },
});

const GAUGE_Z = 6;      // what the gauge shows to each side
const WIDE_Z = 2, EXTREME_Z = 4;

/** @param {number} z @returns {'usual' | 'wide' | 'extreme'} */
export const sizeOf = (z) => (Math.abs(z) >= EXTREME_Z ? 'extreme' : Math.abs(z) >= WIDE_Z ? 'wide' : 'usual');

/** Where z stands on the gauge, 0 to 100. @param {number} z */
export const gaugeAt = (z) => 50 + Math.max(-1, Math.min(1, z / GAUGE_Z)) * 50;

/** "wide, above the model". @param {number} z */
export function residualText(z) {
  const word = t(`pair.z.${sizeOf(z)}`);
  return sizeOf(z) === 'usual' ? word : t(z > 0 ? 'pair.z.above' : 'pair.z.below', { word });
}

// No minus before a nought.
const rounded = (/** @type {number} */ value, /** @type {number} */ decimals) => (Number(value.toFixed(decimals)) || 0).toFixed(decimals);
const number = (/** @type {number | null} */ value, /** @type {number} */ decimals) => (value === null ? '–' : priceText(rounded(value, decimals), decimals));
const percent = (/** @type {number | null} */ value) => (value === null ? '–' : `${signedText(rounded(value, 2), 2)} %`);
const minutes = (/** @type {number} */ ms) => t('pair.minutes', { n: Math.round(ms / 60000) });

/** Named numbers that stay where they are. */
class Facts {
  constructor() {
    this.element = make('dl');
    /** @type {HTMLElement[]} */
    this.parts = [];
  }
  /** @param {[string, string][]} facts */
  draw(facts) {
    while (this.parts.length < facts.length * 2) {
      const part = make(this.parts.length % 2 === 0 ? 'dt' : 'dd');
      this.parts.push(part);
      this.element.append(part);
    }
    while (this.parts.length > facts.length * 2) this.parts.pop()?.remove();
    facts.flat().forEach((words, i) => say(this.parts[i], words));
  }
}

class PairView {
  constructor() {
    this.name = make('h3');
    this.state = make('span', { class: 'state' });
    this.needle = make('span', { class: 'needle' });
    this.gauge = make('div', { class: 'gauge', role: 'meter', 'aria-valuemin': -GAUGE_Z, 'aria-valuemax': GAUGE_Z }, make('span', { class: 'usual' }), this.needle);
    this.facts = new Facts();
    this.at = make('span', { class: 'quiet' });
    this.why = make('p', { class: 'quiet' });
    this.residual = make('span', { class: 'residual' });
    const size = make('p', { class: 'line' }, this.residual, ' ', this.at);
    this.element = make('article', {}, make('p', { class: 'line' }, this.name, ' ', this.state), this.gauge, size, this.facts.element, this.why);
  }

  /** @param {any} pair @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
  draw(pair, { store, settings }) {
    const [one, other] = [pair.instrument, pair.other].map((symbol) => instrumentText(store, symbol));
    const z = pair.residual_z;
    const window = minutes(pair.window_ms);
    say(this.name, t('pair.of', { one, other }));
    this.element.title = t('pair.about', { window });
    say(this.state, t(`pair.state.${pair.state}`));
    this.element.dataset.state = pair.state;
    this.element.dataset.size = z === null ? 'usual' : sizeOf(z);
    this.needle.style.left = `${gaugeAt(z ?? 0)}%`;
    this.needle.hidden = z === null;
    this.gauge.setAttribute('aria-valuenow', String(z ?? 0));
    this.gauge.setAttribute('aria-valuetext', z === null ? '–' : `${number(z, 1)} σ, ${residualText(z)}`);
    this.gauge.setAttribute('aria-label', t('pair.residual'));
    say(this.residual, z === null ? `${t('pair.residual')} –` : `${t('pair.residual')} ${signedText(rounded(z, 1), 1)} σ: ${residualText(z)}`);
    this.facts.draw([
      [t('pair.change', { what: one, window }), `${percent(pair.own_change_pct)} (${t('pair.expected', { pct: percent(pair.expected_pct) })})`],
      [t('pair.change', { what: other, window }), percent(pair.other_change_pct)],
      [t('pair.beta'), number(pair.beta, 2)],
      [t('pair.rho'), t('pair.now', { now: number(pair.rho, 2), long: number(pair.rho_long, 2) })],
    ]);
    say(this.at, pair.as_of_ns === null ? '' : t('pair.asOf', { time: timeText(pair.as_of_ns / 1e6, settings.get('zone')) }));
    say(this.why, pair.state === 'learning' ? t('pair.learning') : '');
  }
}

class WatchView {
  constructor() {
    this.name = make('h3');
    this.points = make('span', { class: 'state' });
    this.fill = make('span', { class: 'fill' });
    this.marks = [0, 1, 2].map(() => make('span', { class: 'at' }));
    this.scale = make('div', { class: 'scale', role: 'meter', 'aria-valuemin': 0 }, this.fill, ...this.marks);
    this.push = make('p', { class: 'push' });
    this.at = make('p', { class: 'quiet' });
    this.items = make('ul', { class: 'items' });
    this.element = make('article', {}, make('p', { class: 'line' }, this.name, ' ', this.points), this.scale, this.push, this.items, this.at);
  }

  /** @param {any} watch @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
  draw(watch, { store, settings }) {
    const { watch_at: watchAt, suspected_at: suspectedAt, strong_at: strongAt, score } = watch;
    const most = Math.max(strongAt + 2, 1);
    say(this.name, t('watch.title', { what: instrumentText(store, watch.instrument) }));
    this.element.title = t('watch.about');
    const points = t('watch.points', { score, stage: t(`watch.stage.${watch.stage}`) });
    say(this.points, points);
    this.element.dataset.stage = watch.stage;
    this.fill.style.width = `${Math.max(0, Math.min(1, score / most)) * 100}%`;
    [watchAt, suspectedAt, strongAt].forEach((at, i) => { this.marks[i].style.left = `${(at / most) * 100}%`; });
    for (const [name, value] of Object.entries({ valuemax: most, valuenow: score, valuetext: points, label: this.name.textContent })) this.scale.setAttribute(`aria-${name}`, value);
    say(this.at, t('watch.at', { watch: watchAt, suspected: suspectedAt, strong: strongAt }));
    const decimals = store.instruments.get(watch.instrument)?.row.decimals ?? 2;
    this.push.hidden = watch.start === null;
    if (watch.start !== null) {
      say(this.push, t('watch.push', {
        direction: t(watch.direction === 'up' ? 'watch.up' : 'watch.down'), start: priceText(watch.start, decimals), extreme: priceText(watch.extreme, decimals),
        since: watch.since_ns === null ? '–' : timeText(watch.since_ns / 1e6, settings.get('zone')),
      }));
    }
    this.#drawItems(watch.items);
  }

  /** @param {{name: string, points: number}[]} items */
  #drawItems(items) {
    while (this.items.children.length < items.length) this.items.append(make('li', {}, make('span'), ' ', make('b')));
    while (this.items.children.length > items.length) this.items.lastElementChild?.remove();
    items.forEach(({ name, points }, i) => {
      const item = /** @type {HTMLElement} */ (this.items.children[i]);
      say(/** @type {Element} */ (item.firstElementChild), named('item', name));
      say(/** @type {Element} */ (item.lastElementChild), points === 0 ? '' : signedText(String(points), 0));
      item.classList.toggle('has', points !== 0);
    });
  }
}

/** @param {HTMLElement} element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} app */
export function mount(element, app) {
  const { store, settings } = app;
  const title = make('h2');
  const none = make('p', { class: 'quiet' });
  /** @type {Map<string, {element: HTMLElement, draw: (row: any, app: any) => void}>} by rule */
  const views = new Map();
  element.append(title, none);

  function draw() {
    say(title, t('pair.title'));
    if (!store.state) return;
    const { pairs = [], interventions = [] } = store.state;
    const missing = [pairs.length === 0 ? t('pair.none') : '', interventions.length === 0 ? t('pair.noWatch') : ''];
    say(none, missing.filter(Boolean).join(' '));
    const rows = new Map([...pairs.map((/** @type {any} */ row) => [`pair ${row.rule}`, row]), ...interventions.map((/** @type {any} */ row) => [`watch ${row.rule}`, row])]);
    for (const [key, view] of views) {
      if (rows.has(key)) continue;
      view.element.remove();
      views.delete(key);
    }
    for (const [key, row] of rows) {
      let view = views.get(key);
      if (!view) {
        views.set(key, view = key.startsWith('pair') ? new PairView() : new WatchView());
        element.append(view.element);
      }
      view.draw(row, app);
    }
  }

  store.on('state', draw);
  settings.on((name) => { if (name === 'lang' || name === 'zone') draw(); });
  draw();
}
