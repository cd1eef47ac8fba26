import { countersOf, disksOf, stateBadge, tiesOf, wordsAbout } from "./board.js";
import { byId, element } from "./dom.js";
import { UNBORN } from "./learning_types.js";
import { text } from "./texts.js";
import { GONE } from "./types.js";

/**
 * @typedef {import("./learning_types.js").Path} Path
 * @typedef {import("./learning_types.js").Picture} Picture
 * @typedef {import("./learning_types.js").Show} Show
 * @typedef {import("./learning_types.js").Step} Step
 */

/**
 * Give the picture after some steps.
 * @param {Step[]} steps
 * @returns {Picture}
 */
export function pictureAfter(steps) {
  /** @type {Map<number, import("./types.js").ImageView>} */
  const images = new Map();
  /** @type {Map<number, import("./types.js").MachineView>} */
  const machines = new Map();
  /** @type {Map<string, import("./types.js").RequestView>} */
  const requests = new Map();
  /** @type {import("./types.js").ImageView[]} */
  const gone = [];
  for (const { picture } of steps) {
    for (const one of picture.images ?? []) images.set(one.id, one);
    for (const one of picture.machines ?? []) machines.set(one.id, one);
    for (const one of picture.requests ?? []) requests.set(one.key, one);
    for (const id of picture.gone ?? []) gone.push(...taken(images, id));
    for (const id of picture.ended ?? []) machines.delete(id);
    for (const key of picture.answered ?? []) requests.delete(key);
  }
  return { images: inOrderOfIds(images), machines: inOrderOfIds(machines), requests: [...requests.values()], gone };
}

/**
 * Take one out of a map.
 * @template K, T
 * @param {Map<K, T>} all
 * @param {K} key
 * @returns {T[]}
 */
function taken(all, key) {
  const one = all.get(key);
  all.delete(key);
  return one === undefined ? [] : [one];
}

/**
 * @template {{id: number}} T
 * @param {Map<number, T>} all
 * @returns {T[]}
 */
function inOrderOfIds(all) {
  return [...all.values()].sort((one, other) => one.id - other.id);
}

/** The place where a story is seen: the diagram, and a card for each image, machine and request. */
export class Scene {
  /**
   * @param {Show} show
   */
  constructor(show) {
    this.light = show;
    this.stagePlace = element("div", { class: "scene-stage" });
    this.cards = element("div", { class: "scene-cards" });
    this.host = element("section", { class: "scene", "aria-label": text("lessons.picture") }, this.stagePlace, this.cards);
    /** @type {{parent: Element, next: ChildNode | null} | null} */
    this.home = null;
  }

  /** Take the diagram from where it is. */
  take() {
    const stage = byId("stage");
    if (this.home !== null || stage.parentElement === null) return;
    this.home = { parent: stage.parentElement, next: stage.nextSibling };
    this.stagePlace.append(stage);
  }

  /** Put the diagram back where it was. */
  giveBack() {
    if (this.home === null) return;
    this.home.parent.insertBefore(byId("stage"), this.home.next);
    this.home = null;
  }

  /**
   * Show what there is after some steps, and what the last of them moved.
   * @param {Step[]} steps
   */
  show(steps) {
    const picture = pictureAfter(steps);
    const changes = steps.at(-1)?.changes ?? [];
    const moved = changes.filter((one) => one.kind === "image" && one.states.length > 1);
    const lit = moved.length > 0 ? moved : changes.filter((one) => one.kind === "image");
    const focus = lit.length > 0 ? lit.map(({ id }) => id) : picture.images.slice(-1).map(({ id }) => id);
    const path = moved[0]?.states ?? [];
    const states = lit.length > 0 ? lit.map((one) => one.states.at(-1) ?? "") : picture.images.slice(-1).map(({ state }) => state);
    this.light({
      states: [...new Set(states)],
      last: path.length > 1 ? [path[0] ?? "", path.at(-1) ?? ""] : null,
      others: picture.images.filter(({ id }) => !focus.includes(id)),
    });
    const known = [...picture.images, ...picture.gone];
    this.cards.replaceChildren(
      ...this.things("lessons.images", picture.images, (one) => [...wordsAbout(one), ...countersOf(one).map((counter) => counter.join(" ")), ...tiesOf(one, known, picture.machines)], "image", changes),
      ...this.things("lessons.machines", picture.machines, (one) => [disksOf(one, known)], "machine", changes),
      ...requestCards(picture),
    );
    if (picture.images.length + picture.machines.length === 0) {
      this.cards.append(element("p", { class: "muted" }, text("lessons.nothing")));
    }
  }

  /**
   * @template {{id: number, name: string, state: string}} T
   * @param {string} title  a key
   * @param {T[]} all
   * @param {(one: T) => string[]} facts
   * @param {"image" | "machine"} kind
   * @param {Path[]} changes
   * @returns {HTMLElement[]}
   */
  things(title, all, facts, kind, changes) {
    const gone = changes.filter((one) => one.kind === kind && one.states.at(-1) === GONE);
    if (all.length + gone.length === 0) return [];
    const cards = all.map((one) => {
      const change = changes.find((other) => other.kind === kind && other.id === one.id);
      return thing(one.name, change?.states ?? [one.state], facts(one), change !== undefined);
    });
    cards.push(...gone.map((one) => thing(one.name, one.states, [], true)));
    return [element("h3", {}, text(title)), element("ul", { class: "cards" }, ...cards)];
  }
}

/**
 * @param {string} name
 * @param {string[]} states  the last is the one that it is in
 * @param {string[]} facts
 * @param {boolean} changed
 * @returns {HTMLElement}
 */
function thing(name, states, facts, changed) {
  const shown = states[0] === UNBORN ? states.slice(1) : states;
  const path = shown.flatMap((state, place) => [...(place === 0 ? [] : [" → "]), stateBadge(state)]);
  const tags = facts.flatMap((fact) => [element("span", { class: "tag" }, fact), " "]);
  return element(
    "li",
    { class: changed ? "card moved" : "card" },
    element("span", { class: "card-name" }, name),
    element("span", { class: "path" }, ...path),
    element("span", { class: "tags" }, ...tags),
  );
}

/**
 * @param {Picture} picture
 * @returns {HTMLElement[]}
 */
function requestCards(picture) {
  if (picture.requests.length === 0) return [];
  const items = picture.requests.map(({ driver, action, name }) => element("li", {}, element("code", {}, `${driver}: ${action} ${name}`)));
  return [element("h3", {}, text("lessons.requests")), element("ul", { class: "open-requests" }, ...items)];
}
