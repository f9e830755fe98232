// What one reader of the page prefers; kept in this browser.

const KEY = 'yagura.settings';
const LONGEST_AUTHOR = 100;
const kSeverities = ['info', 'low', 'high', 'critical', 'off'];
/** What each may be. @type {Record<string, string[]>} */
export const kChoices = {
  lang: ['en', 'ja'],
  theme: ['auto', 'light', 'dark'],
  colours: ['green-up', 'red-up', 'blue-up'],  // red up as in Japan; blue and orange are for every eye
  zone: ['market', 'local', 'utc'],            // market: Tokyo
  sound: kSeverities,                          // at least so severe
  flash: kSeverities,
  desktop: kSeverities,
};
/** @type {Record<string, string | boolean>} */
const kDefaults = {
  lang: globalThis.navigator?.language?.startsWith('ja') ? 'ja' : 'en',
  theme: 'auto',
  colours: 'green-up',
  zone: 'market',
  muted: false,
  sound: 'high',
  instrument: '',       // on the chart when the page was last open
  flash: 'high',
  desktop: 'off',
  author: '',  // name given with acknowledgements and silences; empty: the role of the token
};

/** @param {string} name @param {unknown} value */
function allowed(name, value) {
  if (name === 'author') return typeof value === 'string' && value.length <= LONGEST_AUTHOR;
  return kChoices[name]?.includes(/** @type {string} */ (value)) ?? typeof value === typeof kDefaults[name];
}

export class Settings {
  #values = { ...kDefaults };
  /** @type {Set<(name: string) => void>} */
  #listeners = new Set();

  constructor() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}');
      for (const name of Object.keys(kDefaults)) {
        if (allowed(name, stored[name])) this.#values[name] = stored[name];
      }
    } catch { /* a browser without storage, or nonsense in it: the defaults hold */ }
  }

  /** @param {string} name @returns {any} */
  get(name) { return this.#values[name]; }

  /** @param {string} name @param {string | boolean} value */
  set(name, value) {
    if (this.#values[name] === value || !allowed(name, value)) return;
    this.#values[name] = value;
    try { localStorage.setItem(KEY, JSON.stringify(this.#values)); } catch { /* it holds until the page is closed */ }
    for (const listener of this.#listeners) listener(name);
  }

  /** @param {(name: string) => void} listener called with the name of what changed */
  on(listener) { this.#listeners.add(listener); }
}
