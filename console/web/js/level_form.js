// Adds a level: by its price, or by a click on the chart while the form is open.

import { make } from './dom.js';
import { onGrid, typedPrice } from './level_book.js';
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
    if (typed) add(typed);
    else levels.scale.say(t('level.wrong', { text: price.value }));
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
