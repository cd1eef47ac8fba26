// Reads a JSON list of texts, parses each with Mermaid, and tells the states and relations of each.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const dom = new JSDOM("<!DOCTYPE html>");
Object.assign(globalThis, {
  window: dom.window,
  document: dom.window.document,
  Element: dom.window.Element,
});
const { default: mermaid } = await import("mermaid");

const told = [];
for (const text of JSON.parse(readFileSync(0, "utf-8"))) {
  const { diagramType } = await mermaid.parse(text);
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
  const states = [...diagram.db.getStates().values()];
  told.push({
    diagramType,
    states: states.map(({ id, descriptions }) => ({ id, descriptions })),
    relations: diagram.db.getRelations().map((one) => [one.id1, one.id2, one.relationTitle ?? ""]),
  });
}
console.log(JSON.stringify(told));
