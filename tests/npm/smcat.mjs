// Reads a JSON list of [type, text], parses each with state-machine-cat, and gives what it found.
import { readFileSync } from "node:fs";
import smcat from "state-machine-cat";

const told = JSON.parse(readFileSync(0, "utf-8")).map(([inputType, text]) =>
  smcat.render(text, { inputType, outputType: "json" }),
);
console.log(JSON.stringify(told));
