import { Ruler, freshSituation, keyOf } from "./rules.js";
import { readStory, writeStory } from "./story.js";
import { text } from "./texts.js";
import { DONE, GONE } from "./types.js";
import { waysTo } from "./ways.js";

/**
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").Change} Change
 * @typedef {import("./types.js").Happening} Happening
 * @typedef {import("./types.js").Past} Past
 * @typedef {import("./types.js").Ref} Ref
 * @typedef {import("./types.js").RefusalView} RefusalView
 * @typedef {import("./types.js").RequestView} RequestView
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").WayView} WayView
 * @typedef {import("./types.js").World} World
 * @typedef {import("./rules.js").Rules} Rules
 * @typedef {import("./rules.js").Situation} Situation
 * @typedef {import("./rules.js").Thing} Thing
 * @typedef {import("./story.js").Step} Step
 */

const OWNER = "oneadmin";

/**
 * Give a world that is played by the rules in the page.
 * @param {Rules} rules
 * @param {string} fragment  of the page's address: what a shared link carries, or ""
 * @returns {World}
 */
export function playedWorld(rules, fragment = "") {
  return new Played(rules, fragment);
}

/** @implements {World} */
class Played {
  /**
   * @param {Rules} rules
   * @param {string} fragment
   */
  constructor(rules, fragment) {
    this.rules = rules;
    this.ruler = new Ruler(rules);
    /** @type {Situation[]} */
    this.situations = [freshSituation()];
    /** @type {Happening[]} */
    this.happenings = [];
    /** @type {Step[]} */
    this.steps = [];
    /** How many of them have happened: the others were taken back. */
    this.place = 0;
    /** @type {(() => void)[]} */
    this.listeners = [];
    this.problem = this.replay(fragment);
    /** @type {Past} */
    this.past = {
      problem: () => this.problem,
      canUndo: () => this.place > 0,
      canRedo: () => this.place < this.steps.length,
      undo: () => this.go(-1),
      redo: () => this.go(1),
      restart: () => this.restart(),
      at: () => this.at(),
      fragment: () => writeStory(this.rules, this.steps.slice(0, this.place)),
    };
  }

  get now() {
    return this.situations[this.place];
  }

  /** @returns {import("./types.js").Full} */
  full() {
    /** @type {("image" | "machine")[]} */
    const all = ["image", "machine"];
    return { most: this.rules.most, kinds: all.filter((kind) => !this.ruler.hasRoom(this.now, kind)) };
  }

  /** @param {() => void} told */
  listen(told) {
    this.listeners.push(told);
  }

  /** @returns {View} */
  view() {
    const things = [...this.now.things.values()];
    const images = things.filter((one) => one.kind === "image");
    const held = new Set(images.flatMap((one) => one.held.vms));
    const machines = things.filter(
      (one) => one.kind === "machine" && (this.stateOf(one) !== DONE || held.has(one.id)),
    );
    return {
      images: images.map((one) => this.imageView(one)),
      machines: machines.map((one) => ({
        id: one.id,
        name: one.name,
        state: this.stateOf(one),
        images: one.held.images,
      })),
      requests: things.flatMap((one) => this.requestsOf(one)),
      timeline: this.happenings.slice(0, this.place),
      hidden: { images: 0, machines: 0 },
    };
  }

  /**
   * @param {Ref | null} target
   * @returns {Promise<ActView[]>}
   */
  async acts(target) {
    if (target === null) return this.births();
    const thing = this.now.things.get(keyOf(target));
    if (thing === undefined) return [];
    return this.ruler.offered(this.now, thing).map((place) => this.actView(place, thing));
  }

  /**
   * @param {ActView} act
   * @returns {Promise<Happening>}
   */
  async perform(act) {
    const [place, kind, id] = stepOf(act);
    this.forget();
    return this.take([place, kind, id]);
  }

  /**
   * @param {ActView} act
   * @returns {Promise<WayView[]>}
   */
  async instead(act) {
    if (act.on === null) return [];
    const ways = waysTo(this.ruler, this.now, stepOf(act)[0], keyOf(act.on));
    return ways.flatMap(([first, ...then]) => {
      const thing = this.now.things.get(first?.on ?? "");
      if (first === undefined || thing === undefined) return [];
      return [{ first: this.actView(first.place, thing), then: then.map((move) => this.labelOf(move)) }];
    });
  }

  /** @param {import("./ways.js").Move} move */
  labelOf({ place, on }) {
    const [act, thing] = [this.rules.acts[place], this.now.things.get(on)];
    if (thing === undefined) return "";
    return filled(act, thing, act.makes ? this.newName(act.makes, thing) : "");
  }

  /** @param {Thing} thing */
  stateOf(thing) {
    return String(this.ruler.field(thing, "state"));
  }

