import { announce } from "./announce.js";
import { element } from "./dom.js";
import { text } from "./texts.js";

/**
 * @typedef {{show: () => void, hide: () => void}} Shown
 */

/**
 * Give a part of the page whose content is asked for when it is first shown; where it does not
 * come, it is asked for again the next time.
 * @template T
 * @param {HTMLElement} host
 * @param {() => Promise<T | null>} ask
 * @param {(host: HTMLElement, found: T) => Shown} start
 * @returns {Shown}
 */
export function later(host, ask, start) {
  /** @type {Shown | null} */
  let part = null;
  let [visible, asking] = [false, false];
  const told = element("p", { class: "lead" });
  const content = element("div", { class: "learn" });
  host.replaceChildren(element("p", { class: "muted" }, text("live.learn.apart")), told, content);

  /** @param {string} words */
  const tell = (words) => {
    told.textContent = words;
    told.hidden = words === "";
    if (visible && words !== "") announce(words);
  };

  const make = async () => {
    asking = true;
    tell(text("live.learn.waiting"));
    const found = await ask();
    asking = false;
    tell(found === null ? text("live.learn.lost") : "");
    if (found === null) return;
    part = start(content, found);
    if (visible) part.show();
  };

  return {
    show: () => {
      visible = true;
      if (part !== null) part.show();
      else if (!asking) void make();
    },
    hide: () => {
      visible = false;
      part?.hide();
    },
  };
}
