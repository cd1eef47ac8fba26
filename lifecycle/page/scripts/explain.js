import { byId, element } from "./dom.js";
import { button } from "./keyed.js";
import { text } from "./texts.js";

/**
 * @typedef {string | {code: string}} Piece
 *
 * @typedef {object} StateTold
 * @property {number} number
 * @property {string} alias
 * @property {string} simplified
 * @property {string} meaning
 * @property {{operation: string, to: string[]}[]} ways
 * @property {Piece[][]} advice
 * @property {{sign: string, cause: string, helps: Piece[]}[]} stuck
 *
 * @typedef {object} OperationTold
 * @property {string} name
 * @property {string} actor
 * @property {string} meaning
 * @property {string} command
 * @property {string} call
 *
 * @typedef {object} Explanations
 * @property {Record<string, StateTold>} states
 * @property {Record<string, OperationTold>} operations
 */

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
 * @param {string} name
 * @returns {StateTold | undefined}
 */
export function stateTold(name) {
  return explained.states[name];
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
 * Show in a dialog what a state means, and how an image gets out of it.
 * @param {string} name
 */
export function explainState(name) {
  const state = explained.states[name];
  if (state === undefined) return;
  const about = text("explain.state.about", {
    number: state.number,
    alias: state.alias,
    simplified: state.simplified === "" ? text("explain.none") : state.simplified,
  });
  const ways = state.ways.map((way) =>
    element(
      "li",
      {},
      element("strong", {}, operationName(way.operation)),
      ` → ${way.to.join(", ")}`,
      ...typedFor(way.operation),
    ),
  );
  openDialog(name, [
    element("p", { class: "lead" }, `${state.meaning}.`),
    element("p", { class: "muted" }, about),
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
    if (command !== "") type.push(element("p", {}, element("code", { class: "typed" }, command)));
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
 * @param {string} operation
 * @returns {Node[]}
 */
function typedFor(operation) {
  const command = explained.operations[operation]?.command ?? "";
  return command === "" ? [] : [element("br"), element("code", {}, command)];
}

/**
 * @param {Piece[]} texts
 * @returns {(Node | string)[]}
 */
function textPieces(texts) {
  return texts.map((one) => (typeof one === "string" ? one : element("code", {}, one.code)));
}
