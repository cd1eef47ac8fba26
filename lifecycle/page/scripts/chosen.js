import { stateBadge } from "./board.js";
import { byId, element } from "./dom.js";
import { explainState, keyOfState, stateTold } from "./explain.js";
import { button } from "./keyed.js";
import { text } from "./texts.js";
import { GONE } from "./types.js";

/**
 * Make the place for what is selected.
 * @returns {HTMLElement}
 */
export function chosenPlace() {
  return element(
    "div",
    { class: "chosen" },
    element("h2", { id: "chosen", tabindex: "-1" }),
    element("div", { id: "chosen-about" }),
  );
}

/**
 * Show what is selected, and what its state means.
 * @param {string} kind  of what it is
 * @param {string} name
 * @param {string} state  "" where nothing is there yet
 * @param {string[]} full  what is to be told of there being no room for more
 */
export function showChosen(kind, name, state, full) {
  const title = byId("chosen");
  const signature = JSON.stringify([kind, name, state, full]);
  if (title.dataset["shown"] === signature) return;
  title.dataset["shown"] = signature;
  title.replaceChildren(name, " ", ...(state === "" ? [] : [stateBadge(state)]));
  byId("chosen-about").replaceChildren(
    ...(state === "" && full.length > 0 ? [] : meaning(kind, state)),
    ...full.map((words) => element("p", { class: "muted full" }, words)),
  );
}

/**
 * @param {string} kind
 * @param {string} state
 * @returns {HTMLElement[]}
 */
function meaning(kind, state) {
  const key = keyOfState(kind, state);
  const told = stateTold(key);
  if (told === undefined) {
    const words = { "": text("play.new.about"), [GONE]: text("play.gone") }[state];
    return words === undefined ? [] : [element("p", { class: "muted" }, words)];
  }
  const explain = button("explain", () => explainState(key), "?");
  explain.setAttribute("aria-label", text("play.explain", { name: state }));
  explain.title = text("play.explain", { name: state });
  return [element("p", {}, text("explain.meaning", { meaning: told.meaning }), " ", explain)];
}
