// Waiting for something to become true, never for a time to pass.

const BEAT_MS = 20;

/**
 * What `look` gives as soon as it is neither false, null nor undefined; an exception of `look` counts as "not yet".
 * @template T
 * @param {() => T | Promise<T>} look @param {string | (() => unknown)} what @param {number} [limitMs]
 * @returns {Promise<NonNullable<T>>}
 */
export async function eventually(look, what, limitMs = 10_000) {
  const deadline = performance.now() + limitMs;
  for (let trouble;;) {
    try {
      const found = await look();
      if (found !== false && found !== null && found !== undefined) return found;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    if (performance.now() > deadline) {
      const told = typeof what === 'function' ? await what() : what;
      throw new Error(`not within ${limitMs / 1000} s: ${told}${trouble ? ` (${trouble.message})` : ''}`);
    }
    await new Promise((done) => setTimeout(done, BEAT_MS));
  }
}

/** The p-quantile of numbers, nearest rank. @param {number[]} values @param {number} p */
export function quantile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
}
