import { byId } from "./dom.js";

/**
 * Tell people who listen to the page what happened.
 * @param {string} words
 */
export function announce(words) {
  const status = byId("status");
  // The same words twice are two messages: a mark that is not read makes them differ.
  status.textContent = status.textContent === words ? `${words}\u200b` : words;
}

/**
 * Give texts as sentences, each with one mark at its end: some of what oned answers has one already.
 * @param {string[]} parts
 */
export function sentences(parts) {
  return parts.filter((part) => part !== "").map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(" ");
}
