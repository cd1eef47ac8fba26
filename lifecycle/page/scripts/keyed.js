import { element } from "./dom.js";

/** @type {WeakMap<Element, string>} */
const signatures = new WeakMap();

/**
 * Make the children of an element show some items. A child whose item is as it was is
 * left alone, so that what is pressed, hovered or focused stays so.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf  the same for the same thing, no two alike
 * @param {(item: T) => Element} make
 */
export function keep(parent, items, keyOf, make) {
  const had = new Map([...parent.children].map((child) => [keyOfChild(child), child]));
  /** @type {Element | null} */
  let before = null;
  for (const item of items) {
    const key = keyOf(item);
    const signature = JSON.stringify(item);
    let child = had.get(key);
    had.delete(key);
    if (child === undefined || signatures.get(child) !== signature) {
      const made = make(item);
      made.setAttribute("data-key", key);
      signatures.set(made, signature);
      if (child !== undefined) replaceKept(child, made);
      child = made;
    }
    /** @type {Element | null} */
    const next = before === null ? parent.firstElementChild : before.nextElementSibling;
    if (next !== child) parent.insertBefore(child, next);
    before = child;
  }
  for (const child of had.values()) child.remove();
}

/**
 * @param {Element} child
 * @returns {string}
 */
function keyOfChild(child) {
  return child.getAttribute("data-key") ?? "";
}

/**
 * Put a new element in the place of an old one, and the focus where it was.
 * @param {Element} old
 * @param {Element} made
 */
function replaceKept(old, made) {
  const focused = document.activeElement;
  const place = focused !== null && old.contains(focused) ? pathTo(old, focused) : null;
  old.replaceWith(made);
  if (place === null) return;
  const found = place.reduce((/** @type {Element | undefined} */ at, step) => at?.children[step], made);
  if (found instanceof HTMLElement || found instanceof SVGElement) found.focus();
}

/**
 * @param {Element} from
 * @param {Element} to
 * @returns {number[]}
 */
function pathTo(from, to) {
  const path = [];
  for (let at = to; at !== from && at.parentElement !== null; at = at.parentElement) {
    path.unshift([...at.parentElement.children].indexOf(at));
  }
  return path;
}

/** When a button was pressed that may be pressed a second time at once. */
let firstPressed = 0;

/**
 * Make a real button. The second click of a double click is for what was there at the first: what
 * has come into its place since then is not pressed.
 * @param {string} name  its class
 * @param {() => void} press
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function button(name, press, ...children) {
  const made = element("button", { type: "button", class: name }, ...children);
  const born = performance.now();
  made.addEventListener("click", ({ detail }) => {
    if (detail > 1 && born > firstPressed) return;
    if (detail < 2) firstPressed = performance.now();
    press();
  });
  return made;
}
