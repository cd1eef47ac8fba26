import { byId, element } from "./dom.js";
import { button, keep } from "./keyed.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./types.js").RequestView} RequestView
 */

/**
 * Make the place for the open requests.
 * @returns {HTMLElement}
 */
export function requestPlace() {
  return element(
    "section",
    { class: "requests", "aria-labelledby": "requests-title" },
    element("h2", { id: "requests-title" }, text("requests.title")),
    element("ul", { id: "requests" }),
    element("p", { id: "requests-none", class: "muted" }),
  );
}

/**
 * Show what drivers were asked for, each with its two answers.
 * @param {RequestView[]} requests
 * @param {boolean} part  whether there is more than is shown
 * @param {(request: RequestView, fails: boolean) => void} reply
 */
export function showRequests(requests, part, reply) {
  const none = byId("requests-none");
  none.hidden = requests.length > 0;
  none.textContent = text(part ? "requests.none.shown" : "requests.none");
  keep(byId("requests"), requests, (one) => one.key, (one) => {
    const about = element("span", { class: "request" }, element("b", {}, one.action), ` ${one.name}`, element("span", { class: "muted" }, ` ${one.driver}`));
    const words = { action: one.action, name: one.name };
    const complete = button("reply", () => reply(one, false), text("requests.complete"));
    complete.dataset["kind"] = "answer";
    complete.setAttribute("aria-label", text("requests.complete.told", words));
    const fail = button("reply", () => reply(one, true), text("requests.fail"));
    fail.dataset["kind"] = "fails";
    fail.setAttribute("aria-label", text("requests.fail.told", words));
    return element("li", {}, about, complete, fail);
  });
}
