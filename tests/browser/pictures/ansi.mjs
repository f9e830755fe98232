// A terminal's screen, as `tmux capture-pane -e -p` prints it, as an HTML document of the same cells.

/** The sixteen colours on dark ground, then the cube and the greys of 256-colour terminals. */
const kNamed = ['#24292e', '#f0635c', '#4cbb75', '#dba63a', '#5c9cf5', '#c084e8', '#3fb8c4', '#c9d1d9',
  '#7d8792', '#ff8d87', '#78d99a', '#f2c765', '#8bb9ff', '#d8a9f7', '#74d7e0', '#ffffff'];
const INK = '#c9d1d9';
const PAPER = '#0f1419';

/** @param {number} index 0 to 255 */
export function paletteColour(index) {
  if (index < 16) return kNamed[index];
  if (index >= 232) return grey(8 + 10 * (index - 232));
  const step = (/** @type {number} */ n) => (n === 0 ? 0 : 55 + 40 * n);
  const cube = index - 16;
  return hex([step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)]);
}
const grey = (/** @type {number} */ level) => hex([level, level, level]);
const hex = (/** @type {number[]} */ parts) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** @typedef {{ink?: string, paper?: string, bold?: boolean, faint?: boolean, italic?: boolean, underlined?: boolean, reversed?: boolean}} Style */

/** What one `ESC [ … m` makes of a style. @param {Style} style @param {number[]} codes @returns {Style} */
export function restyled(style, codes) {
  let now = { ...style };
  for (let i = 0; i < codes.length; ++i) {
    const code = codes[i];
    if (code === 0) now = {};
    else if (code === 1) now.bold = true;
    else if (code === 2) now.faint = true;
    else if (code === 3) now.italic = true;
    else if (code === 4) now.underlined = true;
    else if (code === 7) now.reversed = true;
    else if (code === 22) now.bold = now.faint = false;
    else if (code === 23) now.italic = false;
    else if (code === 24) now.underlined = false;
    else if (code === 27) now.reversed = false;
    else if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes.slice(i + 1));
      now[code === 38 ? 'ink' : 'paper'] = colour;
      i += used;
    } else if (code === 39) now.ink = undefined;
    else if (code === 49) now.paper = undefined;
    else if (code >= 30 && code <= 37) now.ink = kNamed[code - 30];
    else if (code >= 40 && code <= 47) now.paper = kNamed[code - 40];
    else if (code >= 90 && code <= 97) now.ink = kNamed[code - 82];
    else if (code >= 100 && code <= 107) now.paper = kNamed[code - 92];
  }
  return now;
}

/** @param {number[]} codes behind 38 or 48 @returns {[string | undefined, number]} the colour, and how many codes it took */
function extendedColour(codes) {
  if (codes[0] === 5) return [paletteColour(codes[1] ?? 0), 2];
  if (codes[0] === 2) return [hex(codes.slice(1, 4)), 4];
  return [undefined, codes.length];
}

const kWide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many cells a character takes. @param {string} character */
export const cellsOf = (character) => (/\p{Mn}/u.test(character) ? 0 : kWide.test(character) ? 2 : 1);

/**
 * The runs of one line: text of one style, each with the column it starts in. What is not plain ASCII stands alone, so
 * that a font with other widths cannot push its neighbours.
 * @param {string} line @returns {{text: string, column: number, cells: number, style: Style, alone: boolean}[]}
 */
export function runsOf(line) {
  /** @type {ReturnType<typeof runsOf>} */
  const runs = [];
  let style = /** @type {Style} */ ({});
  let column = 0;
  const put = (/** @type {string} */ text, /** @type {number} */ cells, /** @type {boolean} */ alone) => {
    const last = runs.at(-1);
    if (last && !alone && !last.alone && last.style === style) {
      last.text += text;
      last.cells += cells;
    } else {
      runs.push({ text, column, cells, style, alone });
    }
    column += cells;
  };
  for (const [token, codes] of line.matchAll(/\x1b\[([\d;:]*)m|\x1b[()][A-Z0-9]|[\x0e\x0f]|./gsu)) {
    if (codes !== undefined) style = restyled(style, codes.split(/[;:]/).map(Number));
    else if (token.length === 1 && token >= ' ' && token <= '~') put(token, 1, false);
    else if (token >= '\u00a0') put(token, cellsOf(token), true);
  }
  return runs;
}

const escaped = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** @param {Style} style */
function css(style) {
  let [ink, paper] = [style.ink ?? INK, style.paper ?? 'transparent'];
  if (style.reversed) [ink, paper] = [style.paper ?? PAPER, style.ink ?? INK];
  return `color:${ink};background:${paper};${style.bold ? 'font-weight:bold;' : ''}${style.faint ? 'opacity:.65;' : ''}`
    + `${style.italic ? 'font-style:italic;' : ''}${style.underlined ? 'text-decoration:underline;' : ''}`;
}

/** Where the dots 1 to 8 of a braille cell stand, in hundredths of the cell. */
const kDots = [[28, 14], [28, 38], [28, 62], [72, 14], [72, 38], [72, 62], [28, 86], [72, 86]];

/** A braille character drawn dot by dot: no font of a terminal's width has them. @param {string} character @param {Style} style */
function braille(character, style) {
  const bits = character.charCodeAt(0) - 0x2800;
  const dots = kDots.filter((_, dot) => bits & (1 << dot))
    .map(([x, y]) => `radial-gradient(circle at ${x}% ${y}%, ${style.ink ?? INK} 1.2px, transparent 1.7px)`);
  return dots.length > 0 ? `background:${dots.join(',')}` : '';
}

/** @param {{text: string, column: number, cells: number, style: Style}} run @param {number} row */
function cell(run, row) {
  const dotted = /^[\u2800-\u28ff]$/.test(run.text);
  const look = dotted ? braille(run.text, run.style) : css(run.style);
  return `<span style="left:${run.column}ch;top:${row}lh;width:${run.cells}ch;${look}">${dotted ? '' : escaped(run.text)}</span>`;
}

/** @param {string} screen @param {{columns: number, rows: number, title?: string}} size */
export function terminalPage(screen, { columns, rows, title = '' }) {
  const lines = screen.split('\n').slice(0, rows);
  const body = lines.map((line, row) => runsOf(line).filter((run) => run.text.trim() !== '' || run.style.paper || run.style.reversed)
    .map((run) => cell(run, row)).join('')).join('\n');
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: ${PAPER}; }
    #window { display: inline-block; padding: 10px 16px 16px; }
    #title { font: 12px "DejaVu Sans", sans-serif; color: #7d8792; text-align: center; padding-bottom: 8px; }
    #screen { position: relative; width: ${columns}ch; height: ${rows}lh; font: 15px/19px "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace; }
    #screen span { position: absolute; height: 1lh; white-space: pre; overflow: visible; }
  </style><div id="window"><div id="title">${escaped(title)}</div><div id="screen">${body}</div></div>`;
}
