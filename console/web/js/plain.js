// What comes from outside, made harmless to show: text without control characters and without the marks that turn
// text around, with which a vendor's word or a note could pretend to be another.

const kUnseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** @param {string} text */
export const plain = (text) => text.replace(kUnseen, '');

/** JSON of the monitor, each string of it plain. @param {string} json */
export const parsed = (json) => JSON.parse(json, (_, value) => (typeof value === 'string' ? plain(value) : value));
