import { GONE } from "./types.js";

/** @type {Record<string, string>} */
let known = {};

const ENGLISH = "en";

let spoken = ENGLISH;

/**
 * Take the texts of the page, and their language.
 * @param {Record<string, string>} texts  by their keys
 * @param {string} [language]  its tag
 */
export function speak(texts, language = ENGLISH) {
  known = texts;
  spoken = language;
}

/**
 * Give a text of the page.
 * @param {string} key
 * @param {Record<string, string | number>} [values] what is filled in, by name
 * @returns {string}
 */
export function text(key, values = {}) {
  const found = known[key];
  if (found === undefined) throw new Error(`no text has the key ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * Give a count as it is written in the page's language.
 * @param {number} count
 * @returns {string}
 */
export function counted(count) {
  return count.toLocaleString(spoken);
}

/**
 * Give the name of a state: OpenNebula's, but for the end of an image, which it has none for.
 * @param {string} state
 * @returns {string}
 */
export function stateName(state) {
  return state === GONE ? text("state.gone") : state;
}
