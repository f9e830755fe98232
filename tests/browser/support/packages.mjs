// The npm packages of the tests, which live in the build tree: run.sh installs them there.

import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
export const PACKAGES = resolve(process.env.YAGURA_BROWSER_PACKAGES ?? join(ROOT, 'build/dev/tests/browser'));

const requireThere = createRequire(join(PACKAGES, 'package.json'));

/** @returns {typeof import('playwright-core').chromium} */
export const chromium = () => requireThere('playwright-core').chromium;
export const websockets = () => requireThere('ws');
/** The path of a file in a package. @param {string} name */
export const packaged = (name) => join(PACKAGES, 'node_modules', name);
