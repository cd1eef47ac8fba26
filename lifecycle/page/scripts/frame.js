import { element } from "./dom.js";
import { button } from "./keyed.js";
import { Scene } from "./picture.js";
import { answerByLetter } from "./question.js";

/**
 * @typedef {import("./learning_types.js").Show} Show
 */

/** A part of the page on which something is told beside a picture of it: lessons, the quiz. */
export class Frame {
  /**
   * @param {HTMLElement} host
   * @param {Show} show  lights the diagram
   */
  constructor(host, show) {
    this.host = host;
    this.scene = new Scene(show);
    this.visible = false;
    answerByLetter(host);
  }

  /** Show what there is to be shown now: each part has its own. */
  draw() {}

  /** Draw all anew, and begin to read at its title. */
  drawFromTitle() {
    if (this.visible) this.draw();
    const title = this.host.querySelector("h2");
    if (title instanceof HTMLElement) title.focus();
  }

  /**
   * Show what can be begun, without a picture.
   * @param {string} title
   * @param {string} lead
   * @param {"ol" | "ul"} list
   * @param {HTMLElement[]} items
   */
  drawChoice(title, lead, list, items) {
    this.scene.giveBack();
    this.host.replaceChildren(
      element("h2", { tabindex: "-1" }, title),
      element("p", { class: "lead" }, lead),
      element(list, { class: "lessons" }, ...items.map((one) => element("li", {}, one))),
    );
  }

  /**
   * Make the place of what is told, with the picture beside it.
   * @param {string} title
   * @param {string} where  how far it is
   * @param {HTMLElement} leave
   * @returns {HTMLElement}
   */
  drawTelling(title, where, leave) {
    const telling = element("div", { class: "telling" });
    const head = element("div", { class: "learn-head" }, leave, element("h2", { tabindex: "-1" }, title), element("p", { class: "muted" }, where));
    this.host.replaceChildren(head, element("div", { class: "learn-columns" }, telling, this.scene.host));
    this.scene.take();
    return telling;
  }

  /**
   * Give what comes back to this part of the page, and what leaves it.
   * @returns {{show: () => void, hide: () => void}}
   */
  part() {
    return {
      show: () => {
        this.visible = true;
        this.draw();
      },
      hide: () => {
        this.visible = false;
        this.scene.giveBack();
      },
    };
  }
}

/**
 * Make what begins a lesson, or a quiz.
 * @param {() => void} begin
 * @param {string} name
 * @param {string} about
 * @param {string} [note]  what stands behind its name
 * @returns {HTMLElement}
 */
export function beginning(begin, name, about, note = "") {
  const notes = note === "" ? [] : [element("span", { class: "note" }, note)];
  return button("lesson", begin, element("span", { class: "card-name" }, name), ...notes, element("span", { class: "muted" }, about));
}
