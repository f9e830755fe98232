// Contrast as WCAG 2 reckons it: 4.5 for text, 3 for the edges of controls, in both themes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('../../../console/web/css/base.css', import.meta.url), 'utf8');

// The colours of the rule that begins with `selector`.
function colours(selector) {
  const from = css.indexOf(selector);
  assert.ok(from >= 0, selector);
  const body = css.slice(css.indexOf('{', from), css.indexOf('}', from));
  return Object.fromEntries([...body.matchAll(/--([a-z-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
}

function luminance(hex) {
  const full = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const light = colours(':root {\n  color-scheme: light;');
const dark = colours(':root[data-theme=dark] {');
const texts = ['ink', 'soft', 'accent', 'green', 'red', 'blue', 'orange', 'critical', 'high', 'low', 'info', 'good', 'warn', 'bad'];

test('dark by choice and dark by the system are the same colours', () => {
  assert.deepEqual(colours(':root:not([data-theme=light]) {'), dark);
  assert.deepEqual(Object.keys(dark), Object.keys(light));
});

for (const [theme, palette] of Object.entries({ light, dark })) {
  test(`${theme}: text is readable on every ground`, () => {
    const poor = [];
    for (const ground of ['page', 'panel', 'raised', 'tint-critical', 'tint-high']) {
      for (const text of texts) {
        const is = contrast(palette[text], palette[ground]);
        if (is < 4.5) poor.push(`--${text} on --${ground}: ${is.toFixed(2)}`);
      }
    }
    for (const [text, ground] of [['on-fill', 'fill-bad'], ['panel', 'accent']]) {
      const is = contrast(palette[text], palette[ground]);
      if (is < 4.5) poor.push(`--${text} on --${ground}: ${is.toFixed(2)}`);
    }
    assert.deepEqual(poor, []);
  });
  test(`${theme}: the edges of controls are seen`, () => {
    for (const ground of ['panel', 'raised']) assert.ok(contrast(palette.edge, palette[ground]) >= 3, ground);
  });
}
