import { byId, element, typed } from "./dom.js";
import { button, keep } from "./keyed.js";
import { explainState, operationName } from "./explain.js";
import { kindOf, outcomeOf } from "./moves.js";
import { stateName, text } from "./texts.js";
import { GONE } from "./types.js";

/**
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").ImageView} ImageView
 *
 * @typedef {object} Lit  What the diagram shows.
 * @property {string[]} states  those that are lit
 * @property {ActView[]} moves  the legal acts that lead from one state to another
 * @property {ImageView[]} others  the images that are shown as markers
 * @property {number[]} chosen  the ids of those that stand out among them
 * @property {[string, string] | null} last  the move that was made just now
 *
 * @typedef {object} Way  All legal acts that lead from one state to another.
 * @property {string} from
 * @property {string} to
 * @property {ActView[]} acts
 */

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const NEW = "new";
const BORN = "INIT";
const MOST_MARKERS = 4;
const MARKER_GAP = 2;

/**
 * Make the diagram of the page answer to people.
 * @param {(act: ActView) => void} perform
 * @param {(id: number) => void} select  an image, by the marker that was pressed
 */
export function startDiagram(perform, select) {
  const svg = byId("diagram");
  const states = stateGroups();
  states.forEach((group, place) => {
    const name = group.dataset["state"] ?? "";
    if (name === NEW || name === GONE) return;
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "-1");
    group.addEventListener("click", () => explainState(name));
    group.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        explainState(name);
      } else if (step !== undefined) {
        event.preventDefault();
        focusState(states, place, step);
      }
    });
  });
  svg.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target : null;
    const marker = pressed?.closest("[data-image]");
    if (marker instanceof SVGElement) {
      event.stopPropagation();
      select(Number(marker.dataset["image"]));
      return;
    }
    const edge = pressed?.closest(".edge.lit");
    if (edge instanceof SVGElement) {
      const name = `${edge.dataset["from"]}-${edge.dataset["to"]}`;
      const pill = document.querySelector(`#pills [data-way="${CSS.escape(name)}"]`);
      // A press beside an open choice closes it: this one opens it.
      event.stopPropagation();
      if (pill instanceof HTMLElement) pill.click();
    }
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("#pills") === null) closeMenu();
  });
  byId("pills").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const owner = document.querySelector("#pills [aria-expanded=true]");
    closeMenu();
    if (owner instanceof HTMLElement) owner.focus();
  });
  performing = perform;
}

/** What the diagram's box was scrolled to: whoever scrolls away from it may stay there. */
let inSight = "";

/** @type {(act: ActView) => void} */
let performing = () => {};

/**
 * Light states and moves in the diagram.
 * @param {Partial<Lit>} lit
 */
export function light(lit) {
  const states = lit.states ?? [];
  const ways = waysOf(lit.moves ?? []);
  const last = lit.last ?? null;
  const groups = stateGroups();
  const chosen = groups.find((group) => states.includes(group.dataset["state"] ?? "")) ?? groups[1];
  const focusable = chosen?.hasAttribute("role") ? chosen : groups.find((group) => group.hasAttribute("role"));
  for (const group of groups) {
    const name = group.dataset["state"] ?? "";
    group.classList.toggle("lit", states.includes(name));
    group.classList.toggle("reachable", ways.some((way) => way.to === name));
    if (group.hasAttribute("role")) group.setAttribute("tabindex", group === focusable ? "0" : "-1");
  }
  for (const edge of edgeGroups()) {
    const way = ways.find((one) => one.from === edge.dataset["from"] && one.to === edge.dataset["to"]);
    edge.classList.toggle("lit", way !== undefined);
    edge.classList.toggle("taken", last !== null && leads(edge, last));
    edge.dataset["kind"] = way === undefined ? "" : kindOfWay(way);
  }
  showMarkers(lit.others ?? [], lit.chosen ?? []);
  keep(byId("pills"), ways, nameOfWay, wayPill);
  if (states.length > 0 && states.join() !== inSight) bringIntoSight(chosen);
  inSight = states.join();
}

