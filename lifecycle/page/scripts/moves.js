import { byId, element, typed } from "./dom.js";
import { button, keep } from "./keyed.js";
import { explainOperation, operationName, operationTold } from "./explain.js";
import { stateName, text } from "./texts.js";

/**
 * @typedef {import("./types.js").ActView} ActView
 */

/**
 * Tell who does an act, as the diagram colours it.
 * @param {ActView} act
 * @returns {string}
 */
export function kindOf(act) {
  if (act.fails) return "fails";
  if (act.driver !== "") return "answer";
  return act.on?.kind === "machine" || operationTold(act.operation)?.machine === true ? "machine" : "user";
}

/**
 * Give where an act leads, to stand behind its name.
 * @param {ActView} act
 * @returns {Node}
 */
export function outcomeOf(act) {
  const to = act.legal && act.edge !== null ? `→ ${stateName(act.edge[1])}` : "";
  return element("span", { class: "outcome" }, to);
}

const GROUPS = ["moves-now", "moves-machines", "moves-answers", "moves-refused"];

/**
 * Show a button for every act: what would be done first, then what would be refused.
 * @param {ActView[]} acts
 * @param {ActView[]} through  what is done to machines and moves the image
 * @param {(act: ActView) => void} perform
 */
export function showMoves(acts, through, perform) {
  const commands = acts.filter((act) => act.legal && act.driver === "");
  const answers = acts.filter((act) => act.legal && act.driver !== "");
  const refused = acts.filter((act) => !act.legal);
  showActs("moves-now", commands, perform);
  showActs("moves-machines", through, perform);
  showActs("moves-answers", answers, perform);
  showActs("moves-refused", refused, perform);
}

/**
 * Make the places for the buttons.
 * @returns {HTMLElement[]}
 */
export function movePlaces() {
  return GROUPS.map((name) =>
    element(
      "section",
      { class: "moves", id: name, "aria-labelledby": `${name}-title`, hidden: "" },
      element("h3", { id: `${name}-title` }, text(`play.${name}`)),
      element("ul", { class: "acts" }),
    ),
  );
}

/**
 * @param {string} name
 * @param {ActView[]} acts
 * @param {(act: ActView) => void} perform
 */
function showActs(name, acts, perform) {
  const place = byId(name);
  place.hidden = acts.length === 0;
  const list = place.querySelector("ul");
  if (list !== null) keep(list, acts, (act) => act.key, (act) => actRow(act, perform));
}

/**
 * @param {ActView} act
 * @param {(act: ActView) => void} perform
 * @returns {HTMLElement}
 */
function actRow(act, perform) {
  const made = button("act", () => perform(act), typed(act.label), outcomeOf(act));
  made.dataset["kind"] = kindOf(act);
  made.classList.toggle("refused", !act.legal);
  const item = element("li", {}, made);
  if (operationTold(act.operation) !== undefined) {
    const why = button("explain", () => explainOperation(act.operation, act.driver === "" ? act.label : ""), "?");
    why.setAttribute("aria-label", text("play.explain", { name: operationName(act.operation) }));
    why.title = why.getAttribute("aria-label") ?? "";
    item.append(why);
  }
  return item;
}
