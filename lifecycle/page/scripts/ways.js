import { keyOf } from "./rules.js";

/**
 * Looks for what would have a refused act done: by trying, as the rules tell, what can be done
 * first. Nothing of the lifecycle stands here.
 *
 * @typedef {import("./rules.js").Ruler} Ruler
 * @typedef {import("./rules.js").Situation} Situation
 * @typedef {import("./rules.js").Thing} Thing
 *
 * @typedef {object} Move  An act by its place in the rules, and the key of what it is done to.
 * @property {number} place
 * @property {string} on
 *
 * @typedef {object} Node
 * @property {Situation} now
 * @property {Move[]} path
 */

const ACCEPTED = -1;

/** How many situations are looked at: it is to take no time that one notices. */
const MOST_LOOKED = 600;

/** How many ways are given to one act. */
const MOST_WAYS = 3;

/**
 * Give the shortest ways after which an act is done, itself at their ends unless it would change
 * nothing there; and where it is done sooner with a flag, such a way. Of those that begin alike
 * one is given. That a driver fails is hoped for only where nothing else helps.
 * @param {Ruler} ruler
 * @param {Situation} now  in which it is refused
 * @param {number} place  of the act
 * @param {string} on  the key of what it is done to
 * @returns {Move[][]}
 */
export function waysTo(ruler, now, place, on) {
  const { text, on: kind } = ruler.rules.acts[place];
  const plain = ofOneBeginning(shortest(ruler, now, { place, on })).slice(0, MOST_WAYS);
  const least = plain[0]?.length ?? Infinity;
  const flagged = ruler.rules.acts.flatMap((act, other) => (act.on === kind && act.text.startsWith(`${text} --`) ? [other] : []));
  const sooner = flagged.flatMap((other) => shortest(ruler, now, { place: other, on }).slice(0, 1)).filter((way) => way.length < least);
  return ofOneBeginning([...plain, ...sooner]);
}

/**
 * Give of several ways that begin alike the first.
 * @param {Move[][]} ways
 * @returns {Move[][]}
 */
function ofOneBeginning(ways) {
  const begun = new Map([...ways].reverse().map((way) => [JSON.stringify(way[0]), way]));
  return ways.filter((way) => begun.get(JSON.stringify(way[0])) === way);
}

/**
 * @param {Ruler} ruler
 * @param {Situation} now
 * @param {Move} wanted
 * @returns {Move[][]}
 */
function shortest(ruler, now, wanted) {
  const hoped = search(ruler, now, wanted, false);
  return hoped.length > 0 ? hoped : search(ruler, now, wanted, true);
}

/**
 * @param {Ruler} ruler
 * @param {Situation} now
 * @param {Move} wanted
 * @param {boolean} failing  whether drivers may fail, too
 * @returns {Move[][]}
 */
function search(ruler, now, wanted, failing) {
  /** @type {Node[]} */
  let level = [{ now, path: [] }];
  const known = new Set([lookOf(now)]);
  while (level.length > 0 && known.size < MOST_LOOKED) {
    const found = level.filter((node) => isDone(ruler, node.now, wanted));
    // Where it is so already, there is nothing left to do.
    if (found.length > 0) return found.map(({ now: end, path }) => (doesSomething(ruler, end, wanted) ? [...path, wanted] : path));
    level = level.flatMap((node) => following(ruler, node, wanted.on, failing, known));
  }
  return [];
}

/**
 * Give the situations that come after one and are not known yet.
 * @param {Ruler} ruler
 * @param {Node} node
 * @param {string} on
 * @param {boolean} failing
 * @param {Set<string>} known  is added to
 * @returns {Node[]}
 */
function following(ruler, { now, path }, on, failing, known) {
  /** @type {Node[]} */
  const found = [];
  for (const move of movesFrom(ruler, now, on, failing)) {
    const thing = now.things.get(move.on);
    if (thing === undefined || known.size >= MOST_LOOKED) continue;
    const after = ruler.done(now, ruler.rules.acts[move.place], thing, "");
    const look = lookOf(after);
    if (known.has(look) || !after.things.has(on)) continue;
    known.add(look);
    found.push({ now: after, path: [...path, move] });
  }
  return found;
}

/**
 * Give what is accepted on a thing and on those around it, and makes nothing new: what is shortest
 * to type first, since of two ways to the same the plain one is told.
 * @param {Ruler} ruler
 * @param {Situation} now
 * @param {string} on
 * @param {boolean} failing
 * @returns {Move[]}
 */
function movesFrom(ruler, now, on, failing) {
  const thing = now.things.get(on);
  if (thing === undefined) return [];
  const near = [thing, ...ruler.neighbours(now, thing).map(([other]) => other)];
  const wordsOf = (/** @type {Move} */ { place }) => ruler.rules.acts[place].text.split(" ").length;
  return near
    .flatMap((one) => ruler.offered(now, one).map((place) => ({ place, on: keyOf(one) })))
    .filter(({ place }) => ruler.rules.acts[place].makes === "" && (failing || !isFailure(ruler, place)))
    .filter((move) => isDone(ruler, now, move))
    .sort((one, other) => wordsOf(one) - wordsOf(other));
}

/**
 * Tell whether an act is accepted.
 * @param {Ruler} ruler
 * @param {Situation} now
 * @param {Move} move
 */
function isDone(ruler, now, { place, on }) {
  const thing = now.things.get(on);
  if (thing === undefined) return false;
  const act = ruler.rules.acts[place];
  return ruler.knows(now, act, thing) && ruler.outcome(now, act, thing)?.[1] === ACCEPTED;
}

/**
 * Tell whether an act that is accepted is more than asking for what is so already.
 * @param {Ruler} ruler
 * @param {Situation} now
 * @param {Move} move
 */
function doesSomething(ruler, now, move) {
  const thing = now.things.get(move.on);
  if (thing === undefined) return false;
  const act = ruler.rules.acts[move.place];
  return act.makes !== "" || lookOf(ruler.done(now, act, thing, "")) !== lookOf(now);
}

/**
 * Tell whether an act is the failure of a driver.
 * @param {Ruler} ruler
 * @param {number} place
 */
function isFailure(ruler, place) {
  const { driver, text } = ruler.rules.acts[place];
  return driver !== "" && text.split(" ")[0] === "fail";
}

/**
 * Give all of a situation as a text, the same for the same.
 * @param {Situation} now
 */
function lookOf(now) {
  return JSON.stringify([...now.things]);
}
