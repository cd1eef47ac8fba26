import { byId, element } from "./dom.js";
import { button } from "./keyed.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").Happening} Happening
 */

/**
 * Make the place for what was refused.
 * @returns {HTMLElement}
 */
export function refusalPlace() {
  return element("section", { id: "refusal", class: "refusal", "aria-labelledby": "refusal-title", hidden: "" });
}

/**
 * Show why the last act was refused, and what would do something now.
 * @param {Happening | null} happening
 * @param {ActView[]} acts  what can be tried
 * @param {(act: ActView) => void} perform
 */
export function showRefusal(happening, acts, perform) {
  const place = byId("refusal");
  const refusal = happening?.refusal ?? null;
  place.hidden = refusal === null;
  if (happening === null || refusal === null) {
    place.replaceChildren();
    return;
  }
  place.replaceChildren(
    element("h3", { id: "refusal-title" }, text("refusal.title")),
    element("p", {}, element("code", {}, happening.what)),
    element("p", { class: "oned" }, element("code", {}, refusal.text), " ", element("span", { class: "tag" }, refusal.code)),
    ...listed("refusal.why", refusal.why.map((why) => element("li", {}, why))),
    ...listed("refusal.ways", refusal.ways.map((way) => wayOut(way, acts, perform))),
  );
}

/**
 * @param {string} key
 * @param {HTMLElement[]} items
 * @returns {HTMLElement[]}
 */
function listed(key, items) {
  return items.length === 0 ? [] : [element("h4", {}, text(key)), element("ul", {}, ...items)];
}

/**
 * @param {string} way
 * @param {ActView[]} acts
 * @param {(act: ActView) => void} perform
 * @returns {HTMLElement}
 */
function wayOut(way, acts, perform) {
  const act = acts.find((one) => one.label === way && one.legal);
  const words = element("code", {}, way);
  return element("li", {}, act === undefined ? words : button("act", () => perform(act), words));
}
