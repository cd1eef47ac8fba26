// Reads {name: source} of JavaScript modules and tells every string in them:
// {module, line, text, role}, where the role is "text" for the key of a text, "thrown" for what an
// error says, "name" for classes, selectors, attributes and the like, and otherwise "".
import { readFileSync } from "node:fs";
import ts from "typescript";

const NAMING = new Set([
  "add", "addEventListener", "closest", "contains", "dispatchEvent", "getAttribute", "hasAttribute",
  "matches", "querySelector", "querySelectorAll", "remove", "removeAttribute", "replace",
  "setAttribute", "setProperty", "toggle", "toggleAttribute", "matchMedia", "animate",
]);
const ATTRIBUTES = new Set(["class", "className", "d", "transform", "viewBox", "style", "points"]);

/** What a string is for, from where it stands. */
function role(node) {
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isImportDeclaration(parent)) return "name";
    if (ts.isNewExpression(parent) && /Error$/.test(parent.expression.getText())) return "thrown";
    if (ts.isPropertyAssignment(parent) && parent.initializer === at) {
      if (ATTRIBUTES.has(parent.name.getText().replaceAll('"', ""))) return "name";
    }
    if (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText())) return "name";
    if (ts.isBinaryExpression(parent) && parent.right === at && ts.isPropertyAccessExpression(parent.left)) {
      if (ATTRIBUTES.has(parent.left.name.text)) return "name";
    }
    if (ts.isCaseClause(parent)) return "name";
    if (ts.isCallExpression(parent) && parent.expression !== at) {
      const called = parent.expression;
      const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
      if (name === "text" && parent.arguments[0] === at) return "text";
      if (NAMING.has(name)) return "name";
    }
    if (ts.isFunctionLike(parent)) return "";
  }
  return "";
}

const told = [];
for (const [module, source] of Object.entries(JSON.parse(readFileSync(0, "utf-8")))) {
  const file = ts.createSourceFile(`${module}.js`, source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const visit = (node) => {
    let text;
    if (ts.isStringLiteralLike(node)) text = node.text;
    // The values that are filled in are shown as the holes of texts are.
    else if (ts.isTemplateExpression(node))
      text = node.head.text + node.templateSpans.map((span) => `{}${span.literal.text}`).join("");
    if (text !== undefined) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      told.push({ module, line: line + 1, text, role: role(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}
console.log(JSON.stringify(told));
