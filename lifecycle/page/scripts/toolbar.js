import { announce } from "./announce.js";
import { byId, element } from "./dom.js";
import { openDialog } from "./explain.js";
import { button } from "./keyed.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./types.js").Past} Past
 *
 * @typedef {"back" | "forth" | "start"} Way  Where the tools went.
 *
 * @typedef {object} Going  What the tools have done.
 * @property {(told: string, way: Way) => void} went
 * @property {() => void} chooseNew
 * @property {() => boolean} listens  whether keys are meant for what is played
 */

/** What goes back and forth, shares and helps: as buttons, and by keys. */
export class Toolbar {
  /**
   * @param {Past | null} past
   * @param {Going} going
   */
  constructor(past, going) {
    this.past = past;
    this.going = going;
    this.keys = true;
    /** @type {Record<string, () => void>} */
    const back = past === null ? {} : { undo: () => this.undo(past), redo: () => this.redo(past), restart: () => this.restart(past), share: () => void share(past) };
    this.tools = { ...back, help: () => this.help() };
    /** @type {Record<string, [string, () => void]>} */
    const backKeys = past === null ? {} : { u: ["u", () => this.undo(past)], r: ["r", () => this.redo(past)] };
    /** @type {Record<string, [string, () => void]>} by their keys: the name of its text, and what it does */
    this.byKey = { ...backKeys, n: ["n", () => going.chooseNew()], "?": ["help", () => this.help()] };
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @returns {HTMLElement} */
  bar() {
    const bar = element("div", { class: "toolbar", role: "group", "aria-label": text("toolbar.title") });
    for (const [name, press] of Object.entries(this.tools)) {
      const made = button("tool", press, text(`toolbar.${name}`));
      made.id = `tool-${name}`;
      bar.append(made);
    }
    return bar;
  }

  /** Show whether one can go back or forth. */
  show() {
    if (this.past === null) return;
    byId("tool-undo").setAttribute("aria-disabled", String(!this.past.canUndo()));
    byId("tool-redo").setAttribute("aria-disabled", String(!this.past.canRedo()));
  }

  /** @param {Past} past */
  undo(past) {
    const undone = past.canUndo() ? past.undo() : null;
    if (undone === null) announce(text("announce.first"));
    else this.going.went(text("announce.undone", { what: undone.what }), "back");
  }

  /** @param {Past} past */
  redo(past) {
    const redone = past.canRedo() ? past.redo() : null;
    if (redone === null) announce(text("announce.last"));
    else this.going.went(text("announce.redone", { what: redone.what }), "forth");
  }

  /** @param {Past} past */
  restart(past) {
    past.restart();
    this.going.went(text("announce.restarted"), "start");
  }

  help() {
    const rows = Object.entries(this.byKey).map(([key, [name]]) => element("li", {}, element("kbd", {}, key), ` ${text(`help.key.${name}`)}`));
    const choice = document.createElement("input");
    choice.type = "checkbox";
    choice.id = "shortcuts";
    choice.checked = this.keys;
    choice.addEventListener("change", () => {
      this.keys = choice.checked;
    });
    openDialog(text("toolbar.help"), [
      ...["help.play", "help.diagram", "help.refused"].map((key) => element("p", {}, text(key))),
      element("h3", {}, text("help.keys")),
      element("ul", { class: "keys" }, ...rows),
      element("p", {}, choice, " ", element("label", { for: "shortcuts" }, text("help.shortcuts"))),
    ]);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!this.keys || event.ctrlKey || event.altKey || event.metaKey || !this.going.listens()) return;
    if (document.querySelector("dialog[open]") !== null) return;
    if (event.target instanceof Element && event.target.closest("input, select, textarea") !== null) return;
    const found = Object.hasOwn(this.byKey, event.key) ? this.byKey[event.key] : undefined;
    if (found === undefined) return;
    event.preventDefault();
    found[1]();
  }
}

/**
 * Show the link by which others see the same, and copy it.
 * @param {Past} past
 */
async function share(past) {
  const link = `${location.href.split("#")[0]}#${past.fragment().replace(/^#/, "")}`;
  const field = document.createElement("input");
  field.type = "text";
  field.readOnly = true;
  field.value = link;
  field.id = "share-link";
  const state = element("p", { role: "status", class: "muted" });
  const elsewhere = location.protocol === "file:" ? [element("p", {}, text("share.file"))] : [];
  openDialog(text("share.title"), [element("label", { for: "share-link" }, text("share.link")), field, state, ...elsewhere]);
  field.select();
  state.textContent = (await copied(link)) ? text("share.copied") : text("share.copy");
}

/**
 * Copy a text, where the browser lets a page do so.
 * @param {string} words
 * @returns {Promise<boolean>}
 */
async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
