import { byId, element } from "./dom.js";
import { button } from "./keyed.js";
import { kindOf, outcomeOf } from "./moves.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").Happening} Happening
 * @typedef {import("./types.js").WayView} WayView
 */

/**
 * Make the place for what was refused.
 * @returns {HTMLElement}
 */
export function refusalPlace() {
  return element("section", { id: "refusal", class: "refusal", "aria-labelledby": "refusal-title", hidden: "" });
}

/**
 * Show why the last act was refused, how it comes to be done, and what else is possible now.
 * @param {Happening | null} happening
 * @param {ActView[]} acts  what can be tried
 * @param {WayView[]} instead  ways to where it is done
 * @param {(act: ActView) => void} perform
 */
export function showRefusal(happening, acts, instead, perform) {
  const place = byId("refusal");
  const refusal = happening?.refusal ?? null;
  place.hidden = refusal === null;
  if (happening === null || refusal === null) {
    place.replaceChildren();
    return;
  }
  const helping = instead.map(({ first }) => first.key);
  const others = refusal.ways.map((way) => ({ way, found: actsOf(way, acts) }));
  const possible = others.flatMap(({ found }) => found).filter((act) => !helping.includes(act.key));
  const typed = others.filter(({ found }) => found.length === 0).map(({ way }) => element("li", {}, element("code", {}, way)));
  place.replaceChildren(
    element("h3", { id: "refusal-title" }, text("refusal.title")),
    element("p", {}, element("code", {}, happening.what)),
    element("p", { class: "oned" }, element("code", {}, refusal.text), " ", element("span", { class: "tag" }, refusal.code)),
    ...listed("refusal.why", refusal.why.map((why) => element("li", {}, why))),
    ...listed("refusal.instead", instead.map((way) => wayOut(way, perform))),
    ...listed("refusal.ways", possible.map((act) => element("li", {}, pressed(act, perform)))),
    ...listed("refusal.typed", typed),
  );
  place.scrollIntoView({ block: "nearest" });
}

/**
 * Tell a way in one line.
 * @param {WayView} way
 * @returns {string}
 */
export function wayTold({ first, then }) {
  return [first.label, ...then].join(`, ${text("refusal.then")} `);
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
 * Make what does the first step of a way, and tells the others.
 * @param {WayView} way
 * @param {(act: ActView) => void} perform
 * @returns {HTMLElement}
 */
function wayOut({ first, then }, perform) {
  const told = then.map((label) => element("p", { class: "then" }, `${text("refusal.then")} `, element("code", {}, label)));
  return element("li", {}, pressed(first, perform), ...told);
}

/**
 * @param {ActView} act
 * @param {(act: ActView) => void} perform
 * @returns {HTMLElement}
 */
function pressed(act, perform) {
  const made = button("act", () => perform(act), element("code", {}, act.label), outcomeOf(act));
  made.dataset["kind"] = kindOf(act);
  return made;
}

/**
 * Give what can be done now of all that is typed in some way: for each thing the plainest.
 * @param {string} way
 * @param {ActView[]} acts
 * @returns {ActView[]}
 */
function actsOf(way, acts) {
  const words = way.split(" ");
  /** @type {Map<string, ActView>} */
  const found = new Map();
  for (const act of acts) {
    if (!act.legal || !words.every((word) => act.label.split(" ").includes(word))) continue;
    const target = JSON.stringify(act.on);
    const other = found.get(target);
    if (other === undefined || act.label.length < other.label.length) found.set(target, act);
  }
  return [...found.values()];
}
