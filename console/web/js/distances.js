// What lies around a price. Pure functions.

/**
 * @typedef {{kind: string, rule: string | null, names: string[], price: string, configured: boolean, high: boolean}} Mark
 *   names: of a record its horizons, of a level its note; high: of a record that it is one, not a low
 */

/** From `levels` and `records`, for a monitor that does not list distances. @param {any} row @returns {Mark[]} */
function fromLevels(row) {
  /** @type {Mark[]} */
  const marks = [];
  for (const { rule, kind, above, below } of row.levels) {
    for (const side of [above, below]) if (side) marks.push({ kind, rule, names: [], price: side.price, configured: true, high: false });
  }
  for (const record of row.records) {
    for (const [price, high] of [[record.high, true], [record.low, false]]) {
      if (price !== null) marks.push({ kind: 'record', rule: null, names: [record.horizon], price, configured: false, high });
    }
  }
  return marks;
}

/** Whether a listed record is a high: what stands there, not where the price has gone since. @param {any} row @param {any} distance */
function isHigh(row, { name, price, distance }) {
  const record = row.records.find((/** @type {any} */ one) => one.horizon === name);
  if (Number(record?.high) === Number(price)) return true;
  return Number(record?.low) === Number(price) ? false : Number(distance) >= 0;
}

/** Of one instrument, highest price first; records at the same price share a row. @param {any} row @returns {Mark[]} */
export function marksOf(row) {
  const listed = (row.distances ?? []).map((/** @type {any} */ d) => ({ ...d, names: d.name ? [d.name] : [], high: d.kind === 'record' && isHigh(row, d) }));
  /** @type {Map<string, Mark>} */
  const marks = new Map();
  for (const mark of listed.length ? listed : fromLevels(row)) {
    const key = keyOf(mark);
    const known = marks.get(key);
    if (known) known.names = [...new Set([...known.names, ...mark.names])];
    else marks.set(key, { kind: mark.kind, rule: mark.rule, names: mark.names, price: mark.price, configured: mark.configured, high: mark.high });
  }
  return [...marks.values()].sort((a, b) => Number(b.price) - Number(a.price));
}

/** @param {{kind: string, price: string}} mark */
export const keyOf = ({ kind, price }) => `${kind} ${Number(price)}`;

/** The nearest mark above a price and the nearest below; one at the price is both. @param {Mark[]} marks @param {number} price */
export function nearest(marks, price) {
  const above = marks.filter((mark) => Number(mark.price) >= price).at(-1) ?? null;
  const below = marks.find((mark) => Number(mark.price) <= price) ?? null;
  return { above, below };
}
