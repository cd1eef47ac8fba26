import { announce, sentences } from "./announce.js";
import { element } from "./dom.js";
import { Frame, beginning } from "./frame.js";
import { button } from "./keyed.js";
import { ask, inOrder, isAnswered } from "./question.js";
import { lineOf, outcomeList } from "./telling.js";
import { text } from "./texts.js";

/**
 * @typedef {import("./learning_types.js").Lesson} Lesson
 * @typedef {import("./learning_types.js").Part} Part
 * @typedef {import("./learning_types.js").Show} Show
 *
 * @typedef {object} Page  What is seen at once: texts, and what is done then.
 * @property {string[]} says
 * @property {Part | null} part
 * @property {number} until  how many parts there are up to it, for the picture
 */

/**
 * Give a lesson page by page: the texts for the reader stand with what is done next.
 * @param {Lesson} lesson
 * @returns {Page[]}
 */
function pagesOf(lesson) {
  /** @type {Page[]} */
  const pages = [];
  /** @type {string[]} */
  let says = lesson.text === "" ? [] : [lesson.text];
  lesson.parts.forEach((part, place) => {
    if (part.kind === "say") {
      says.push(part.text);
      return;
    }
    pages.push({ says, part, until: place + 1 });
    says = [];
  });
  if (says.length > 0) pages.push({ says, part: null, until: lesson.parts.length });
  return pages;
}

class Lessons extends Frame {
  /**
   * @param {HTMLElement} host
   * @param {Lesson[]} lessons
   * @param {Show} show
   */
  constructor(host, lessons, show) {
    super(host, show);
    this.lessons = lessons;
    /** @type {Map<Lesson, string>} */
    this.scores = new Map();
    /** @type {{lesson: Lesson, pages: Page[], at: number, given: number[][][]} | null} */
    this.open = null;
  }

  /** @override */
  draw() {
    if (this.open === null) this.drawList();
    else this.drawLesson();
  }

  drawList() {
    const items = this.lessons.map((lesson) => beginning(() => this.begin(lesson), lesson.title, lesson.text, this.scores.get(lesson)));
    this.drawChoice(text("lessons.title"), text("lessons.lead"), "ol", items);
  }

  /** @param {Lesson} lesson */
  begin(lesson) {
    const pages = pagesOf(lesson);
    this.open = { lesson, pages, at: 0, given: pages.map((page) => (page.part?.questions ?? []).map(() => [])) };
    this.drawFromTitle();
  }

  close() {
    this.open = null;
    this.drawFromTitle();
  }

  drawLesson() {
    const open = this.open;
    if (open === null) return;
    const { lesson, pages, at } = open;
    const page = pages[at];
    const where = page === undefined ? text("lessons.end") : text("lessons.step", { number: at + 1, all: pages.length });
    const story = this.drawTelling(lesson.title, where, button("quiet", () => this.close(), text("lessons.all")));
    if (page === undefined) this.drawEnd(story);
    else this.drawPage(story, page);
  }

  /**
   * @param {HTMLElement} story
   * @param {Page} page
   */
  drawPage(story, page) {
    const { part } = page;
    story.append(...page.says.map((words) => element("p", { class: "say" }, words)));
    const foot = element("div", { class: "foot" });
    if (part === null) {
      story.append(foot);
      this.showUntil(page.until);
      foot.append(this.steps(false));
      return;
    }
    const questions = element("div", { class: "questions" });
    story.append(lineOf(part), questions, foot);
    this.showUntil(page.until - 1);
    const given = this.open?.given[this.open.at] ?? [];
    /** @type {(next: number) => string[]} */
    const goOn = (next) => {
      const question = part.questions[next];
      const answers = given[next];
      if (question === undefined || answers === undefined) {
        foot.replaceChildren(outcomeList(part), this.steps(false));
        this.showUntil(page.until);
        return part.outcome;
      }
      const answered = isAnswered(question, answers);
      if (!answered) foot.replaceChildren(element("p", { class: "muted" }, text("lessons.hint")), this.steps(true));
      ask(questions, question, answers, () => {
        const came = goOn(next + 1);
        focusNext(story);
        return came;
      });
      return answered ? goOn(next + 1) : [];
    };
    goOn(0);
  }

  /**
   * Show the picture after some parts.
   * @param {number} count
   */
  showUntil(count) {
    this.scene.show(this.open?.lesson.parts.slice(0, count) ?? []);
  }

  /**
   * Make what goes back and forth.
   * @param {boolean} asking  whether a question is open
   * @returns {HTMLElement}
   */
  steps(asking) {
    const at = this.open?.at ?? 0;
    const made = element("div", { class: "steps" });
    if (at > 0) made.append(button("tool", () => this.go(at - 1), text("lessons.back")));
    if (!asking) made.append(button("next", () => this.go(at + 1), text("lessons.next")));
    return made;
  }

  /** @param {number} at */
  go(at) {
    if (this.open === null) return;
    this.open.at = at;
    this.draw();
    this.host.querySelector(".learn-head")?.scrollIntoView({ block: "nearest" });
    const story = this.host.querySelector(".telling");
    if (story !== null) focusNext(story);
    announce(sentences([...this.host.querySelectorAll(".say, .line, .came li, .score")].map((one) => one.textContent ?? "")));
  }

  /** @param {HTMLElement} story */
  drawEnd(story) {
    const open = this.open;
    if (open === null) return;
    let right = 0;
    let all = 0;
    /** @type {Set<number>} */
    const wrong = new Set();
    open.pages.forEach((page, place) => page.part?.questions.forEach((question, next) => {
      inOrder(question).forEach((one, deep) => {
        all += 1;
        if (open.given[place]?.[next]?.[deep] === one.right) right += 1;
        else wrong.add(place);
      });
    }));
    const score = all === 0 ? text("lessons.unasked") : text("quiz.score", { right, all });
    this.scores.set(open.lesson, all === 0 ? text("lessons.end") : score);
    const following = this.lessons[this.lessons.indexOf(open.lesson) + 1];
    const ways = element("div", { class: "steps" }, button("tool", () => this.go(open.pages.length - 1), text("lessons.back")));
    if (following !== undefined) ways.append(button("next", () => this.begin(following), text("lessons.following", { title: following.title })));
    ways.append(button("tool", () => this.begin(open.lesson), text("lessons.again")), button("tool", () => this.close(), text("lessons.all")));
    const again = [...wrong].map((place) => element("li", {}, button("tool", () => this.go(place), text("lessons.step", { number: place + 1, all: open.pages.length }))));
    story.append(
      element("p", { class: "score" }, score),
      ...(again.length === 0 ? [] : [element("h3", {}, text("quiz.wrongs")), element("ul", { class: "steps" }, ...again)]),
      ways,
    );
    this.scene.show(open.lesson.parts);
  }
}

/**
 * Put the focus on what is to be done next: the open question, or what goes on.
 * @param {Element} story
 */
function focusNext(story) {
  const next = story.querySelector(".question button") ?? story.querySelector(".next") ?? story.querySelector("div.steps button");
  if (next instanceof HTMLElement) next.focus();
}

/**
 * Start the part of the page on which lessons are taken.
 * @param {HTMLElement} host
 * @param {Lesson[]} lessons
 * @param {Show} show  lights the diagram
 * @returns {{show: () => void, hide: () => void}}  what comes back to it, and what leaves it
 */
export function startLessons(host, lessons, show) {
  return new Lessons(host, lessons, show).part();
}
