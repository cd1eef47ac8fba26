import { byId, element, isFocusLost, typed } from "./dom.js";
import { button } from "./keyed.js";
import { stateName, text } from "./texts.js";

/**
 * @typedef {string | {code: string}} Piece
 *
 * @typedef {object} StateTold  A state of an image, or of a machine.
 * @property {number} number
 * @property {string} [alias]  an image's only
 * @property {string} [simplified]  an image's only
 * @property {number} [lcm]  a machine's only
 * @property {string} meaning
 * @property {{operation: string, to: string[]}[]} ways
 * @property {Piece[][]} advice
 * @property {{sign: string, cause: string, helps: Piece[]}[]} stuck
 *
 * @typedef {object} OperationTold
 * @property {string} name
 * @property {string} actor
 * @property {boolean} [machine]  whether a virtual machine does it
 * @property {string} meaning
 * @property {string} command
 * @property {string} call
 *
 * @typedef {object} Explanations
 * @property {Record<string, StateTold>} states
 * @property {Record<string, OperationTold>} operations
 */

/** What the keys of what is told of machines begin with, before a point. */
const MACHINE = "vm";

/** @type {Explanations} */
let explained = { states: {}, operations: {} };

/**
 * Take what there is to tell of states and operations.
 * @param {Explanations} explanations
 */
export function knowExplanations(explanations) {
  explained = explanations;
}

/**
 * Give what is known of a state.
 * @param {string} key  as `keyOfState` gives it
 * @returns {StateTold | undefined}
 */
export function stateTold(key) {
  return explained.states[key];
}

/**
 * Give the key of what is told of a state: those of machines have names that images have, too.
 * @param {string} kind
 * @param {string} state
 */
export function keyOfState(kind, state) {
  return kind === "machine" ? `${MACHINE}.${state}` : state;
}

/**
 * Give what is known of an operation.
 * @param {string} key
 * @returns {OperationTold | undefined}
 */
export function operationTold(key) {
  return explained.operations[key];
}

/**
 * Give the name of an operation as people read it.
 * @param {string} key
 * @returns {string}
 */
export function operationName(key) {
  return (explained.operations[key]?.name ?? key).replaceAll("_", " ");
}

/**
 * Show in a dialog what a state means, and what leads out of it.
 * @param {string} key  as `keyOfState` gives it
 */
export function explainState(key) {
  const state = explained.states[key];
  if (state === undefined) return;
  const ways = state.ways.map((way) =>
    element(
      "li",
      {},
      element("bdi", { dir: "ltr" }, element("strong", {}, operationName(way.operation)), ` → ${way.to.map(stateName).join(", ")}`),
      ...doneFor(way.operation),
    ),
  );
  openDialog(key.split(".").at(-1) ?? "", [
    element("p", { class: "lead" }, text("explain.meaning", { meaning: state.meaning })),
    element("p", { class: "muted" }, numbersOf(state)),
    ...explainPart(text("explain.ways"), ways.length === 0 ? [] : [element("ul", {}, ...ways)]),
    ...explainPart(
      text("explain.advice"),
      state.advice.map((one) => element("p", {}, ...textPieces(one))),
    ),
    ...explainPart(
      text("explain.stuck"),
      state.stuck.map((one) =>
        element(
          "div",
          { class: "stuck" },
          element("p", {}, element("strong", {}, one.sign)),
          element("p", {}, one.cause),
          element("p", {}, "→ ", ...textPieces(one.helps)),
        ),
      ),
    ),
  ]);
}

/**
 * Show in a dialog what an operation does, and what is typed for it.
 * @param {string} key
 * @param {string} [typedNow]  the command as it would be typed now
 */
export function explainOperation(key, typedNow = "") {
  const operation = explained.operations[key];
  if (operation === undefined) return;
  /** @type {Node[]} */
  const type = [];
  for (const command of new Set([operation.command, typedNow])) {
    if (command !== "") type.push(element("p", {}, typed(command, { class: "typed" })));
  }
  openDialog(operationName(key), [
    element("p", { class: "lead" }, operation.meaning),
    element("p", { class: "muted" }, text("explain.actor", { actor: operation.actor })),
    ...explainPart(
      text("explain.type"),
      type.length === 0 ? [element("p", {}, text("explain.untyped"))] : type,
    ),
    ...explainPart(
      text("explain.call"),
      operation.call === "" ? [] : [element("p", {}, element("code", {}, operation.call))],
    ),
  ]);
}

/**
 * Show something in the page's dialog; the browser gives the focus back when it is closed.
 * @param {string} title
 * @param {Node[]} content
 */
export function openDialog(title, content) {
  const dialog = dialogElement();
  dialog.replaceChildren(
    element(
      "div",
      { class: "dialog-head" },
      element("h2", { id: "dialog-title" }, title),
      button("quiet", () => dialog.close(), text("dialog.close")),
    ),
    element("div", { class: "dialog-body", tabindex: "0", role: "group", "aria-labelledby": "dialog-title" }, ...content),
  );
  if (!dialog.open) dialog.showModal();
}

/**
 * @returns {HTMLDialogElement}
 */
function dialogElement() {
  const found = document.getElementById("dialog");
  if (found instanceof HTMLDialogElement) return found;
  const made = document.createElement("dialog");
  made.id = "dialog";
  made.setAttribute("aria-labelledby", "dialog-title");
  made.addEventListener("click", (event) => {
    if (event.target === made) made.close();
  });
  // What opened it, and would have the focus again, may be no more.
  made.addEventListener("close", () => {
    if (isFocusLost() || made.contains(document.activeElement)) byId("main").focus({ preventScroll: true });
  });
  byId("main").after(made);
  return made;
}

/**
 * @param {string} title
 * @param {Node[]} content
 * @returns {Node[]}
 */
function explainPart(title, content) {
  return content.length === 0 ? [] : [element("h3", {}, title), ...content];
}

/**
 * Give how OpenNebula numbers a state, and calls it elsewhere.
 * @param {StateTold} state
 * @returns {string}
 */
function numbersOf({ number, lcm, alias, simplified }) {
  if (lcm !== undefined) return text("explain.machine.about", { number, lcm });
  return text("explain.state.about", { number, alias: alias ?? "", simplified: simplified || text("explain.none") });
}

/**
 * Give what is typed for an operation, or where nobody types it, what it is.
 * @param {string} operation
 * @returns {Node[]}
 */
function doneFor(operation) {
  const { command = "", meaning = "" } = explained.operations[operation] ?? {};
  return [element("br"), command === "" ? element("span", { class: "muted" }, meaning) : typed(command)];
}

/**
 * @param {Piece[]} texts
 * @returns {(Node | string)[]}
 */
function textPieces(texts) {
  return texts.map((one) => (typeof one === "string" ? one : typed(one.code)));
}
