// What one reader of the page prefers; kept in this browser.

const KEY = 'yagura.settings';
const kDefaults = {
  lang: navigator.language?.startsWith('ja') ? 'ja' : 'en',
  theme: 'auto',        // 'auto', 'light', 'dark'
  colours: 'green-up',  // 'green-up', 'red-up' (as in Japan), 'blue-up' (blue and orange, for every eye)
  zone: 'market',       // 'market' (Tokyo), 'local', 'utc'
  muted: false,
  sound: 'high',        // least severity: 'info', 'low', 'high', 'critical', 'off'
  flash: 'high',
  desktop: 'off',
};

export class Settings {
  #values = { ...kDefaults };
  /** @type {Set<(name: string) => void>} */
  #listeners = new Set();

  constructor() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}');
      for (const name of Object.keys(kDefaults)) {
        if (typeof stored[name] === typeof kDefaults[name]) this.#values[name] = stored[name];
      }
    } catch { /* a browser without storage, or nonsense in it: the defaults hold */ }
  }

  /** @param {keyof typeof kDefaults} name @returns {any} */
  get(name) { return this.#values[name]; }

  /** @param {keyof typeof kDefaults} name @param {any} value */
  set(name, value) {
    if (this.#values[name] === value) return;
    this.#values[name] = /** @type {never} */ (value);
    try { localStorage.setItem(KEY, JSON.stringify(this.#values)); } catch { /* it holds until the page is closed */ }
    for (const listener of this.#listeners) listener(name);
  }

  /** @param {(name: string) => void} listener called with the name of what changed */
  on(listener) { this.#listeners.add(listener); }
}
