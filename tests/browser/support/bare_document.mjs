// As much of a document as a panel needs to be mounted without a browser.

export class BareElement {
  attributes = {};
  dataset = {};
  textContent = '';
  hidden = false;
  open = false;
  #listeners = {};
  setAttribute(name, value) { this.attributes[name] = value; }
  getAttribute(name) { return this.attributes[name] ?? null; }
  addEventListener(name, listener) { (this.#listeners[name] ??= []).push(listener); }
  append() {}
  dispatchEvent(event) { for (const listener of this.#listeners[event.type] ?? []) listener(event); }
}

/** Puts one in place while a test runs. @param {import('node:test').TestContext} context @param {Record<string, any>} [more] globals */
export function bareDocument(context, more = {}) {
  const document = Object.assign(new BareElement(), { body: new BareElement(), documentElement: new BareElement(), activeElement: null });
  Object.assign(document, { createElement: () => new BareElement(), querySelector: () => null, querySelectorAll: () => [] });
  document.activeElement = document.body;
  for (const [name, value] of Object.entries({ document, ...more })) {
    const before = globalThis[name];
    globalThis[name] = value;
    context.after(() => { globalThis[name] = before; });
  }
  return document;
}
