/**
 * Follows the rules that the simulator told: what an act does is looked up, by the object it is
 * done to and its neighbours, and carried out. Nothing of the lifecycle stands here.
 *
 * @typedef {import("./types.js").Ref} Ref
 *
 * @typedef {object} ToldAct  An act, with holes for names.
 * @property {string} text
 * @property {string} driver
 * @property {"image" | "machine"} on
 * @property {string} operation
 * @property {"image" | "machine" | ""} makes
 * @property {[number, number]} looks  how far what comes of it is decided, for its object and others
 * @property {Record<string, number>} outcomes  places in the rules' outcomes
 * @property {Record<string, number>} changes  places in the rules' changes
 *
 * @typedef {object} Birth  An act that makes an image of nothing.
 * @property {string} text
 * @property {string} driver
 * @property {string} operation
 * @property {number} record
 *
 * @typedef {object} Rules
 * @property {number} most  how many images, and how many machines, there may be at a time
 * @property {number} counted  the highest number of holders that is told from others
 * @property {string[]} imageFields
 * @property {string[]} machineFields
 * @property {Record<string, Record<string, string[]>>} sides  what a kind can be to another
 * @property {string[][]} looks  the kinds that an act looks at around its object
 * @property {[string[], string[]][]} relations
 * @property {any[][]} images  the records of images
 * @property {any[][]} machines
 * @property {[string, string, string[], string[]][]} refusals  text, code, why, ways
 * @property {number[][]} outcomes  record, refusal, and of what is made: record, relation
 * @property {[number, number][]} changes  record, relation
 * @property {Birth[]} births
 * @property {ToldAct[]} acts
 *
 * @typedef {object} Thing  An image or a machine.
 * @property {"image" | "machine"} kind
 * @property {number} id
 * @property {string} name
 * @property {number} record
 * @property {Record<string, number[]>} held  for each relation, the ids on the other side
 *
 * @typedef {object} Situation  All that there is at one time; it is never changed.
 * @property {Map<string, Thing>} things
 * @property {{image: number, machine: number}} next  the ids of what is made next
 */

import { DONE } from "./types.js";

const NOTHING = -1;
const SAME = -1;
const GONE_RECORD = -2;

/**
 * Give the key of an image or a machine.
 * @param {Ref} one
 */
export function keyOf(one) {
  return `${one.kind}${one.id}`;
}

/**
 * Give the situation in which nothing has happened yet.
 * @returns {Situation}
 */
export function freshSituation() {
  return { things: new Map(), next: { image: 0, machine: 0 } };
}

/** What can be done in a situation by the rules, and what comes of it. */
export class Ruler {
  /** @param {Rules} rules */
  constructor(rules) {
    this.rules = rules;
    /** @type {Map<string, number>} */
    this.places = new Map(rules.relations.map((one, place) => [JSON.stringify(one), place]));
  }

  /**
   * Give a field of a thing's record.
   * @param {Thing} thing
   * @param {string} field
   */
  field(thing, field) {
    const { imageFields, machineFields, images, machines } = this.rules;
    const [fields, records] =
      thing.kind === "image" ? [imageFields, images] : [machineFields, machines];
    return records[thing.record][fields.indexOf(field)];
  }

  /**
   * Tell whether there may be one more image, or machine.
   * @param {Situation} now
   * @param {string} kind
   */
  hasRoom(now, kind) {
    let count = 0;
    for (const thing of now.things.values())
      if (thing.kind === kind && this.field(thing, "state") !== DONE) count += 1;
    return count < this.rules.most;
  }

  /**
   * Give the places of the acts that can be tried on a thing.
   * @param {Situation} now
   * @param {Thing} thing
   */
  offered(now, thing) {
    const found = [];
    for (const [place, act] of this.rules.acts.entries()) {
      if (act.on !== thing.kind || (act.makes && !this.hasRoom(now, act.makes))) continue;
      if (this.outcome(now, act, thing) !== undefined) found.push(place);
    }
    return found;
  }

  /**
   * Give what an act does to its object; undefined where it cannot be tried.
   * @param {Situation} now
   * @param {ToldAct} act
   * @param {Thing} thing
   * @returns {number[] | undefined}
   */
  outcome(now, act, thing) {
    const place = act.outcomes[`${this.own(thing)}|${this.focus(now, thing, act.looks[0])}`];
    return place === undefined ? undefined : this.rules.outcomes[place];
  }