  /** @param {Thing} one */
  imageView(one) {
    const field = (/** @type {string} */ name) => this.ruler.field(one, name);
    const flags = [
      ...(field("shareable") ? ["SHAREABLE"] : []),
      ...(field("forced") ? ["FORCE_DELETE"] : []),
      ...(field("hot") ? ["SAVE_AS_HOT"] : []),
      ...(field("file") ? [] : [text("world.no_file")]),
    ];
    return {
      id: one.id,
      name: one.name,
      state: this.stateOf(one),
      type: field("type"),
      persistent: field("persistent"),
      flags,
      runningVms: one.held.vms.length,
      cloningOps: one.held.clones.length,
      machines: one.held.vms,
      clones: one.held.clones,
      source: one.held.source[0] ?? null,
      snapshots: [],
    };
  }

  /**
   * @param {Thing} one
   * @returns {RequestView[]}
   */
  requestsOf(one) {
    const about = { kind: one.kind, id: one.id };
    const driver = one.kind === "image" ? "datastore" : "transfer";
    return this.ruler.field(one, "requests").map((/** @type {string} */ action, /** @type {number} */ place) => ({
      key: `${keyOf(one)}/${action}/${place}`,
      driver,
      action,
      about,
      name: one.name,
    }));
  }

  /** @returns {ActView[]} */
  births() {
    if (!this.ruler.hasRoom(this.now, "image")) return [];
    const name = this.newName("image", null);
    return this.rules.births.map((birth, place) => ({
      key: `${place}@`,
      on: null,
      operation: birth.operation,
      label: birth.text.replaceAll("{new}", name),
      driver: birth.driver,
      fails: false,
      request: "",
      legal: true,
      edge: this.birthEdge(birth, name),
      refusal: null,
    }));
  }

  /**
   * Give where the life of a new image begins.
   * @param {Rules["births"][number]} birth
   * @param {string} name
   * @returns {[string, string] | null}
   */
  birthEdge(birth, name) {
    const born = [...this.ruler.born(this.now, birth, name).things.values()].pop();
    return born === undefined ? null : ["", this.stateOf(born)];
  }

  /**
   * @param {number} place
   * @param {Thing} thing
   * @returns {ActView}
   */
  actView(place, thing) {
    const act = this.rules.acts[place];
    const after = this.ruler.done(this.now, act, thing, "");
    const refusal = this.refusal(place, thing);
    const words = act.text.split(" ");
    const [, action] = words;
    return {
      key: `${place}@${keyOf(thing)}`,
      on: { kind: thing.kind, id: thing.id },
      operation: act.operation,
      label: this.labelOf({ place, on: keyOf(thing) }),
      driver: act.driver,
      fails: act.driver !== "" && words[0] === "fail",
      request: act.driver === "" ? "" : (this.requestsOf(thing).find((one) => one.action === action)?.key ?? ""),
      legal: refusal === null,
      edge: this.edge(thing, after),
      refusal,
    };
  }

  /**
   * Give the state of a thing's image before and after.
   * @param {Thing} thing
   * @param {Situation} after
   * @returns {[string, string] | null}
   */
  edge(thing, after) {
    const id = thing.kind === "image" ? thing.id : thing.held.images[0];
    const image = this.now.things.get(`image${id}`);
    if (image === undefined) return null;
    const later = after.things.get(`image${id}`);
    const from = this.stateOf(image);
    const to = later === undefined ? GONE : this.stateOf(later);
    return from === to ? null : [from, to];
  }

  /**
   * @param {number} place
   * @param {Thing} thing
   * @returns {RefusalView | null}
   */
  refusal(place, thing) {
    const outcome = this.ruler.outcome(this.now, this.rules.acts[place], thing);
    if (outcome === undefined || outcome[1] < 0) return null;
    const [words, code, why] = this.rules.refusals[outcome[1]];
    const { vms = [], clones = [] } = thing.held;
    /** @type {Record<string, number>} */
    const numbers = { id: thing.id, vms: vms.length, clones: clones.length };
    const told = words.replace(/\{(\w+)\}/g, (_, name) => String(numbers[name]));
    return { text: told, code, why, ways: this.ruler.ways(this.now, thing) };
  }

  /**
   * Tell whether a command that would do something where others are refused can be tried now, on
   * the thing or on what has to do with it; of commands that the page does not have, one may.
   * @param {string} way
   * @param {Thing} thing
   */
  mayHelp(way, thing) {
    const isTyped = (/** @type {string} */ typed) => way.split(" ").every((word) => typed.split(" ").includes(word));
    const near = [thing, ...this.ruler.neighbours(this.now, thing).map(([other]) => other)];
    return (
      !this.rules.acts.some((act) => isTyped(act.text)) ||
      near.some((one) => this.ruler.offered(this.now, one).some((place) => isTyped(this.rules.acts[place].text) && this.refusal(place, one) === null))
    );
  }

