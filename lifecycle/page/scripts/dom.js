/**
 * Make an element. What it says is set as text, never as HTML: names come from anywhere.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The longest word, in letters, that is kept whole where it fits no line. */
const LONGEST = 24;

/**
 * Make a command as it is typed: options and other words with hyphens stand on one line each.
 * @param {string} words
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElement}
 */
export function typed(words, attributes = {}) {
  const parts = words.split(/(\S*-\S*)/);
  return element("code", attributes, ...parts.map((part, place) => (place % 2 === 0 || part.length > LONGEST ? part : element("span", { class: "whole" }, part))));
}

/**
 * Give the element that the page has under an id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

/**
 * Tell whether nothing has the focus.
 * @returns {boolean}
 */
export function isFocusLost() {
  return document.activeElement === null || document.activeElement === document.body;
}
