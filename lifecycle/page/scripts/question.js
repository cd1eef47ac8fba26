import { announce, sentences } from "./announce.js";
import { element, typed } from "./dom.js";
import { button } from "./keyed.js";
import { stateName, text } from "./texts.js";

/**
 * @typedef {import("./learning_types.js").Question} Question
 */

const LETTERS = "abcdef";
const ONED = "why";
/** The language of oned's words, which is theirs on every page. */
const SPEAKS = { lang: "en", dir: "ltr" };
const WORDS = ["accepted", "refused", "yes", "no", "none"];

/**
 * Ask a question, and what is asked next about the same.
 * @param {HTMLElement} host  where it is put, at the end
 * @param {Question} question
 * @param {number[]} given  the answers so far, by their places; added to
 * @param {() => string[]} done  called when all is answered; gives what came of it, to be told
 * @returns {void}
 */
export function ask(host, question, given, done) {
  const asked = inOrder(question);
  const show = (/** @type {number} */ place) => {
    const one = asked[place];
    if (one === undefined) return;
    const made = asking(one, given[place], (choice) => {
      given[place] = choice;
      made.replaceWith(asking(one, choice, null));
      let came = /** @type {string[]} */ ([]);
      if (place + 1 < asked.length) show(place + 1);
      else came = done();
      announce(sentences([verdictOf(one, choice), ...came]));
    });
    host.append(made);
    if (given[place] !== undefined) show(place + 1);
    else if (place > 0) focusFirst(made);
  };
  show(0);
}

/**
 * Give a question and those that follow it.
 * @param {Question} question
 * @returns {Question[]}
 */
export function inOrder(question) {
  return question.then === null ? [question] : [question, ...inOrder(question.then)];
}

/**
 * Tell whether all about a question is answered.
 * @param {Question} question
 * @param {number[]} given
 * @returns {boolean}
 */
export function isAnswered(question, given) {
  return inOrder(question).every((_, place) => given[place] !== undefined);
}

/**
 * Give the words of a question.
 * @param {Question} question
 * @returns {string}
 */
export function wordsOf(question) {
  return text(`quiz.ask.${question.ask}`, question.values);
}

/**
 * Give the words of a choice.
 * @param {string} choice
 * @returns {string}
 */
export function choiceWords(choice) {
  return WORDS.includes(choice) ? text(`quiz.choice.${choice}`) : stateName(choice);
}

/**
 * @param {Question} question
 * @param {number} choice
 * @returns {string}
 */
function verdictOf(question, choice) {
  if (choice === question.right) return text("quiz.right");
  return text("quiz.wrong", { answer: choiceWords(question.choices[question.right] ?? "") });
}

/**
 * @param {Question} question
 * @param {number | undefined} given  the answer, where there is one
 * @param {((choice: number) => void) | null} answer
 * @returns {HTMLElement}
 */
function asking(question, given, answer) {
  const items = question.choices.map((choice, place) => {
    const words = isTyped(choice) ? typed(choice, { class: "typed-choice" }) : element("span", question.ask === ONED ? SPEAKS : {}, choiceWords(choice));
    const letter = element("span", { class: "letter", "aria-hidden": "true" }, LETTERS[place] ?? "");
    if (answer === null || given !== undefined) return element("li", { class: markOf(question, place, given) }, letter, words, ...noteOf(question, place, given));
    return element("li", {}, button("answer", () => answer(place), letter, words));
  });
  const made = element(
    "div",
    { class: "question", role: "group", "aria-label": wordsOf(question) },
    element("p", { class: "prompt" }, wordsOf(question)),
    element("ul", { class: "answers" }, ...items),
  );
  if (given !== undefined) {
    const right = given === question.right;
    made.append(element("p", { class: right ? "verdict verdict-right" : "verdict verdict-wrong" }, verdictOf(question, given)));
  }
  return made;
}

/**
 * @param {Question} question
 * @param {number} place
 * @param {number | undefined} given
 * @returns {string}
 */
function markOf(question, place, given) {
  if (place === question.right) return "answer-right";
  return place === given ? "answer-wrong" : "answer";
}

/**
 * @param {Question} question
 * @param {number} place
 * @param {number | undefined} given
 * @returns {HTMLElement[]}
 */
function noteOf(question, place, given) {
  const notes = [];
  if (place === question.right) notes.push(text("quiz.mark.right"));
  if (place === given) notes.push(text("quiz.mark.yours"));
  return notes.map((words) => element("span", { class: "note" }, words));
}

/**
 * @param {string} choice
 * @returns {boolean}
 */
function isTyped(choice) {
  return /^(one\w+|datastore:|transfer:|hypervisor:|market:) /.test(choice);
}

/**
 * Have the letter of a choice answer the open question, wherever in a part of the page one is.
 * @param {HTMLElement} host
 */
export function answerByLetter(host) {
  // Where one pressed on what is only read, the keys are for this part still.
  host.tabIndex = -1;
  host.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
    const answer = host.querySelectorAll("button.answer")[LETTERS.indexOf(event.key.toLowerCase())];
    if (!(answer instanceof HTMLElement)) return;
    event.preventDefault();
    answer.click();
  });
}

/**
 * Put the focus on the first thing that can be pressed.
 * @param {Element} host
 */
export function focusFirst(host) {
  const found = host.querySelector("button");
  if (found instanceof HTMLElement) found.focus();
}
