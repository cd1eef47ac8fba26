import { announce, sentences } from "./announce.js";
import { element } from "./dom.js";
import { Frame, beginning } from "./frame.js";
import { button } from "./keyed.js";
import { ask, choiceWords, focusFirst, inOrder, isAnswered } from "./question.js";
import { lineOf, outcomeList } from "./telling.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./learning_types.js").QuizQuestion} QuizQuestion
 * @typedef {import("./learning_types.js").Show} Show
 * @typedef {import("./learning_types.js").Step} Step
 *
 * @typedef {object} Round  Some questions, and the answers to them.
 * @property {QuizQuestion[]} questions
 * @property {number[][]} given
 * @property {number} at
 */

const ROUND = 8;

class Quiz extends Frame {
  /**
   * @param {HTMLElement} host
   * @param {QuizQuestion[]} questions
   * @param {Show} show
   */
  constructor(host, questions, show) {
    super(host, show);
    this.questions = questions;
    /** @type {Map<string, number>} */
    this.drawn = new Map();
    /** @type {Round | null} */
    this.round = null;
    this.family = "";
  }

  /** @override */
  draw() {
    if (this.round === null) this.drawStart();
    else if (this.round.at < this.round.questions.length) this.drawQuestion(this.round);
    else this.drawEnd(this.round);
  }

  drawStart() {
    const families = [...new Set(this.questions.map(({ family }) => family))];
    const items = families.map((family) => {
      const count = this.questions.filter((one) => one.family === family).length;
      return beginning(() => this.begin(family), text(`quiz.family.${family}`), text("quiz.count", { count }));
    });
    const every = beginning(() => this.begin(""), text("quiz.all"), text("quiz.count", { count: this.questions.length }));
    this.drawChoice(text("quiz.title"), text("quiz.lead", { count: ROUND }), "ul", [every, ...items]);
  }

  /** @param {string} family  "" for all of them */
  begin(family) {
    const bank = this.questions.filter((one) => family === "" || one.family === family);
    const from = this.drawn.get(family) ?? 0;
    const count = Math.min(ROUND, bank.length);
    const questions = Array.from({ length: count }, (_, place) => bank[(from + place) % bank.length]).filter((one) => one !== undefined);
    this.drawn.set(family, (from + count) % bank.length);
    this.family = family;
    this.round = { questions, given: questions.map(() => []), at: 0 };
    this.drawFromTitle();
  }

  leave() {
    this.round = null;
    this.drawFromTitle();
  }

  /** @param {Round} round */
  drawQuestion(round) {
    const question = round.questions[round.at];
    const given = round.given[round.at];
    if (question === undefined || given === undefined) return;
    const where = text("quiz.number", { number: round.at + 1, all: round.questions.length });
    const telling = this.drawTelling(text(`quiz.family.${question.family}`), where, button("quiet", () => this.leave(), text("quiz.leave")));
    this.scene.show(question.story);
    const story = question.story.map((step) => element("li", {}, lineOf(step)));
    telling.append(element("h3", {}, text("quiz.story")), element("ol", { class: "story" }, ...story));
    const answered = isAnswered(question, given);
    ask(telling, question, given, () => {
      this.drawExplanation(telling, question, given);
      const next = telling.querySelector(".next");
      if (next instanceof HTMLElement) next.focus();
      return isRight(question, given) ? [] : cameOfRight(question);
    });
    if (answered) this.drawExplanation(telling, question, given);
    else if (round.at > 0) telling.append(element("div", { class: "steps before" }, button("tool", () => this.go(round.at - 1), text("lessons.back"))));
  }

  /**
   * @param {HTMLElement} telling
   * @param {QuizQuestion} question
   * @param {number[]} given
   */
  drawExplanation(telling, question, given) {
    telling.querySelectorAll(".before").forEach((old) => old.remove());
    const round = this.round;
    if (round === null) return;
    const steps = element("div", { class: "steps" });
    if (round.at > 0) steps.append(button("tool", () => this.go(round.at - 1), text("lessons.back")));
    const last = round.at + 1 === round.questions.length;
    steps.append(button("next", () => this.go(round.at + 1), text(last ? "quiz.finish" : "quiz.next")));
    const replay = element("div", { class: "replay" });
    telling.append(steps, replay);
    const show = () => this.drawReplay(replay, question, given[0] ?? question.right);
    if (!isRight(question, given)) show();
    else replay.append(button("quiet", () => {
      show();
      // What was pressed is no more.
      focusFirst(replay);
      announce(sentences(cameOfRight(question)));
    }, text("quiz.show")));
  }

