// Finds a shortest story for each kind of refusal that the page knows, and prints them as JSON:
// [{fragment, on, label, text, why, ways, instead}], and how many kinds it found no story for;
// `instead` tells for each way that is given what was done on it, and whether it was accepted.
import { readFileSync } from "node:fs";
import { playedWorld } from "../../lifecycle/page/scripts/played.js";
import { speak } from "../../lifecycle/page/scripts/texts.js";

const folder = new URL("../../lifecycle/page/", import.meta.url);
const rules = JSON.parse(readFileSync(new URL("rules.json", folder)));
speak(JSON.parse(readFileSync(new URL("texts/en.json", folder))));

const kinds = new Set(rules.refusals.map(([words, code, why]) => kindOf(words, code, why)));
const found = new Map();
const seen = new Set();
let waiting = [""];

/** Tell refusals apart by all but the numbers in them. */
function kindOf(words, code, why) {
  return JSON.stringify([words.replace(/\{\w+\}|\d+/g, "#"), code, why]);
}

/** Tell whether something in a situation is as nothing was in any before, whatever it is called. */
function isNew(things) {
  const looks = [...things.values()].map(({ kind, record, held }) => {
    const around = Object.entries(held).map(([relation, ids]) => [
      relation,
      ids.map((id) => things.get(`${relation === "vms" ? "machine" : "image"}${id}`)?.record),
    ]);
    return JSON.stringify([kind, record, around]);
  });
  const fresh = looks.filter((one) => !seen.has(one));
  for (const one of fresh) seen.add(one);
  return fresh.length > 0;
}

/** Go each way that is said to lead to where a refused act is done. */
async function goneThrough(fragment, act) {
  const ways = [];
  for (const { first, then } of await playedWorld(rules, fragment).instead(act)) {
    const world = playedWorld(rules, fragment);
    const done = [(await world.perform(first)).accepted];
    for (const label of then) done.push((await world.perform(await offered(world, label))).accepted);
    ways.push({ steps: [first.label, ...then], done });
  }
  return ways;
}

/** Give the act of a label, of all that can be tried now. */
async function offered(world, label) {
  const { images, machines } = world.view();
  const things = [...images.map(({ id }) => ({ kind: "image", id })), ...machines.map(({ id }) => ({ kind: "machine", id }))];
  for (const thing of things) for (const act of await world.acts(thing)) if (act.label === label) return act;
  throw new Error(`${label} cannot be tried`);
}

while (waiting.length > 0 && found.size < kinds.size) {
  const next = [];
  for (const fragment of waiting) {
    const world = playedWorld(rules, fragment);
    const { images, machines } = world.view();
    const things = [
      ...images.map(({ id, name }) => ({ kind: "image", id, name })),
      ...machines.map(({ id, name }) => ({ kind: "machine", id, name })),
    ];
    for (const thing of [null, ...things]) {
      for (const act of await world.acts(thing)) {
        if (act.refusal === null) {
          await world.perform(act);
          if (isNew(world.now.things)) next.push(world.past.fragment());
          world.past.undo();
          continue;
        }
        const { text, code, why } = act.refusal;
        const kind = kindOf(text, code, why);
        if (found.has(kind)) continue;
        const { ways } = (await world.perform(act)).refusal;
        world.past.undo();
        const instead = await goneThrough(fragment, act);
        found.set(kind, { fragment, on: thing.name, label: act.label, text, why, ways, instead });
      }
    }
  }
  waiting = next;
}
console.log(JSON.stringify({ found: [...found.values()], missing: kinds.size - found.size }));
