import { byId, element, typed } from "./dom.js";
import { keep } from "./keyed.js";
import { stateName, text } from "./texts.js";

/**
 * @typedef {import("./types.js").Happening} Happening
 * @typedef {import("./types.js").Change} Change
 * @typedef {import("./types.js").RefusalView} RefusalView
 */

const MOST_ROWS = 200;

/**
 * Make the place for the timeline.
 * @returns {HTMLElement}
 */
export function timelinePlace() {
  return element(
    "section",
    { class: "timeline", "aria-labelledby": "timeline-title" },
    element("h2", { id: "timeline-title" }, text("timeline.title")),
    element("ol", { id: "timeline", reversed: "", tabindex: "0", "aria-labelledby": "timeline-title" }),
    element("p", { id: "timeline-none", class: "muted" }, text("timeline.none")),
  );
}

/**
 * Show what happened, the newest first.
 * @param {Happening[]} happenings  the oldest first
 */
export function showTimeline(happenings) {
  byId("timeline-none").hidden = happenings.length > 0;
  const list = byId("timeline");
  list.hidden = happenings.length === 0;
  keep(list, happenings.slice(-MOST_ROWS).reverse(), (one) => String(one.number), happeningRow);
}

/**
 * @param {Happening} one
 * @returns {HTMLElement}
 */
function happeningRow(one) {
  const row = element("li", { value: String(one.number), class: one.accepted ? "done" : "refused" });
  row.append(element("span", { class: "who" }, one.who), " ", typed(one.what));
  if (one.call) row.append(element("span", { class: "change call" }, text("timeline.call", { call: one.call })));
  if (one.accepted && one.changes.length === 0) row.append(element("span", { class: "change muted" }, text("timeline.nothing")));
  for (const change of one.changes) row.append(element("span", { class: "change", ...onward(change) }, changeWords(change)));
  if (one.refusal !== null) row.append(...refusalTold(one.refusal));
  return row;
}

/**
 * Tell a refusal with its reasons, and what would have done something then.
 * @param {RefusalView} refusal
 * @returns {HTMLElement[]}
 */
function refusalTold({ text: words, why, ways }) {
  const told = [element("span", { class: "change fails" }, text("timeline.refused", { text: words }))];
  for (const reason of why) told.push(element("span", { class: "change why" }, text("timeline.why", { why: reason })));
  if (ways.length > 0) told.push(element("span", { class: "change why" }, text("timeline.ways", { ways: ways.join(", ") })));
  return told;
}

/**
 * Have an arrow lead onward, wherever the lines of a language lead.
 * @param {Change} change
 * @returns {Record<string, string>}
 */
function onward(change) {
  return change.from === "" ? {} : { dir: "ltr" };
}

/**
 * Tell a change in words.
 * @param {Change} change
 * @returns {string}
 */
export function changeWords(change) {
  const key = change.from === "" ? "timeline.new" : "timeline.change";
  return text(key, { name: change.name, from: stateName(change.from), to: stateName(change.to) });
}