  /**
   * Give a name that nothing has yet.
   * @param {"image" | "machine"} kind
   * @param {Thing | null} of  what it is made of
   */
  newName(kind, of) {
    const taken = new Set([...this.now.things.values()].map((one) => one.name));
    const made =
      of === null || kind === "machine"
        ? text(kind === "image" ? "world.image_names" : "world.machine_names").split(" ")
        : [text(of.kind === "image" ? "world.copy_name" : "world.disk_name", { name: of.name })];
    for (let round = 1; ; round += 1)
      for (const name of made) {
        const tried = round === 1 ? name : `${name}${round}`;
        if (!taken.has(tried)) return tried;
      }
  }

  /**
   * Do a step, and note what came of it.
   * @param {Step} step
   * @returns {Happening}
   */
  take(step) {
    const happening = this.does(step);
    this.steps.push(step);
    this.happenings.push(happening);
    this.place += 1;
    this.tell();
    return happening;
  }

  /**
   * @param {Step} step
   * @returns {Happening}
   */
  does([place, kind, id]) {
    const before = this.now;
    const number = this.place + 1;
    if (kind === "") {
      const birth = this.rules.births[place];
      if (birth === undefined || !this.ruler.hasRoom(before, "image"))
        throw new Error("no image can be made now");
      const name = this.newName("image", null);
      this.situations.push(this.ruler.born(before, birth, name));
      const what = birth.text.replaceAll("{new}", name);
      return { number, who: OWNER, what, accepted: true, changes: this.changes(before), refusal: null };
    }
    const thing = before.things.get(`${kind}${id}`);
    const act = this.rules.acts[place];
    if (thing === undefined || act === undefined || !this.ruler.offered(before, thing).includes(place))
      throw new Error("that cannot be tried now");
    const name = act.makes ? this.newName(act.makes, thing) : "";
    const refusal = this.refusal(place, thing);
    if (refusal !== null) refusal.ways = refusal.ways.filter((way) => this.mayHelp(way, thing));
    this.situations.push(this.ruler.done(before, act, thing, name));
    return {
      number,
      who: act.driver || OWNER,
      what: filled({ ...act, driver: "" }, thing, name),
      accepted: refusal === null,
      changes: this.changes(before),
      refusal,
    };
  }

  /**
   * Give what the last situation has otherwise than the one before.
   * @param {Situation} before
   * @returns {Change[]}
   */
  changes(before) {
    const after = this.situations[this.situations.length - 1];
    /** @type {Change[]} */
    const found = [];
    for (const thing of new Map([...before.things, ...after.things]).values()) {
      const [was, is] = [before.things.get(keyOf(thing)), after.things.get(keyOf(thing))];
      const from = was === undefined ? "" : this.stateOf(was);
      const to = is === undefined ? GONE : this.stateOf(is);
      if (from !== to) found.push({ kind: thing.kind, id: thing.id, name: thing.name, from, to });
    }
    return found;
  }

  /** Forget what was taken back. */
  forget() {
    this.steps.length = this.place;
    this.happenings.length = this.place;
    this.situations.length = this.place + 1;
  }

  /**
   * Go back or forth.
   * @param {1 | -1} way
   * @returns {Happening | null}
   */
  go(way) {
    const place = this.place + way;
    if (place < 0 || place > this.steps.length) return null;
    this.place = place;
    this.tell();
    return this.happenings[way === 1 ? place - 1 : place];
  }

  /** @returns {Ref | null} */
  at() {
    const [, kind, id] = this.steps[this.place - 1] ?? [0, "", 0];
    return kind === "" ? (this.happenings[this.place - 1]?.changes[0] ?? null) : { kind, id };
  }

  /** Go back to the beginning; whoever pressed that by mistake can redo all. */
  restart() {
    this.place = 0;
    this.problem = "";
    this.tell();
  }

  tell() {
    for (const told of this.listeners) told();
  }

  /**
   * Do again what a link tells; give the key of a text about what is wrong with it, or "".
   * @param {string} fragment
   */
  replay(fragment) {
    const story = readStory(this.rules, fragment);
    if (typeof story === "string") return story;
    try {
      for (const step of story) this.take(step);
    } catch {
      this.place = 0;
      this.forget();
      return "world.link_damaged";
    }
    return "";
  }
}

/**
 * Give the step that an act is.
 * @param {ActView} act
 * @returns {Step}
 */
function stepOf(act) {
  const place = Number(act.key.split("@")[0]);
  return act.on === null ? [place, "", 0] : [place, act.on.kind, act.on.id];
}

/**
 * Give an act's words with its names.
 * @param {{text: string, driver: string}} act
 * @param {Thing} thing
 * @param {string} name  of what is made
 */
function filled(act, thing, name) {
  const words = act.text.replace(/\{(image|machine|new)\}/g, (_, hole) => (hole === "new" ? name : thing.name));
  return act.driver === "" ? words : `${act.driver}: ${words}`;
}
