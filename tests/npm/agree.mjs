// Compares the page's scripts with what a simulated cloud did. It is told the rules in a line of
// JSON, and then a line for each configuration.
import { createInterface } from "node:readline";
import { Ruler, keyOf } from "../../lifecycle/page/scripts/rules.js";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const rules = JSON.parse((await lines.next()).value);
const ruler = new Ruler(rules);
const named = (one) => `${one.driver}|${one.text}`;
const births = new Map(rules.births.map((one, place) => [named(one), place]));
const acts = new Map(rules.acts.map((one, place) => [named(one), place]));
/** Make a situation of what Python told. */
function situation({ things, next }) {
  const made = new Map();
  for (const [kind, id, record, held] of things) {
    const thing = { kind, id, name: `${kind}-${id}`, record, held };
    made.set(keyOf(thing), thing);
  }
  return { things: made, next };
}

/** Tell a situation as Python tells it. */
function told(now) {
  return [...now.things.values()]
    .map(({ kind, id, record, held }) => [kind, id, record, held])
    .sort((one, other) => (one[0] === other[0] ? one[1] - other[1] : one[0] < other[0] ? -1 : 1));
}

/** What page and simulator differ in: the first of it. */
const wrong = [];
const EXAMPLES = 5;

function same(what, page, simulator) {
  const [one, other] = [JSON.stringify(page), JSON.stringify(simulator)];
  if (one === other) return;
  telling.add(configurations);
  if (wrong.length < EXAMPLES)
    wrong.push(`${what}: the page has ${one}, the simulator ${other}`);
}

function refusalOf(now, outcome, thing) {
  if (outcome[1] < 0) return null;
  const [words, code, why] = rules.refusals[outcome[1]];
  const { vms = [], clones = [] } = thing.held;
  const numbers = { id: thing.id, vms: vms.length, clones: clones.length };
  return [words.replace(/\{(\w+)\}/g, (_, name) => numbers[name]), code, why, ruler.ways(now, thing)];
}

let configurations = 0;
let tries = 0;
/** What the rules lack, each with how often that was met. */
const lacking = new Map();
/** The configurations, by number, in which something was wrong, or was lacking for the first time. */
const telling = new Set();
/** For each act that the page offered and Python did not try, where that was. */
const surplus = new Map();
const everTried = new Set();
for await (const line of lines) {
  const { before, tried } = JSON.parse(line);
  const now = situation(before);
  const seen = new Map([...now.things.keys()].map((key) => [key, new Set()]));
  for (const [what, key, after, refusal] of tried) {
    tries += 1;
    const where = `${what} on ${key} in ${JSON.stringify(before)}`;
    if (key === "") {
      const birth = rules.births[births.get(what)];
      if (birth === undefined) throw new Error(`not on the page: ${what}`);
      same(where, told(ruler.born(now, birth, "new")), after);
      continue;
    }
    const thing = now.things.get(key);
    const place = acts.get(what);
    if (place === undefined) throw new Error(`not on the page: ${where}`);
    const act = rules.acts[place];
    const outcome = ruler.outcome(now, act, thing);
    const lack = ruler.lacks(now, act, thing);
    if (lack !== "") {
      // The page does not offer what it has not learned: it says less, and nothing wrong.
      const known = `${what}: ${lack}`;
      if (!lacking.has(known)) telling.add(configurations);
      lacking.set(known, (lacking.get(known) ?? 0) + 1);
      continue;
    }
    seen.get(key).add(place);
    everTried.add(place);
    const page = refusalOf(now, outcome, thing);
    // Oned's words are compared each time; the reasons only where Python told them.
    same(`the refusal of ${where}`, page?.slice(0, refusal?.length), refusal ?? undefined);
    same(where, told(ruler.done(now, act, thing, "new")), after);
  }
  for (const [key, places] of seen) {
    for (const place of ruler.offered(now, now.things.get(key)))
      // What makes something is tried where Python's bounds have room for it.
      if (!places.has(place) && rules.acts[place].makes === "" && !surplus.has(place))
        surplus.set(place, `${rules.acts[place].text} on ${key} in ${JSON.stringify(before)}`);
  }
  configurations += 1;
}
for (const [place, where] of surplus)
  if (everTried.has(place)) throw new Error(`only the page offers ${where}`);
process.stdout.write(
  JSON.stringify({ configurations, tries, wrong, lacking: [...lacking], telling: [...telling] }),
);
