// Levels on the chart: added, dragged, removed. Each has a line, and a handle that mouse, touch and
// keys move. A level moves when the monitor says so; until then, and after an error, it is where it was.

import { make, say } from './dom.js';
import { priceText } from './format.js';
import { onGrid, stepOf } from './level_book.js';
import { addWords, t } from './words.js';

addWords({
  en: {
    'level.add': 'Add level', 'level.price': 'Price', 'level.note': 'Note', 'level.once': 'once', 'level.put': 'Add',
    'level.hint': 'or click the chart', 'level.handle': 'Level {price}', 'level.remove': 'Remove level {price}',
    'level.added': 'Level {price} added', 'level.moved': 'Level moved to {price}', 'level.removed': 'Level {price} removed',
    'level.wrong': '“{text}” is no price of {name}: digits and a decimal point, commas between thousands', 'level.failed': 'Not changed: {why}', 'level.undo': 'Undo',
    'level.far': '{price} is far from the price of {name}: add it again if you mean it',
    'level.keys': 'Arrow keys move it, Enter sets it, Escape puts it back, Delete removes it',
  },
  ja: {
    'level.add': '水準を追加', 'level.price': '価格', 'level.note': 'メモ', 'level.once': '1回のみ', 'level.put': '追加',
    'level.hint': 'またはチャートをクリック', 'level.handle': '水準 {price}', 'level.remove': '水準 {price} を削除',
    'level.added': '水準 {price} を追加しました', 'level.moved': '水準を {price} に移動しました', 'level.removed': '水準 {price} を削除しました',
    'level.wrong': '「{text}」は{name}の価格として読めません（数字と小数点、桁区切りのコンマ）', 'level.failed': '変更できません：{why}', 'level.undo': '元に戻す',
    'level.far': '{price}は{name}の現在値から大きく離れています。よければもう一度「追加」を押してください',
    'level.keys': '矢印キーで移動、Enterで確定、Escで取消、Deleteで削除',
  },
});

const kMostHandles = 40;   // the nearest to the price
const kMostAtEdge = 3;     // of the levels out of view
const kEdgeStep = 24;      // pixels between them
const kSettleMs = 700;     // after the last key the level is set
/** @type {Record<string, number>} */
const kSteps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * @typedef {{row: () => any, yOf: (price: number) => number | null, priceAt: (y: number) => number | null, height: () => number,
 *   axis: () => number, line: (key: string, level: import('./level_book.js').Level, price: number) => void,
 *   unline: (key: string) => void, say: (text: string, undo?: () => void) => void}} Scale  what the chart gives us
 */

/** The handle of one level. */
class Handle {
  /** @type {string | null} where it is being moved to */
  wanted = null;
  beyond = false;  // out of view
  #timer = 0;
  #busy = false;

