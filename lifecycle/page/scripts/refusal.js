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
    ...listed("refusal.ways", refusal.ways.flatMap((way) => waysOut(way, acts, perform))),
  );
  place.scrollIntoView({ block: "nearest" });
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
 * Give the buttons of a way: what can be done now of all that is typed so.
 * @param {string} way
 * @param {ActView[]} acts
 * @param {(act: ActView) => void} perform
 * @returns {HTMLElement[]}
 */
function waysOut(way, acts, perform) {
  const words = way.split(" ");
  /** @type {Map<string, ActView>} */
  const found = new Map();
  for (const act of acts) {
    if (!act.legal || !words.every((word) => act.label.split(" ").includes(word))) continue;
    const target = JSON.stringify(act.on);
    const other = found.get(target);
    if (other === undefined || act.label.length < other.label.length) found.set(target, act);
  }
  if (found.size === 0) return [element("li", {}, element("code", {}, way))];
  return [...found.values()].map((act) => element("li", {}, button("act", () => perform(act), element("code", {}, act.label))));
}
