import { DONE } from "./types.js";

/**
 * Follows the rules that the simulator told: what an act does is looked up, by the object it is
 * done to and its neighbours, and carried out. Nothing of the lifecycle stands here.
 *
 * @typedef {import("./types.js").Ref} Ref
 * @typedef {import("./types.js").Kind} Kind
 *
 * @typedef {object} Table  What comes of an act.
 * @property {string[]} by  the features that decide: see `feature`
 * @property {Record<string, number>} to  for their values, a place in the rules
 *
 * @typedef {object} ToldAct  An act, with holes for names.
 * @property {string} text
 * @property {string} driver
 * @property {Kind} on
 * @property {string} operation
 * @property {Kind | ""} makes
 * @property {Table} outcomes  what it does to its object; nothing where it cannot be tried
 * @property {Table} made  what it makes where it is not refused
 * @property {{image?: Table, machine?: Table}} changes  what it does to neighbours
 *
 * @typedef {object} Birth  An act that makes an image of nothing.
 * @property {string} text
 * @property {string} driver
 * @property {string} operation
 * @property {number} record
 *
 * @typedef {Record<string, any> | null} Moved  The fields that change; null of what is gone.
 *
 * @typedef {object} Rules
 * @property {number} most  how many images, and how many machines, there may be at a time
 * @property {number} counted  the highest number of holders that is told from others
 * @property {{image: string[], machine: string[]}} fields
 * @property {Record<string, Record<string, string[]>>} sides  what a kind can be to another
 * @property {string[]} fading  the relations that are over when the other is gone
 * @property {Record<string, number>} sole  the relations of a machine to one other at a time, each
 *   with the place of what one of its disks is then
 * @property {[string[], string[]][]} relations
 * @property {any[][]} records  of what is made
 * @property {[number, number, string[]][]} made  what is made: its record, the relation to it, and
 *   the relations that it copies
 * @property {[string, string, string[]][]} refusals  text, code, why
 * @property {string[][]} commands  that would do something where others are refused
 * @property {Table} ways  for an image, a place in them
 * @property {[Moved, number][]} outcomes  what changes, and the refusal
 * @property {[Moved, number][]} changes  what changes, and the relation
 * @property {Birth[]} births
 * @property {ToldAct[]} acts
 *
 * @typedef {object} Thing  An image or a machine.
 * @property {Kind} kind
 * @property {number} id
 * @property {string} name
 * @property {any[]} record  the values of its fields
 * @property {Record<string, number[]>} held  for each relation, the ids on the other side
 *
 * @typedef {object} Situation  All that there is at one time; it is never changed.
 * @property {Map<string, Thing>} things
 * @property {{image: number, machine: number}} next  the ids of what is made next
 */

