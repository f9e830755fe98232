// What an alert is worth: a sound, a flash, a notification on the desktop. Pure; notify.js does it.

import { atLeast, kSeverities } from './vocabulary.js';

const SUMMED_FROM = 4;       // so many alerts of a lost link become one notification
const FLASH_EVERY_MS = 500;  // at most two a second: three or more can harm
const SOUND_EVERY_MS = 1000;
const DESKTOP_WINDOW_MS = 10000;
const DESKTOP_MOST = 5;      // in that time; the rest is counted in one

/** @typedef {import('./store.js').TapeEntry} TapeEntry */
/** @typedef {{get: (name: string) => any}} Preferences */

/** Whether anybody is to be told at all: not what is held, nor what was there before the page. @param {TapeEntry} entry */
export const isNews = ({ live, missed, held }) => (live || missed) && held === null;

/** @param {string} severity @param {Preferences} settings */
export function wanted(severity, settings) {
  const muted = settings.get('muted');
  const wants = (/** @type {string} */ name) => !muted && atLeast(severity, settings.get(name));
  return { sound: wants('sound'), flash: wants('flash'), desktop: wants('desktop') };
}

/** @param {TapeEntry[]} entries @returns {string} the gravest severity */
export function gravest(entries) {
  return entries.reduce((worst, { alert }) => (atLeast(alert.severity, worst) ? alert.severity : worst), kSeverities[0]);
}

/** What came while the link was lost: each by itself, or all in one. @param {TapeEntry[]} missed @returns {TapeEntry[][]} */
export const inGroups = (missed) => (missed.length >= SUMMED_FROM ? [missed] : missed.map((entry) => [entry]));

/** Holds back what comes too fast. */
export class Restraint {
  #flashedAt = -Infinity;
  #soundedAt = -Infinity;
  #sounded = '';
  /** @type {number[]} */
  #shown = [];

  /** @param {number} now ms */
  mayFlash(now) {
    if (now - this.#flashedAt < FLASH_EVERY_MS) return false;
    this.#flashedAt = now;
    return true;
  }

  /** A graver sound may interrupt. @param {string} severity @param {number} now ms */
  maySound(severity, now) {
    const graver = this.#sounded !== '' && !atLeast(this.#sounded, severity);
    if (now - this.#soundedAt < SOUND_EVERY_MS && !graver) return false;
    this.#soundedAt = now;
    this.#sounded = severity;
    return true;
  }

  /** @param {number} now ms */
  mayShow(now) {
    this.#shown = this.#shown.filter((at) => now - at < DESKTOP_WINDOW_MS);
    if (this.#shown.length >= DESKTOP_MOST) return false;
    this.#shown.push(now);
    return true;
  }
}
