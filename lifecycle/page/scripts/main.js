import { light } from "./diagram.js";
import { byId, element } from "./dom.js";
import { enter } from "./enter.js";
import { knowExplanations } from "./explain.js";
import { button } from "./keyed.js";
import { later } from "./later.js";
import { startLessons } from "./lessons.js";
import { startPlay } from "./play.js";
import { playedWorld } from "./played.js";
import { startQuiz } from "./quiz.js";
import { speak, text } from "./texts.js";

/**
 * @typedef {import("./types.js").World} World
 * @typedef {import("./types.js").LiveWorld} LiveWorld
 */

const data = JSON.parse(byId("data").textContent ?? "");

/** @type {Record<string, {show: () => void, hide: () => void}>} */
const parts = {};

/**
 * Show one part of the page; the diagram goes with it where it is of use.
 * @param {string} name
 */
function showPart(name) {
  for (const [other, part] of Object.entries(parts)) {
    byId(other).hidden = other !== name;
    if (other !== name) part.hide();
  }
  for (const made of document.querySelectorAll("#top nav button")) {
    if (!(made instanceof HTMLElement)) continue;
    if (made.dataset["part"] === name) made.setAttribute("aria-current", "page");
    else made.removeAttribute("aria-current");
  }
  parts[name]?.show();
}

/** @returns {HTMLElement} */
function navigation() {
  const made = Object.keys(parts).map((name) => {
    const one = button("tab", () => showPart(name), text(`nav.${name}`));
    one.dataset["part"] = name;
    return one;
  });
  return element("nav", { "aria-label": text("nav.title") }, ...made);
}

/**
 * Show what is played, and what can be learned.
 * @param {World} world
 */
function begin(world) {
  parts["play"] = startPlay(world);
  parts["lessons"] = startLessons(byId("lessons"), data.lessons, light);
  parts["quiz"] = startQuiz(byId("quiz"), data.questions, light);
  byId("top").append(navigation());
  showPart("play");
}

/**
 * Show the running cloud, and what can be learned, once it is wanted.
 * @param {LiveWorld} world
 * @param {HTMLElement} place  what is about the running cloud alone
 */
function beginLive(world, place) {
  const { show, hide } = startPlay(world);
  parts["play"] = {
    show: () => {
      place.hidden = false;
      show();
    },
    hide: () => {
      place.hidden = true;
      hide();
    },
  };
  parts["lessons"] = later(byId("lessons"), world.learning.lessons, (host, found) => startLessons(host, found, light));
  parts["quiz"] = later(byId("quiz"), world.learning.questions, (host, found) => startQuiz(host, found, light));
  byId("top").append(navigation());
  showPart("play");
}

function startPage() {
  speak(data.texts, data.language);
  knowExplanations({ states: data.states, operations: data.operations });
  const skip = button("skip", () => byId("main").focus(), text("nav.skip"));
  byId("top").append(skip, element("h1", {}, text(data.live ? "title.live" : "title")));
  if (!data.live) {
    begin(playedWorld(data.rules, location.hash));
    return;
  }
  const place = element("section", { class: "live", "aria-label": text("live.title") });
  byId("play").hidden = true;
  byId("play").before(place);
  enter(place, (world) => beginLive(world, place));
}

startPage();