const NOTHING = -1;
const RELATION = "relation";
const THROUGH = "through";
const OTHER = "other";
const DISKS = "disks";
/** The field of which the rules tell what comes and what ends. */
const REQUESTS = "requests";

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
    return thing.record[this.rules.fields[thing.kind].indexOf(field)];
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
      if (this.knows(now, act, thing)) found.push(place);
    }
    return found;
  }

  /**
   * Tell whether an act can be tried, and all is known that comes of it.
   * @param {Situation} now
   * @param {ToldAct} act
   * @param {Thing} thing
   */
  knows(now, act, thing) {
    return this.lacks(now, act, thing) === "";
  }

  /**
   * Give what is not known of an act: the table and the key that it does not have; empty where
   * all is known.
   * @param {Situation} now
   * @param {ToldAct} act
   * @param {Thing} thing
   */
  lacks(now, act, thing) {
    const outcome = this.outcome(now, act, thing);
    if (outcome === undefined) return `outcomes|${this.keyFor(now, act.outcomes.by, thing)}`;
    if (outcome[1] !== NOTHING) {
      const known = this.looked(now, this.rules.ways, thing) !== NOTHING;
      return known ? "" : `ways|${this.keyFor(now, this.rules.ways.by, thing)}`;
    }
    if (act.makes !== "" && this.looked(now, act.made, thing) === NOTHING)
      return `made|${this.keyFor(now, act.made.by, thing)}`;
    for (const { other, near, key, place } of this.encounters(now, act, thing))
      if (near && place === undefined) return `changes|${other.kind}|${key}`;
    return "";
  }

  /**
   * Give what an act does to its object; undefined where it cannot be tried.
   * @param {Situation} now
   * @param {ToldAct} act
   * @param {Thing} thing
   */
  outcome(now, act, thing) {
    return this.rules.outcomes[this.looked(now, act.outcomes, thing)];
  }

  /**
   * Give the commands that would do something to a thing for which something is refused.
   * @param {Situation} now
   * @param {Thing} thing
   */
  ways(now, thing) {
    return this.rules.commands[this.looked(now, this.rules.ways, thing)] ?? [];
  }

  /**
   * Give the place that a table has for a thing, or none.
   * @param {Situation} now
   * @param {Table} table
   * @param {Thing} thing
   */
  looked(now, { by, to }, thing) {
    return to[this.keyFor(now, by, thing)] ?? NOTHING;
  }

  /**
   * Give the values of features of a thing, as the key of a table.
   * @param {Situation} now
   * @param {string[]} by
   * @param {Thing} thing
   */
  keyFor(now, by, thing) {
    return by.map((name) => this.feature(now, thing, name)).join("|");
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
    const [moved, refusal] = outcome;
    const things = new Map(now.things);
    const next = { ...now.next };
    const after = this.renewed(thing, moved);
    put(things, thing, after);
    for (const [other, [otherMoved, relation]] of this.touched(now, act, thing)) {
      const renewed = this.renewed(other, otherMoved);
      put(things, other, renewed);
      this.relate(relation, after, renewed, thing, other);
    }
    const made = this.rules.made[this.looked(now, act.made, thing)];
    if (act.makes && refusal === NOTHING && made !== undefined) {
      const [record, between, copied] = made;
      const born = this.fresh(act.makes, next[act.makes], name, record);
      for (const one of copied) born.held[one] = [...(thing.held[one] ?? [])];
      next[act.makes] += 1;
      things.set(keyOf(born), born);
      this.relate(between, after, born, thing, born);
    }
    return { things: this.faded(things), next };
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
   * Give the others that an act changes, each with its change: neighbours, and theirs.
   * @param {Situation} now
   * @param {ToldAct} act  one of which nothing is lacking
   * @param {Thing} thing
   * @returns {[Thing, [Moved, number]][]}
   */
  touched(now, act, thing) {
    /** @type {[Thing, [Moved, number]][]} */
    const found = [];
    if ((this.outcome(now, act, thing)?.[1] ?? NOTHING) !== NOTHING) return found;
    for (const { other, place } of this.encounters(now, act, thing)) {
      const change = this.rules.changes[place ?? NOTHING];
      if (change !== undefined) found.push([other, change]);
    }
    return found;
  }

  /**
   * Give the others that an accepted act can change, each with the key under which that stands,
   * and the place that it has.
   * @param {Situation} now
   * @param {ToldAct} act
   * @param {Thing} thing
   */
  encounters(now, act, thing) {
    const around = this.neighbours(now, thing);
    const found = [];
    for (const other of now.things.values()) {
      const table = act.changes[other.kind];
      if (other === thing || table === undefined) continue;
      const relation = this.relation(thing, other);
      const through = relation === 0 ? this.through(around, other) : [];
      if (relation === 0 && through.length === 0) continue;
      const parts = table.by.map((name) => {
        if (name === RELATION) return String(relation);
        if (name === THROUGH) return through.join(";");
        const [about, field] = name.split(".");
        return about === OTHER ? this.own(other, field ?? "") : this.feature(now, thing, name);
      });
      const key = parts.join("|");
      found.push({ other, near: relation !== 0, key, place: table.to[key] });
    }
    return found;
  }

  /**
   * Give for each thing between two, what the one is to it and it to the other.
   * @param {[Thing, number][]} near  the neighbours of the one
   * @param {Thing} other
   */
  through(near, other) {
    return near
      .map(([middle, first]) => ({ first, second: middle === other ? 0 : this.relation(middle, other) }))
      .filter(({ second }) => second !== 0)
      .map(({ first, second }) => `${first}>${second}`)
      .sort();
  }

  /**
   * Give what can decide, as a word of a key: ``state`` of a thing itself, ``image.state`` of the
   * images around it.
   * @param {Situation} now
   * @param {Thing} thing
   * @param {string} name
   */
  feature(now, thing, name) {
    const [kind, field] = name.split(".");
    if (field === undefined) return this.own(thing, name);
    const found = this.neighbours(now, thing)
      .filter(([other]) => other.kind === kind)
      .map(([other, relation]) => (field === RELATION ? String(relation) : this.own(other, field)));
    return found.sort().join(";");
  }

  /**
   * Give a field, or a number as a word of a key: of holders as far as that is counted, or of
   * requests for something (``requests:RM``).
   * @param {Thing} thing
   * @param {string} name
   */
  own(thing, name) {
    const [field, action] = name.split(":");
    if (field !== undefined && action !== undefined) {
      const asked = this.field(thing, field).filter((/** @type {string} */ one) => one === action);
      return String(asked.length);
    }
    const held = thing.held[name];
    const value =
      held === undefined ? this.field(thing, name) : Math.min(held.length, this.rules.counted);
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  /**
   * Give what has to do with a thing, each with the place of the relation.
   * @param {Situation} now
   * @param {Thing} thing
   * @returns {[Thing, number][]}
   */
  neighbours(now, thing) {
    /** @type {[Thing, number][]} */
    const found = [];
    for (const other of now.things.values()) {
      const relation = other === thing ? 0 : this.relation(thing, other);
      if (relation !== 0) found.push([other, relation]);
    }
    return found;
  }

  /**
   * Give the place of what two things are to each other; 0: nothing.
   * @param {Thing} one
   * @param {Thing} other
   */
  relation(one, other) {
    const [mine, theirs] = [this.side(one, other), this.side(other, one)];
    if (mine.length === 0 && theirs.length === 0) return 0;
    return this.places.get(JSON.stringify([mine, theirs])) ?? NOTHING;
  }

  /**
   * @param {Thing} one
   * @param {Thing} other
   */
  side(one, other) {
    const names = this.rules.sides[one.kind]?.[other.kind] ?? [];
    return names.filter((name) => one.held[name]?.includes(other.id));
  }

  /**
   * Give a thing as it is afterwards, null when it is gone.
   * @param {Thing} thing
   * @param {Moved} moved
   * @returns {Thing | null}
   */
  renewed(thing, moved) {
    if (moved === null) return null;
    const record = this.rules.fields[thing.kind].map((name, place) => {
      if (!(name in moved)) return thing.record[place];
      return name === REQUESTS ? exchanged(thing.record[place], moved[name]) : moved[name];
    });
    return { ...thing, record, held: { ...thing.held } };
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
    const [mine, theirs] = this.rules.relations[relation] ?? [[], []];
    if (one !== null) this.hold(one, otherBefore, mine);
    if (other !== null) this.hold(other, before, theirs);
  }

  /**
   * @param {Thing} one
   * @param {Thing} other
   * @param {string[]} names
   */
  hold(one, other, names) {
    for (const name of this.rules.sides[one.kind]?.[other.kind] ?? []) {
      const rest = (one.held[name] ?? []).filter((id) => id !== other.id);
      const kept = name in this.rules.sole ? [] : rest;
      one.held[name] = names.includes(name) ? [...kept, other.id].sort((a, b) => a - b) : rest;
    }
  }

  /**
   * End the relations to what is gone that end with it, and those that a machine has no disk for.
   * @param {Map<string, Thing>} things
   */
  faded(things) {
    /** @type {Map<string, Thing>} */
    const found = new Map();
    for (const [key, thing] of things) {
      const held = { ...thing.held };
      for (const name of this.rules.fading)
        if (held[name] !== undefined)
          held[name] = held[name].filter((id) => things.has(keyOf({ kind: "image", id })));
      for (const [name, place] of Object.entries(this.rules.sole)) {
        const lasts = held[name]?.length && this.field(thing, DISKS).some((/** @type {any[]} */ disk) => disk[place]);
        if (held[name] !== undefined && !lasts) held[name] = [];
      }
      found.set(key, { ...thing, held });
    }
    return found;
  }

  /**
   * @param {Kind} kind
   * @param {number} id
   * @param {string} name
   * @param {number} made  the place of its record
   * @returns {Thing}
   */
  fresh(kind, id, name, made) {
    const names = Object.values(this.rules.sides[kind] ?? {}).flat();
    const held = Object.fromEntries(names.map((one) => [one, /** @type {number[]} */ ([])]));
    return { kind, id, name, record: this.rules.records[made] ?? [], held };
  }
}

/**
 * Give requests after some came and some ended.
 * @param {string[]} requests
 * @param {[string[], string[]]} change
 */
function exchanged(requests, [come, ended]) {
  const found = [...requests];
  for (const one of ended) found.splice(found.indexOf(one), 1);
  return [...found, ...come].sort();
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
