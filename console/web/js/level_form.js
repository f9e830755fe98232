// Adds a level: by its price, or by a click on the chart while the form is open.

import { make } from './dom.js';
import { isFar, onGrid, typedPrice } from './level_book.js';
import { nameText } from './market_words.js';
import { t, translate } from './words.js';

/** @param {import('./chart_levels.js').Levels} levels @param {HTMLElement} opener */
export function levelForm(levels, opener) {
  const price = /** @type {HTMLInputElement} */ (make('input', { name: 'price', inputmode: 'decimal', autocomplete: 'off', size: '10' }));
  const note = /** @type {HTMLInputElement} */ (make('input', { name: 'note', autocomplete: 'off', maxlength: '60', size: '14' }));
  const once = /** @type {HTMLInputElement} */ (make('input', { name: 'once', type: 'checkbox' }));
  const form = make('form', { class: 'level-form', hidden: true },
    make('label', {}, make('span', { 'data-t': 'level.price' }), price), make('label', {}, make('span', { 'data-t': 'level.note' }), note),
    make('label', {}, once, make('span', { 'data-t': 'level.once' })), make('button', { 'data-t': 'level.put', 'data-action': 'put-level' }),
    make('small', { 'data-t': 'level.hint' }));
  translate(form);

  const open = (/** @type {boolean} */ shown) => {
    form.hidden = !shown;
    opener.setAttribute('aria-expanded', String(shown));
    levels.layer.parentElement?.classList.toggle('adding', shown);
    if (shown) price.focus();
    else opener.focus();
  };
  const add = async (/** @type {string} */ text) => {
    const row = levels.scale.row();
    if (!row) return;
    const added = await levels.add({ instrument: row.symbol, price: text, note: note.value.trim(), once: once.checked });
    if (!added) return;
    price.value = note.value = '';
    open(false);
  };
  let asked = '';
  opener.setAttribute('aria-expanded', 'false');
  opener.addEventListener('click', () => open(Boolean(form.hidden)));
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    open(false);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const typed = typedPrice(price.value);
    const row = levels.scale.row();
    if (!typed) return levels.scale.say(t('level.wrong', { text: price.value, name: row ? nameText(row) : '' }));
    // A slip of the decimal point is a level that never speaks: asked for twice it is meant.
    if (row && isFar(typed, row.price) && asked !== typed) {
      asked = typed;
      return levels.scale.say(t('level.far', { price: typed, name: nameText(row) }));
    }
    asked = '';
    return add(typed);
  });
  return {
    form,
    /** @param {number} at a price clicked on the chart @returns {boolean} whether it was wanted */
    click(at) {
      if (form.hidden) return false;
      add(onGrid(at, levels.scale.row()));
      return true;
    },
  };
}