  /**
   * Show what happens, step by step: after the right choice, and after the other that was chosen.
   * @param {HTMLElement} host
   * @param {QuizQuestion} question
   * @param {number} chosen
   */
  drawReplay(host, question, chosen) {
    const places = [...new Set([question.right, chosen].map((place) => question.replay[place] ?? 0))];
    const many = places.length > 1;
    const parts = places.map((place, number) => {
      const title = many ? text(number === 0 ? "quiz.replay.right" : "quiz.replay.yours", { choice: choiceWords(question.choices[number === 0 ? question.right : chosen] ?? "") }) : text("quiz.replay");
      return this.replay(title, question.story, question.replays[place] ?? []);
    });
    host.replaceChildren(...parts.map(({ made }) => made));
    parts[0]?.show();
  }

  /**
   * @param {string} title
   * @param {Step[]} story
   * @param {Step[]} steps
   * @returns {{made: HTMLElement, show: () => void}}
   */
  replay(title, story, steps) {
    const all = [...story, ...steps];
    const rows = all.map((step) => element("li", {}, lineOf(step), outcomeList(step)));
    let at = all.length;
    const place = element("span", { class: "muted" });
    const show = () => {
      rows.forEach((row, number) => {
        row.classList.toggle("now", number === at - 1);
        row.toggleAttribute("aria-current", number === at - 1);
      });
      place.textContent = text("lessons.step", { number: at, all: all.length });
      this.scene.show(all.slice(0, at));
    };
    const move = (/** @type {number} */ by) => {
      at = Math.min(all.length, Math.max(1, at + by));
      show();
      announce(rows[at - 1]?.textContent ?? "");
    };
    const tools = element(
      "div",
      { class: "steps" },
      button("tool", () => move(-all.length), text("quiz.first")),
      button("tool", () => move(-1), text("quiz.earlier")),
      button("tool", () => move(1), text("quiz.later")),
      place,
    );
    const made = element("section", { "aria-label": title }, element("h3", {}, title), tools, element("ol", { class: "story" }, ...rows));
    return { made, show };
  }

  /** @param {number} at */
  go(at) {
    if (this.round === null) return;
    this.round.at = at;
    this.drawFromTitle();
  }

  /** @param {Round} round */
  drawEnd(round) {
    this.scene.giveBack();
    const graded = round.questions.map((question, place) => {
      const asked = inOrder(question);
      const right = asked.filter((one, deep) => round.given[place]?.[deep] === one.right).length;
      return { family: question.family, right, all: asked.length };
    });
    const total = sum(graded);
    const families = [...new Set(graded.map(({ family }) => family))].map((family) => {
      const { right, all } = sum(graded.filter((one) => one.family === family));
      return element("li", {}, text("quiz.family.score", { family: text(`quiz.family.${family}`), right, all }));
    });
    const wrong = graded.flatMap((one, place) => (one.right === one.all ? [] : [place]));
    const again = wrong.map((place) => element("li", {}, button("tool", () => this.go(place), text("quiz.look", { number: place + 1 }))));
    const panel = element(
      "div",
      { class: "telling" },
      element("ul", { class: "scores" }, ...families),
      ...(again.length === 0 ? [] : [element("h3", {}, text("quiz.wrongs")), element("ul", { class: "steps" }, ...again)]),
      element(
        "div",
        { class: "steps" },
        button("next", () => this.begin(this.family), text("quiz.more")),
        button("tool", () => this.leave(), text("quiz.leave")),
      ),
    );
    this.host.replaceChildren(element("h2", { tabindex: "-1" }, text("quiz.score", total)), panel);
  }
}

/**
 * Tell whether all about a question was answered rightly.
 * @param {QuizQuestion} question
 * @param {number[]} given
 * @returns {boolean}
 */
function isRight(question, given) {
  return inOrder(question).every((one, place) => given[place] === one.right);
}

/**
 * Give in words what happens after the right choice.
 * @param {QuizQuestion} question
 * @returns {string[]}
 */
function cameOfRight(question) {
  const steps = question.replays[question.replay[question.right] ?? 0] ?? [];
  return steps.flatMap(({ outcome }) => outcome);
}

/**
 * @param {{right: number, all: number}[]} graded
 * @returns {{right: number, all: number}}
 */
function sum(graded) {
  return graded.reduce((one, other) => ({ right: one.right + other.right, all: one.all + other.all }), { right: 0, all: 0 });
}

/**
 * Start the part of the page on which people are asked.
 * @param {HTMLElement} host
 * @param {QuizQuestion[]} questions
 * @param {Show} show  lights the diagram
 * @returns {{show: () => void, hide: () => void}}  what comes back to it, and what leaves it
 */
export function startQuiz(host, questions, show) {
  return new Quiz(host, questions, show).part();
}
