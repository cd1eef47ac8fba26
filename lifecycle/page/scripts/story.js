/**
 * What was done, as a link carries it: short, and told apart from what is none.
 *
 * @typedef {import("./rules.js").Rules} Rules
 *
 * @typedef {[number, "image" | "machine" | "", number]} Step  The place of an act, and the kind and
 *   the id of what it is done to; without a kind it is the place of a birth.
 */

const BEGIN = "play=";
/** More than anybody presses; they are played again in about a second. */
const MOST_STEPS = 10_000;
const STEP = /^(\d{1,3})(?:([im])(\d{1,5}))?$/;
const MULTIPLIER = 31;
const MODULUS = 2 ** 31 - 1;
const RADIX = 36;

/**
 * Give what was done as the part of a link behind #.
 * @param {Rules} rules
 * @param {Step[]} steps
 */
export function writeStory(rules, steps) {
  if (steps.length === 0) return "";
  const told = steps.map(([place, kind, id]) => (kind === "" ? `${place}` : `${place}${kind[0]}${id}`));
  return `${BEGIN}${versionOf(rules)}.${told.join(".")}`;
}

/**
 * Give what a link tells was done; or the key of a text about what is wrong with it.
 * @param {Rules} rules
 * @param {string} fragment  with or without #; anything that is no story is an empty one
 * @returns {Step[] | string}
 */
export function readStory(rules, fragment) {
  const words = fragment.replace(/^#/, "");
  if (!words.startsWith(BEGIN)) return [];
  const [version, ...told] = words.slice(BEGIN.length).split(".");
  if (version !== versionOf(rules)) return "world.link_other_version";
  if (told.length === 0 || told.length > MOST_STEPS) return "world.link_damaged";
  /** @type {Step[]} */
  const steps = [];
  for (const one of told) {
    const found = STEP.exec(one);
    if (found === null) return "world.link_damaged";
    const kind = found[2] === undefined ? "" : found[2] === "i" ? "image" : "machine";
    steps.push([Number(found[1]), kind, Number(found[3] ?? 0)]);
  }
  return steps;
}

/**
 * Give a short word that tells rules apart in which places mean something else.
 * @param {Rules} rules
 */
function versionOf(rules) {
  const words = [...rules.births, ...rules.acts].map((one) => `${one.driver} ${one.text}`).join("\n");
  let sum = 0;
  for (const letter of words) sum = (sum * MULTIPLIER + (letter.codePointAt(0) ?? 0)) % MODULUS;
  return sum.toString(RADIX);
}
