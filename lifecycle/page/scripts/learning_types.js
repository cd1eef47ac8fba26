/**
 * What lessons and the quiz are made of: `lifecycle/page/learning.py` writes it.
 *
 * @typedef {import("./types.js").ImageView} ImageView
 * @typedef {import("./types.js").MachineView} MachineView
 * @typedef {import("./types.js").RequestView} RequestView
 *
 * @typedef {object} Picture  All that there is at one time.
 * @property {ImageView[]} images
 * @property {MachineView[]} machines
 * @property {RequestView[]} requests
 * @property {ImageView[]} gone  those that were there, as they were last
 *
 * @typedef {object} PictureChange  What is new or otherwise than before; what is absent is as it was.
 * @property {ImageView[]} [images]
 * @property {MachineView[]} [machines]
 * @property {RequestView[]} [requests]
 * @property {number[]} [gone]  the ids of images
 * @property {number[]} [ended]  the ids of machines
 * @property {string[]} [answered]  the keys of requests
 *
 * @typedef {object} Path  The states that an image or machine went through.
 * @property {"image" | "machine"} kind
 * @property {number} id
 * @property {string} name
 * @property {string[]} states
 *
 * @typedef {object} Step  Something that happens in a story.
 * @property {string} kind  say, command, answer, rule, wait
 * @property {string} who  a user or a driver, or ""
 * @property {string} text
 * @property {boolean} refused
 * @property {string[]} outcome
 * @property {PictureChange} picture
 * @property {Path[]} changes
 *
 * @typedef {object} Question
 * @property {string} family
 * @property {string} ask  the key of its text, behind quiz.ask.
 * @property {Record<string, string>} values  what is filled in there
 * @property {string[]} choices
 * @property {number} right
 * @property {string[]} because
 * @property {Question | null} then  what is asked next about the same
 *
 * @typedef {Step & {questions: Question[]}} Part
 *
 * @typedef {object} Lesson
 * @property {string} title
 * @property {string} text
 * @property {Part[]} parts
 *
 * @typedef {Question & {story: Step[], replays: Step[][], replay: number[]}} QuizQuestion
 *   `replay` gives for each choice which of the replays shows, behind the story, what comes of it
 *
 * @typedef {object} Marks  What is lit in the diagram.
 * @property {string[]} states
 * @property {[string, string] | null} last  the move that was made just now
 * @property {ImageView[]} others  images that are shown by their names
 *
 * @typedef {(marks: Marks) => void} Show
 */

export const UNBORN = "INIT";
