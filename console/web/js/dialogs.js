// Questions in a dialog: the browser's own, which keeps the focus inside, closes on Escape and gives the focus back.

import { make, say } from './dom.js';
import { t } from './words.js';

/**
 * Asks with a form; `submit` gets its fields and may throw what is then shown. The dialog is gone when it is closed.
 * @param {{title: string, about?: string, fields: HTMLElement[], action: string, submit: (fields: FormData) => Promise<void>}} question
 */
export function askWith({ title, about, fields, action, submit }) {
  const trouble = make('p', { class: 'wrong', role: 'alert' });
  const go = make('button', { type: 'submit', class: 'go' }, action);
  const cancel = make('button', { type: 'button' }, t('silence.cancel'));
  const form = make('form', { method: 'dialog' }, ...fields, trouble, make('p', { class: 'buttons' }, go, cancel));
  const heading = make('h2', { id: 'question' }, title);
  const dialog = make('dialog', { class: 'question', 'aria-labelledby': 'question' }, heading, about ? make('p', { class: 'quiet' }, about) : null, form);
  cancel.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  form.addEventListener('submit', async (/** @type {Event} */ event) => {
    event.preventDefault();
    go.disabled = true;
    say(trouble, '');
    try {
      await submit(new FormData(form));
      dialog.close();
    } catch (error) {
      say(trouble, /** @type {Error} */ (error).message);
    }
    go.disabled = false;
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A line of text with its label. @param {string} name @param {string} label @param {Record<string, any>} [attributes] */
export function lineField(name, label, attributes = {}) {
  return make('label', { class: 'line' }, label, make('input', { type: 'text', name, autocomplete: 'off', ...attributes }));
}

/** One of several. @param {string} name @param {string} legend @param {[string, string][]} choices value and words @param {string} chosen */
export function choiceField(name, legend, choices, chosen) {
  return make('fieldset', {}, make('legend', {}, legend), ...choices.map(([value, words]) => make(
    'label', {}, make('input', { type: 'radio', name, value, checked: value === chosen }), ` ${words}`,
  )));
}
