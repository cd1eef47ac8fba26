// What the scripts of the page are held to. Run in the folder of the tree:
//   npx --prefix tests/npm eslint --config tests/npm/eslint.config.js lifecycle/page/scripts
import js from "@eslint/js";

const AS_TEXT = "names come from anywhere: set text, never HTML (see dom.js)";
const MARKUP = "/^(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|srcdoc|createContextualFragment)$/";

export default [
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      globals: { document: "readonly", setInterval: "readonly", setTimeout: "readonly", window: "readonly" },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off", // the type checker knows what a browser has, and finds what is not there
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Nothing makes code or markup of text.
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-restricted-syntax": [
        "error",
        { selector: `MemberExpression[property.name=${MARKUP}]`, message: AS_TEXT },
        { selector: `MemberExpression[property.value=${MARKUP}]`, message: AS_TEXT },
        { selector: "MemberExpression[object.name='document'][property.name=/^write/]", message: AS_TEXT },
        { selector: "NewExpression[callee.name='DOMParser']", message: AS_TEXT },
      ],
      // Nothing speaks to people but the page itself, or keeps what belongs into a link.
      "no-alert": "error",
      "no-console": "error",
      "no-restricted-globals": ["error", "localStorage", "sessionStorage", "event", "name", "status"],
      // One way to say a thing.
      "array-callback-return": "error",
      "consistent-return": "error",
      eqeqeq: "error",
      "max-lines": ["error", 600],
      "no-else-return": "error",
      "no-implicit-coercion": "error",
      "no-param-reassign": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": "error",
      "no-useless-concat": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "require-await": "off", // what the contract awaits may have nothing to wait for
    },
  },
];
