import { byId, element } from "./dom.js";
import { button, keep } from "./keyed.js";
import { counted, stateName, text } from "./texts.js";
import { DONE } from "./types.js";

/**
 * @typedef {import("./types.js").Ref} Ref
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").ImageView} ImageView
 * @typedef {import("./types.js").MachineView} MachineView
 */

/**
 * Make the places for the cards.
 * @param {HTMLElement} host
 */
export function startBoard(host) {
  host.append(
    element("h2", { id: "images-title" }, text("board.images")),
    element("ul", { id: "images", class: "cards", "aria-labelledby": "images-title" }),
    element("p", { id: "images-hidden", class: "muted", hidden: "" }),
    element("h2", { id: "machines-title" }, text("board.machines")),
    element("ul", { id: "machines", class: "cards", "aria-labelledby": "machines-title" }),
    element("p", { id: "machines-hidden", class: "muted", hidden: "" }),
  );
}

/**
 * Show every image and machine as a card that can be selected.
 * @param {View} view
 * @param {Ref | null} selected
 * @param {(one: Ref | null) => void} select
 */
export function showBoard(view, selected, select) {
  const isChosen = (/** @type {string} */ kind, /** @type {number} */ id) => selected?.kind === kind && selected.id === id;
  const images = view.images.map((image) => ({ ...imageCard(image, view), chosen: isChosen("image", image.id) }));
  const fresh = { id: -1, name: text("board.new"), state: "", chosen: selected === null, about: [], facts: [], held: [] };
  keep(byId("images"), [...images, fresh], (one) => String(one.id), (one) => card(one, () => select(one.id < 0 ? null : { kind: "image", id: one.id })));
  const machines = view.machines.map((machine) => ({ ...machineCard(machine, view), chosen: isChosen("machine", machine.id) }));
  keep(byId("machines"), machines, (one) => String(one.id), (one) => card(one, () => select({ kind: "machine", id: one.id })));
  byId("machines-title").hidden = machines.length === 0;
  showHidden("images-hidden", "board.hidden.images", view.images.length, view.hidden.images);
  showHidden("machines-hidden", "board.hidden.machines", view.machines.length, view.hidden.machines);
}

/**
 * @typedef {object} Card
 * @property {number} id
 * @property {string} name
 * @property {string} state
 * @property {boolean} chosen
 * @property {string[]} about  what it is, in single words
 * @property {[string, string][]} facts  counters by their names
 * @property {string[]} held  sentences
 */

/**
 * @param {ImageView} image
 * @param {View} view
 * @returns {Omit<Card, "chosen">}
 */
function imageCard(image, view) {
  return {
    id: image.id,
    name: image.name,
    state: image.state,
    about: wordsAbout(image),
    facts: countersOf(image),
    held: tiesOf(image, view.images, view.machines),
  };
}

/**
 * @param {MachineView} machine
 * @param {View} view
 * @returns {Omit<Card, "chosen">}
 */
function machineCard(machine, view) {
  return {
    id: machine.id,
    name: machine.name,
    state: machine.state,
    about: [],
    facts: [],
    held: [disksOf(machine, view.images), ...(machine.error ? [machine.error] : [])],
  };
}

/**
 * Tell in single words what an image is.
 * @param {ImageView} image
 * @returns {string[]}
 */
export function wordsAbout(image) {
  return [image.type, text(image.persistent ? "board.persistent" : "board.nonpersistent"), ...image.flags];
}

/**
 * Give the counters of an image by their names.
 * @param {ImageView} image
 * @returns {[string, string][]}
 */
export function countersOf(image) {
  return [["RUNNING_VMS", String(image.runningVms)], ["CLONING_OPS", String(image.cloningOps)]];
}

/**
 * Tell what an image has to do with others, and what was said of a failure.
 * @param {ImageView} image
 * @param {ImageView[]} images
 * @param {MachineView[]} machines
 * @returns {string[]}
 */
export function tiesOf(image, images, machines) {
  const told = [];
  if (image.machines.length > 0) told.push(text("board.held", { names: namesOf(image.machines, machines) }));
  if (image.clones.length > 0) told.push(text("board.clones", { names: namesOf(image.clones, images) }));
  if (image.source !== null) told.push(text("board.source", { names: namesOf([image.source], images) }));
  if (image.snapshots.length > 0) told.push(text("board.snapshots", { names: image.snapshots.map((id) => `#${id}`).join(", ") }));
  if (image.error) told.push(image.error);
  return told;
}

/**
 * Tell of which images a machine has disks.
 * @param {MachineView} machine
 * @param {ImageView[]} images
 * @returns {string}
 */
export function disksOf(machine, images) {
  const names = namesOf(machine.images, images);
  return names === "" ? text("board.diskless") : text("board.disks", { names });
}

/**
 * Give names, and of a machine that is done that it is: an image may count it still.
 * @param {number[]} ids
 * @param {{id: number, name: string, state: string}[]} all
 * @returns {string}
 */
function namesOf(ids, all) {
  const nameOf = (/** @type {number} */ id) => {
    const found = all.find((one) => one.id === id);
    return `${found?.name ?? `#${id}`}${found?.state === DONE ? ` (${DONE})` : ""}`;
  };
  return ids.map(nameOf).join(", ");
}

/**
 * @param {Card} one
 * @param {() => void} press
 * @returns {HTMLElement}
 */
function card(one, press) {
  const made = button("card", press);
  made.setAttribute("aria-pressed", String(one.chosen));
  const head = element("span", { class: "card-head" }, element("span", { class: "card-name" }, one.name));
  if (one.id >= 0) head.append(element("span", { class: "card-id" }, `#${one.id}`));
  made.append(head);
  if (one.state !== "") made.append(stateBadge(one.state));
  if (one.about.length > 0) made.append(element("span", { class: "tags" }, ...one.about.flatMap((word) => [element("span", { class: "tag" }, word), " "])));
  if (one.facts.length > 0) {
    made.append(element("span", { class: "facts" }, ...one.facts.flatMap(([name, value]) => [
      element("span", { class: value === "0" ? "fact none" : "fact" }, `${name} `, element("b", {}, value)), " ",
    ])));
  }
  for (const sentence of one.held) made.append(element("span", { class: "held" }, sentence));
  return element("li", {}, made);
}

/**
 * Give a state as it is shown in a text, in the colour of the diagram.
 * @param {string} state
 * @returns {HTMLElement}
 */
export function stateBadge(state) {
  return element("span", { class: "badge", "data-state": state }, stateName(state));
}

/**
 * @param {string} id
 * @param {string} key
 * @param {number} shown
 * @param {number} hidden
 */
function showHidden(id, key, shown, hidden) {
  const place = byId(id);
  place.hidden = hidden === 0;
  const words = hidden === 0 ? "" : text(key, { shown: counted(shown), all: counted(shown + hidden) });
  if (place.textContent !== words) place.textContent = words;
}
