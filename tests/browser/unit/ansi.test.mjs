// Screens of a terminal as HTML: every cell in its place, in its colour.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cellsOf, paletteColour, restyled, runsOf, terminalPage } from '../pictures/ansi.mjs';

test('colours come from the palette, the cube, the greys or as they are', () => {
  assert.equal(restyled({}, [31]).ink, paletteColour(1));
  assert.equal(restyled({}, [97]).ink, paletteColour(15));
  assert.equal(restyled({}, [104]).paper, paletteColour(12));
  assert.equal(restyled({}, [38, 5, 196]).ink, '#ff0000');
  assert.equal(restyled({}, [48, 5, 244]).paper, '#808080');
  assert.deepEqual(restyled({}, [38, 2, 1, 2, 255, 1]), { ink: '#0102ff', bold: true });
});

test('what was set is taken back', () => {
  const loud = restyled({}, [1, 4, 7, 31, 44]);
  assert.deepEqual(restyled(loud, [22, 24, 27, 39, 49]), { bold: false, faint: false, underlined: false, reversed: false, ink: undefined, paper: undefined });
  assert.deepEqual(restyled(loud, [0]), {});
});

test('runs know their column: wide characters take two, marks none', () => {
  assert.deepEqual([...'a円⣿─é'].map(cellsOf), [1, 2, 1, 1, 1]);
  const runs = runsOf('ab\x1b[1m日本\x1b[0mc⣿d');
  assert.deepEqual(runs.map(({ text, column, cells }) => [text, column, cells]),
    [['ab', 0, 2], ['日', 2, 2], ['本', 4, 2], ['c', 6, 1], ['⣿', 7, 1], ['d', 8, 1]]);
  assert.deepEqual(runs.map((run) => Boolean(run.style.bold)), [false, true, true, false, false, false]);
});

test('braille is drawn dot by dot', () => {
  const html = terminalPage('\u2809', { columns: 1, rows: 1 });
  assert.equal(html.match(/radial-gradient/g)?.length, 2, 'dots 1 and 4');
});

test('text of a screen is text', () => {
  const html = terminalPage('<b>&"\x1b[7m x', { columns: 20, rows: 1 });
  assert.ok(html.includes('&#60;b&#62;&#38;&#34;'));
  assert.ok(!html.includes('\x1b'));
});
