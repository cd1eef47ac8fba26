import { byId, element, typed } from "./dom.js";
import { explainState, keyOfState, stateTold } from "./explain.js";
import { button } from "./keyed.js";
import { kindOf, outcomeOf } from "./moves.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").RefusalView} RefusalView
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
 * @typedef {object} Help  What there is to be told of a refusal.
 * @property {{kind: string, state: string}} on  what it was to be done to
 * @property {ActView[]} acts  what can be tried
 * @property {WayView[] | null} instead  ways to where it is done; null where none was looked for
 */

/** Show nothing of what was refused. */
export function hideRefusal() {
  byId("refusal").hidden = true;
  byId("refusal").replaceChildren();
}

/**
 * Show why an act was refused, how it comes to be done, and what else is possible now.
 * @param {string} what  was done
 * @param {RefusalView} refusal
 * @param {Help} help
 * @param {(act: ActView) => void} perform
 */
export function showRefusal(what, refusal, { on, acts, instead }, perform) {
  const place = byId("refusal");
  const helping = (instead ?? []).map(({ first }) => first.key);
  const others = refusal.ways.map((way) => ({ way, found: actsOf(way, acts) }));
  const possible = others.flatMap(({ found }) => found).filter((act) => !helping.includes(act.key));
  const elsewhere = others.filter(({ found }) => found.length === 0).map(({ way }) => element("li", {}, typed(way)));
  const ways = (instead ?? []).map((way) => wayOut(way, perform));
  place.hidden = false;
  place.replaceChildren(
    element("h3", { id: "refusal-title" }, text("refusal.title")),
    element("p", {}, typed(what)),
    element("p", { class: "oned" }, element("code", { lang: "en" }, refusal.text), " ", element("span", { class: "tag" }, refusal.code)),
    ...listed("refusal.why", refusal.why.map((why) => element("li", {}, why))),
    ...listed("refusal.instead", instead?.length === 0 ? [nowhere(on.kind, on.state)] : ways),
    ...listed("refusal.ways", possible.map((act) => element("li", {}, pressed(act, perform)))),
    ...listed("refusal.typed", elsewhere),
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
  const told = then.map((label) => element("p", { class: "then" }, `${text("refusal.then")} `, typed(label)));
  return element("li", {}, pressed(first, perform), ...told);
}

/**
 * Tell that nothing leads to where it is done, and offer what is known of being stuck there.
 * @param {string} kind
 * @param {string} state
 * @returns {HTMLElement}
 */
function nowhere(kind, state) {
  const key = keyOfState(kind, state);
  const made = element("li", {}, element("p", {}, text("refusal.nowhere")));
  if (stateTold(key) !== undefined) made.append(button("quiet", () => explainState(key), text("refusal.stuck", { state })));
  return made;
}

/**
 * @param {ActView} act
 * @param {(act: ActView) => void} perform
 * @returns {HTMLElement}
 */
function pressed(act, perform) {
  const made = button("act", () => perform(act), typed(act.label), outcomeOf(act));
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