/**
 * Where the diagram is wider than its box, scroll the box to what is lit.
 * @param {SVGElement | undefined} group
 */
function bringIntoSight(group) {
  const stage = byId("stage");
  if (group === undefined || stage.scrollWidth <= stage.clientWidth) return;
  const box = group.getBoundingClientRect();
  const middle = box.left + box.width / 2 - stage.getBoundingClientRect().left + stage.scrollLeft;
  stage.scrollTo({ left: middle - stage.clientWidth / 2 });
}

/**
 * Gather the acts that lead the same way.
 * @param {ActView[]} moves
 * @returns {Way[]}
 */
function waysOf(moves) {
  /** @type {Map<string, Way>} */
  const found = new Map();
  for (const act of moves) {
    if (act.edge === null || !act.legal) continue;
    const from = act.edge[0] === "" ? BORN : act.edge[0];
    const way = found.get(`${from}-${act.edge[1]}`) ?? { from, to: act.edge[1], acts: [] };
    way.acts.push(act);
    found.set(nameOfWay(way), way);
  }
  return [...found.values()].filter((way) => edgeOf(way) !== undefined);
}

/**
 * @param {Way} way
 * @returns {string}
 */
function nameOfWay(way) {
  return `${way.from}-${way.to}`;
}

/**
 * @param {Way} way
 * @returns {string}
 */
function kindOfWay(way) {
  const kinds = new Set(way.acts.map(kindOf));
  return kinds.size === 1 ? [...kinds].join("") : "several";
}

/**
 * The button of a way: it does the one act, or offers several.
 * @param {Way} way
 * @returns {HTMLElement}
 */
function wayPill(way) {
  const edge = edgeOf(way);
  const holder = element("div", { class: "pill-holder" });
  holder.style.left = `${Number(edge?.dataset["x"]) * 100}%`;
  holder.style.top = `${Number(edge?.dataset["y"]) * 100}%`;
  const [first] = way.acts;
  if (first === undefined) return holder;
  const names = [...new Set(way.acts.map((act) => operationName(act.operation)))];
  const more = way.acts.length > 1;
  const face = names.length > 1 ? text("diagram.more", { name: names[0] ?? "", count: names.length - 1 }) : names[0] ?? "";
  const made = button("pill", () => {
    if (more) toggleMenu(made, way);
    else performing(first);
  }, face);
  made.dataset["kind"] = kindOfWay(way);
  made.dataset["way"] = nameOfWay(way);
  made.title = way.acts.map((act) => act.label).join("\n");
  const told = { from: way.from, to: stateName(way.to), what: way.acts.length === 1 ? first.label : names.join(", ") };
  made.setAttribute("aria-label", `${face}: ${text("diagram.move", told)}`);
  if (more) made.setAttribute("aria-expanded", "false");
  holder.append(made);
  return holder;
}

/**
 * @param {HTMLElement} owner
 * @param {Way} way
 */
