// What the page says, in English and Japanese. Each panel brings its own words; text in the document
// is marked data-t="key" (content), data-t-label="key" (aria-label) or data-t-title="key" (tooltip).

/** @type {{en: Record<string, string>, ja: Record<string, string>}} */
const dictionary = { en: {}, ja: {} };
/** @type {'en' | 'ja'} */
let language = 'en';

/** @param {{en: Record<string, string>, ja: Record<string, string>}} words */
export function addWords(words) {
  Object.assign(dictionary.en, words.en);
  Object.assign(dictionary.ja, words.ja);
}

/** @param {'en' | 'ja'} lang */
export function speak(lang) {
  language = lang;
  document.documentElement.lang = lang;
  translate(document);
}

export function spoken() { return language; }

/** The words of `key`, with {name} replaced. @param {string} key @param {Record<string, string | number>} [values] */
export function t(key, values = {}) {
  const words = dictionary[language][key] ?? dictionary.en[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Whether there are words for `key`. @param {string} key */
export function said(key) { return key in dictionary.en; }

/** The keys that one language has and the other has not; for tests. */
export function untranslated() {
  const { en, ja } = dictionary;
  return [...Object.keys(en).filter((key) => !(key in ja)), ...Object.keys(ja).filter((key) => !(key in en))];
}

/** @param {ParentNode} root */
export function translate(root) {
  /** @param {string} attribute @param {(element: Element, words: string) => void} set */
  function each(attribute, set) {
    for (const element of root.querySelectorAll(`[${attribute}]`)) set(element, t(element.getAttribute(attribute) ?? ''));
  }
  each('data-t', (element, words) => { element.textContent = words; });
  each('data-t-label', (element, words) => element.setAttribute('aria-label', words));
  each('data-t-title', (element, words) => element.setAttribute('title', words));
}
