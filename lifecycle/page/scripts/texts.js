/** @type {Record<string, string>} */
let known = {};

/**
 * Take the texts of the page's language.
 * @param {Record<string, string>} texts by their keys
 */
export function speak(texts) {
  known = texts;
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
