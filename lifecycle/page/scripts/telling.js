import { element, typed } from "./dom.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./learning_types.js").Step} Step
 */

const ADMINISTRATOR = "oneadmin";

/**
 * Tell what is done in a step.
 * @param {Step} step
 * @returns {HTMLElement}
 */
export function lineOf(step) {
  const who = step.who === "" || step.who === ADMINISTRATOR ? [] : [element("span", { class: "who" }, `${step.who}: `)];
  return element("p", { class: "line" }, ...who, typed(step.text));
}

/**
 * Tell what came of a step.
 * @param {Step} step
 * @returns {HTMLElement}
 */
export function outcomeList(step) {
  const lines = step.outcome.map((line) => element("li", {}, line));
  return element("ul", { class: step.refused ? "came came-refused" : "came", "aria-label": text("lessons.outcome") }, ...lines);
}