function toggleMenu(owner, way) {
  const open = owner.getAttribute("aria-expanded") === "true";
  closeMenu();
  if (open) return;
  owner.setAttribute("aria-expanded", "true");
  const choices = way.acts.map((act) => {
    const made = button("choice", () => {
      closeMenu();
      performing(act);
    }, typed(act.label), outcomeOf(act));
    made.dataset["kind"] = kindOf(act);
    return made;
  });
  const menu = element("div", { class: "menu", role: "group", "aria-label": owner.getAttribute("aria-label") ?? "" }, ...choices);
  owner.after(menu);
  const [pressed, board] = [owner.getBoundingClientRect(), byId("board").getBoundingClientRect()];
  menu.classList.toggle("to-left", pressed.left > board.left + board.width / 2);
  menu.classList.toggle("to-top", pressed.top > board.top + board.height / 2);
  choices[0]?.focus();
  menu.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function closeMenu() {
  for (const menu of document.querySelectorAll("#pills .menu")) menu.remove();
  for (const owner of document.querySelectorAll("#pills [aria-expanded=true]")) owner.setAttribute("aria-expanded", "false");
}

/**
 * Show images as small marks on their states.
 * @param {ImageView[]} images
 * @param {number[]} chosen  the ids of those that stand out
 */
function showMarkers(images, chosen) {
  const places = /** @type {SVGElement[]} */ ([...document.querySelectorAll("#diagram .markers")]);
  for (const place of places) {
    const here = images.filter((image) => image.state === place.dataset["of"]);
    here.sort((one, other) => Number(chosen.includes(other.id)) - Number(chosen.includes(one.id)));
    const rest = here.slice(MOST_MARKERS);
    const marks = here.slice(0, MOST_MARKERS).map(({ id, name }) => ({ id, name, face: String(id), chosen: chosen.includes(id), left: 0 }));
    if (rest.length > 0) marks.push({ id: -1, name: rest.map(({ name }) => name).join(", "), face: `+${rest.length}`, chosen: false, left: 0 });
    let left = Number(place.dataset["x"]) - marks.reduce((sum, { face }) => sum + widthOf(face) + MARKER_GAP, -MARKER_GAP) / 2;
    for (const mark of marks) {
      mark.left = left;
      left += widthOf(mark.face) + MARKER_GAP;
    }
    keep(place, marks, (one) => String(one.id), (one) => imageMarker(one, Number(place.dataset["y"])));
  }
}

/**
 * Give the width of a marker, by what is written on it.
 * @param {string} face
 * @returns {number}
 */
function widthOf(face) {
  return 11 + 5.6 * face.length;
}

/**
 * @param {{id: number, name: string, face: string, chosen: boolean, left: number}} one
 * @param {number} y
 * @returns {SVGElement}
 */
function imageMarker(one, y) {
  const made = svgElement("g", { class: "marker", transform: `translate(${one.left} ${y})` });
  if (one.id >= 0) made.dataset["image"] = String(one.id);
  made.classList.toggle("chosen", one.chosen);
  const title = svgElement("title", {});
  title.textContent = one.name;
  const width = widthOf(one.face);
  const face = svgElement("text", { x: String(width / 2), y: "3.4" });
  face.textContent = one.face;
  made.append(title, svgElement("rect", { y: "-8.5", width: String(width), height: "17", rx: "8.5" }), face);
  return made;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @returns {SVGElement}
 */
function svgElement(tag, attributes) {
  const made = document.createElementNS(SVG_NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return /** @type {SVGElement} */ (made);
}

/**
 * @returns {SVGElement[]}
 */
function stateGroups() {
  return /** @type {SVGElement[]} */ ([...document.querySelectorAll("#diagram .state")]);
}

/**
 * @returns {SVGElement[]}
 */
function edgeGroups() {
  return /** @type {SVGElement[]} */ ([...document.querySelectorAll("#diagram .edge")]);
}

/**
 * @param {Way} way
 * @returns {SVGElement | undefined}
 */
function edgeOf(way) {
  return edgeGroups().find((edge) => leads(edge, [way.from, way.to]));
}

/**
 * @param {SVGElement} edge
 * @param {[string, string]} ends
 * @returns {boolean}
 */
function leads(edge, ends) {
  return edge.dataset["from"] === (ends[0] === "" ? BORN : ends[0]) && edge.dataset["to"] === ends[1];
}

/**
 * @param {SVGElement[]} groups
 * @param {number} from
 * @param {number} step
 */
function focusState(groups, from, step) {
  for (let place = from + step; groups[place] !== undefined; place += step) {
    const group = groups[place];
    if (group?.hasAttribute("role")) {
      for (const one of groups) if (one.hasAttribute("role")) one.setAttribute("tabindex", one === group ? "0" : "-1");
      group.focus();
      return;
    }
  }
}