  /**
   * Do an act, and give the situation after it.
   * @param {Situation} now
   * @param {ToldAct} act  one that is offered
   * @param {Thing} thing
   * @param {string} name  of what is made, if anything
   * @returns {Situation}
   */
  done(now, act, thing, name) {
    const outcome = this.outcome(now, act, thing);
    if (outcome === undefined) throw new Error(`cannot be tried now: ${act.text}`);
    const [after, , made, relation] = outcome;
    const things = new Map(now.things);
    const next = { ...now.next };
    const changed = renewed(thing, after);
    put(things, thing, changed);
    for (const [other, change] of this.touched(now, act, thing)) {
      const [record, between] = this.rules.changes[change];
      const moved = renewed(other, record);
      put(things, other, moved);
      this.relate(between, changed, moved, thing, other);
    }
    if (act.makes && made !== undefined) {
      const born = this.fresh(act.makes, next[act.makes], name, made);
      next[act.makes] += 1;
      things.set(keyOf(born), born);
      this.relate(relation, changed, born, thing, born);
    }
    return { things, next };
  }

  /**
   * Make an image of nothing, and give the situation after it.
   * @param {Situation} now
   * @param {Birth} birth
   * @param {string} name
   * @returns {Situation}
   */
  born(now, birth, name) {
    const made = this.fresh("image", now.next.image, name, birth.record);
    const things = new Map(now.things).set(keyOf(made), made);
    return { things, next: { ...now.next, image: now.next.image + 1 } };
  }

  /**
   * Give the neighbours that an act changes, each with the place of its change.
   * @param {Situation} now
   * @param {ToldAct} act
   * @param {Thing} thing
   * @returns {[Thing, number][]}
   */
  touched(now, act, thing) {
    const mine = `${this.own(thing)}|${this.focus(now, thing, act.looks[1])}`;
    /** @type {[Thing, number][]} */
    const found = [];
    for (const other of now.things.values()) {
      const relation = other === thing ? 0 : this.relation(thing, other);
      if (relation === 0) continue;
      const change = act.changes[`${mine}|${relation}|${this.own(other)}`];
      if (change !== undefined) found.push([other, change]);
    }
    return found;
  }

  /**
   * Give the key of a thing by itself: its record, and how many hold it as far as that is counted.
   * @param {Thing} thing
   */
  own(thing) {
    if (thing.kind === "machine") return String(thing.record);
    const { vms, clones } = thing.held;
    const most = this.rules.counted;
    return `${thing.record}.${Math.min(vms.length, most)}.${Math.min(clones.length, most)}`;
  }

  /**
   * Give the key of what is around a thing.
   * @param {Situation} now
   * @param {Thing} thing
   * @param {number} look
   */
  focus(now, thing, look) {
    if (look === 0) return "";
    const found = [];
    for (const other of now.things.values()) {
      if (other === thing || !this.rules.looks[look].includes(other.kind)) continue;
      const relation = this.relation(thing, other);
      if (relation !== 0) found.push(`${relation}:${this.own(other)}`);
    }
    return found.sort().join(";");
  }

  /**
   * Give the place of what two things are to each other; 0: nothing, -1: what never was.
   * @param {Thing} one
   * @param {Thing} other
   */
  relation(one, other) {
    return this.places.get(JSON.stringify([this.side(one, other), this.side(other, one)])) ?? NOTHING;
  }

  /**
   * @param {Thing} one
   * @param {Thing} other
   */
  side(one, other) {
    return this.rules.sides[one.kind][other.kind].filter((name) => one.held[name].includes(other.id));
  }

  /**
   * Make two things what they are to each other from now on.
   * @param {number} relation  its place
   * @param {Thing | null} one  null when it is gone
   * @param {Thing | null} other
   * @param {Thing} before  what the one was
   * @param {Thing} otherBefore
   */
  relate(relation, one, other, before, otherBefore) {
    const [mine, theirs] = this.rules.relations[relation];
    if (one !== null) this.hold(one, otherBefore, mine);
    if (other !== null) this.hold(other, before, theirs);
  }

  /**
   * @param {Thing} one
   * @param {Thing} other
   * @param {string[]} names
   */
  hold(one, other, names) {
    for (const name of this.rules.sides[one.kind][other.kind]) {
      const rest = one.held[name].filter((id) => id !== other.id);
      one.held[name] = names.includes(name) ? [...rest, other.id].sort((a, b) => a - b) : rest;
    }
  }

  /**
   * @param {"image" | "machine"} kind
   * @param {number} id
   * @param {string} name
   * @param {number} record
   * @returns {Thing}
   */
  fresh(kind, id, name, record) {
    const names = Object.values(this.rules.sides[kind]).flat();
    return { kind, id, name, record, held: Object.fromEntries(names.map((one) => [one, []])) };
  }
}

/**
 * Give a thing as it is afterwards, null when it is gone.
 * @param {Thing} thing
 * @param {number} record
 * @returns {Thing | null}
 */
function renewed(thing, record) {
  if (record === GONE_RECORD) return null;
  const held = Object.fromEntries(Object.entries(thing.held).map(([name, ids]) => [name, [...ids]]));
  return { ...thing, record: record === SAME ? thing.record : record, held };
}

/**
 * @param {Map<string, Thing>} things
 * @param {Thing} before
 * @param {Thing | null} after
 */
function put(things, before, after) {
  if (after === null) things.delete(keyOf(before));
  else things.set(keyOf(before), after);
}

