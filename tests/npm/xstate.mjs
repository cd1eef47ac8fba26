// Reads {machine, walks}: a machine as the package writes it, and for each image its events with
// what every guard of the table says of it. Tells where the machine is after each event.
import { readFileSync } from "node:fs";
import { createActor, createMachine } from "xstate";

const { machine, walks } = JSON.parse(readFileSync(0, "utf-8"));
const ran = [];
const made = createMachine(machine, {
  guards: {
    row: ({ event }, { when, unless }) =>
      when.every((name) => event.guards[name] === true) &&
      unless.every((name) => event.guards[name] === false),
  },
  actions: new Proxy(
    {},
    { get: (_, name) => () => ran.push(name), has: () => true },
  ),
});
const told = walks.map((walk) => {
  const actor = createActor(made).start();
  return walk.map((event) => {
    ran.length = 0;
    const can = actor.getSnapshot().can(event);
    actor.send(event);
    return [actor.getSnapshot().value, can, [...ran]];
  });
});
console.log(JSON.stringify(told));
