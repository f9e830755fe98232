// Prices over time.

/** @param {HTMLElement} _element @param {{store: import('./store.js').Store, settings: import('./settings.js').Settings}} _app */
export function mount(_element, _app) {}