  /** @param {import('./level_book.js').Level} level @param {Levels} levels */
  constructor(level, levels) {
    this.level = level;
    this.levels = levels;
    this.key = keyOf(level);
    this.text = make('span');
    this.grip = make('div', { class: 'grip', role: 'slider', tabindex: '0', 'aria-orientation': 'vertical', 'data-level': level.price }, this.text);
    this.cross = make('button', { class: 'cross', type: 'button' }, '×');
    this.element = make('div', { class: 'handle' }, this.cross, this.grip);
    this.cross.addEventListener('click', () => this.#remove());
    this.grip.addEventListener('keydown', (event) => this.#press(event));
    this.grip.addEventListener('blur', () => this.#commit());
    this.#listenToPointer();
  }

  get price() { return this.wanted ?? this.level.price; }
  get held() { return this.wanted !== null || this.#busy; }

  #listenToPointer() {
    let from = 0;
    const { grip } = this;
    grip.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || this.#busy || this.beyond) return;
      event.preventDefault();
      grip.focus({ preventScroll: true });
      grip.setPointerCapture(event.pointerId);
      const y = this.levels.scale.yOf(Number(this.level.price));
      from = y === null ? NaN : event.clientY - y;
    });
    grip.addEventListener('pointermove', (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const y = Number.isFinite(from) && Math.abs(from) < 40 ? event.clientY - from : this.levels.within(event.clientY);
      const price = this.levels.scale.priceAt(y);
      if (price !== null && price > 0) this.#want(onGrid(price, this.levels.scale.row()));
    });
    grip.addEventListener('pointerup', () => this.#commit());
    grip.addEventListener('pointercancel', () => this.#restore());
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const steps = kSteps[event.key];
    if (steps) {
      const row = this.levels.scale.row();
      const step = stepOf(this.levels.range(), Number(row.tick)) * steps * (event.shiftKey ? 10 : 1);
      this.#want(onGrid(Number(this.price) + step, row));
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#commit(), kSettleMs);
    } else if (event.key === 'Enter') this.#commit();
    else if (event.key === 'Escape' && this.wanted !== null) this.#restore();
    else if (event.key === 'Delete' || event.key === 'Backspace') this.#remove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} price */
  #want(price) {
    if (this.#busy) return;
    this.wanted = price;
    this.place();
  }

  #restore() {
    clearTimeout(this.#timer);
    this.wanted = null;
    this.place();
  }

  async #commit() {
    clearTimeout(this.#timer);
    const { wanted, level } = this;
    if (this.#busy || wanted === null || Number(wanted) === Number(level.price)) return this.#restore();
    this.#busy = true;
    this.element.classList.add('busy');
    const focused = document.activeElement === this.grip;
    try {
      await this.levels.book.move(level, wanted);
      this.levels.tell('level.moved', wanted);
      if (focused) this.levels.focus({ ...level, price: wanted });
    } catch (error) {
      this.levels.fail(error);
    }
    this.#busy = false;
    this.wanted = null;
    this.element.classList.remove('busy');
    this.levels.draw();
    return undefined;
  }

  async #remove() {
    const { level, levels } = this;
    try {
      await levels.book.remove(level);
      const { instrument, price, note, once, rule } = level;
      levels.tell('level.removed', price, () => levels.add({ instrument, price, note, once, rule }));
    } catch (error) {
      levels.fail(error);
    }
  }

  place() {
    const { scale } = this.levels;
    const row = scale.row();
    if (!row) return;
    const price = Number(this.price);
    const shown = priceText(this.price, row.decimals);
    const y = scale.yOf(price);
    const most = scale.height() - 14;
    const above = y !== null && y < 0;
    this.beyond = this.wanted === null && (y === null || above || y > scale.height());
    // Levels out of view wait at the edge one beside the other, by their price; there they are not dragged.
    const place = this.beyond ? this.levels.placeAtEdge(above) : 0;
    const inside = this.beyond ? (above ? 14 + place * kEdgeStep : most - place * kEdgeStep) : Math.min(most, Math.max(14, y ?? most));
    this.element.style.transform = `translateY(${Math.round(inside)}px)`;
    this.element.hidden = place >= kMostAtEdge;
    this.element.classList.toggle('beyond', this.beyond);
    this.element.classList.toggle('moving', this.wanted !== null);
    // Where it rests in view, the price scale says the price.
    say(this.text, this.beyond || this.wanted !== null ? [shown, this.beyond ? this.level.note : ''].filter(Boolean).join(' ') : this.level.note);
    this.grip.title = `${t('level.handle', { price: shown })}${this.level.note ? ` · ${this.level.note}` : ''}\n${t('level.keys')}`;
    this.grip.setAttribute('aria-label', t('level.handle', { price: shown }));
    this.grip.setAttribute('aria-valuenow', String(price));
    this.grip.setAttribute('aria-valuemin', '0');
    this.grip.setAttribute('aria-valuemax', String(2 * Math.max(price, Number(row.price ?? 0))));
    this.grip.setAttribute('aria-valuetext', `${shown}${this.level.note ? ` ${this.level.note}` : ''}`);
    this.cross.setAttribute('aria-label', t('level.remove', { price: shown }));
    scale.line(this.key, this.level, price);
  }
}

const keyOf = (/** @type {import('./level_book.js').Level} */ { rule, price }) => `${rule} ${Number(price)}`;

export class Levels {
  /** @type {Map<string, Handle>} */
  #handles = new Map();
  /** @type {Set<string>} */
  #lines = new Set();
  #atEdge = { above: 0, below: 0 };

  /** @param {HTMLElement} layer over the plot @param {import('./level_book.js').LevelBook} book @param {Scale} scale */
  constructor(layer, book, scale) {
    this.layer = layer;
    this.book = book;
    this.scale = scale;
    book.on(() => this.draw());
  }

  /** The levels of the instrument on the chart: lines for all, handles for those that may be moved. */
  draw() {
    const row = this.scale.row();
    const price = Number(row?.price ?? 0);
    const levels = row ? this.book.of(row.symbol) : [];
    levels.sort((a, b) => Math.abs(Number(a.price) - price) - Math.abs(Number(b.price) - price));
    const near = levels.slice(0, kMostHandles);
    const keys = new Set(near.map(keyOf));
    for (const [key, handle] of this.#handles) {
      if (keys.has(key) || handle.held) continue;
      handle.element.remove();
      this.#handles.delete(key);
    }
    for (const key of this.#lines) if (!keys.has(key) && !this.#handles.has(key)) this.#unline(key);
    for (const level of near) {
      const key = keyOf(level);
      this.#lines.add(key);
      if (level.configured) this.scale.line(key, level, Number(level.price));
      else if (!this.#handles.has(key)) this.#show(key, new Handle(level, this));
    }
    this.place();
  }

  /** @param {string} key @param {Handle} handle */
  #show(key, handle) {
    this.#handles.set(key, handle);
    this.layer.append(handle.element);
  }

  /** @param {string} key */
  #unline(key) {
    this.scale.unline(key);
    this.#lines.delete(key);
  }

  /** The scale has changed: handles follow their lines. */
  place() {
    this.layer.style.right = `${this.scale.axis()}px`;
    this.#atEdge = { above: 0, below: 0 };
    const price = Number(this.scale.row()?.price ?? 0);
    const handles = [...this.#handles.values()];
    handles.sort((a, b) => Math.abs(Number(a.price) - price) - Math.abs(Number(b.price) - price));
    for (const handle of handles) handle.place();
  }

  /** The next free place at an edge, the nearest level first. @param {boolean} above */
  placeAtEdge(above) { return this.#atEdge[above ? 'above' : 'below']++; }

  /** The series is another: its lines are gone. */
  forgetLines() { this.#lines.clear(); }

  /** @param {import('./level_book.js').Level} level */
  focus(level) { this.#handles.get(keyOf(level))?.grip.focus({ preventScroll: true }); }
  /** @param {number} clientY */
  within(clientY) { return clientY - this.layer.getBoundingClientRect().top; }
  range() {
    const [top, bottom] = [this.scale.priceAt(0), this.scale.priceAt(this.scale.height())];
    return top === null || bottom === null ? 0 : Math.abs(top - bottom);
  }

  /** @param {string} key @param {string} price @param {() => void} [undo] */
  tell(key, price, undo) { this.scale.say(t(key, { price: priceText(price, this.scale.row().decimals) }), undo); }
  /** @param {unknown} error */
  fail(error) { this.scale.say(t('level.failed', { why: /** @type {Error} */ (error).message })); }

  /** @param {{instrument: string, price: string, note?: string, once?: boolean, rule?: string}} level @returns {Promise<boolean>} */
  async add(level) {
    try {
      await this.book.add(level);
      this.tell('level.added', level.price);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }
}
