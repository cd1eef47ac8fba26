import { announce, sentences } from "./announce.js";
import { showBoard, startBoard } from "./board.js";
import { chosenPlace, showChosen } from "./chosen.js";
import { light, startDiagram } from "./diagram.js";
import { byId, element, isFocusLost } from "./dom.js";
import { openDialog } from "./explain.js";
import { movePlaces, showMoves } from "./moves.js";
import { hideRefusal, refusalPlace, showRefusal, wayTold } from "./refusal.js";
import { requestPlace, showRequests } from "./requests.js";
import { text } from "./texts.js";
import { around, find, imagesOf, isOn, movesThrough } from "./things.js";
import { changeWords, showTimeline, timelinePlace } from "./timeline.js";
import { Toolbar } from "./toolbar.js";
import { GONE } from "./types.js";

/**
 * @typedef {import("./types.js").World} World
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").Ref} Ref
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").Happening} Happening
 */

const MOST_AROUND = 12;

/** Milliseconds between two things that are told of what others do. */
const PAUSE = 1000;

/** The part of the page on which a world is played. */
class Play {
  /** @param {World} world */
  constructor(world) {
    this.world = world;
    /** @type {Ref | null} */
    this.selected = null;
    /** @type {Happening | null} */
    this.last = null;
    /** @type {Happening | null} of which it is shown that it was refused */
    this.refused = null;
    /** @type {ActView[]} */
    this.acts = [];
    /** @type {ActView[]} what moves the selected image, but is done to its machines */
    this.through = [];
    /** @type {ActView[]} what could be tried when that was known last */
    this.known = [];
    /** @type {{one: Ref | null, state: string, at: number}} what was told last of the selected thing */
    this.heard = { one: null, state: "", at: 0 };
    // Where others act, what moves is looked at, until somebody chooses what to look at.
    this.follows = world.past === null;
    this.shown = true;
    this.waiting = false;
    /** How often it was looked at what can be tried, and which of that is shown. */
    this.round = 0;
    this.newest = 0;
    this.toolbar = new Toolbar(world.past, {
      went: (told, way) => this.went(told, way),
      chooseNew: () => this.select(null),
      listens: () => this.shown,
    });
  }

  start() {
    startBoard(byId("things"));
    byId("middle").append(legend(), requestPlace());
    byId("story").append(timelinePlace());
    byId("acts").append(
      chosenPlace(),
      refusalPlace(),
      ...movePlaces(),
    );
    startDiagram(
      (act) => void this.perform(act),
      (id) => this.select({ kind: "image", id }),
    );
    byId("middle").prepend(this.toolbar.bar());
    const first = this.world.view().images[0];
    if (first !== undefined) this.selected = { kind: "image", id: first.id };
    this.selectLast();
    this.world.listen(() => this.soon());
    // Where the browser's own tools, and the benchmark, see from when on one can play.
    void this.show().then(() => {
      performance.mark("playable");
      void this.recall();
    });
    const problem = this.world.past?.problem() ?? "";
    if (problem !== "") openDialog(text("share.title"), [element("p", {}, text(problem))]);
    addEventListener("hashchange", () => location.reload());
  }

  /** Show what changed at the next frame: many changes in one frame are shown once. */
  soon() {
    if (this.waiting) return;
    this.waiting = true;
    const round = this.round;
    requestAnimationFrame(() => {
      this.waiting = false;
      // What was shown since then has it.
      if (round === this.round) void this.show();
    });
  }

  /** Show all that there is at once, and what can be tried as soon as that is known. */
  async show() {
    const round = ++this.round;
    const view = this.world.view();
    if (this.follows) this.follow(view);
    this.settle(view);
    const one = this.selected;
    const gone = this.isGone(view);
    let held = document.activeElement;
    showBoard(view, one, (other) => this.select(other));
    showChosen(one?.kind ?? "", this.nameOf(view), one === null ? "" : (find(view, one)?.state ?? GONE), this.fullTold());
    const { images, machines } = view.hidden;
    showRequests(view.requests, images + machines > 0, (request, fails) => void this.reply(request, fails));
    showTimeline(view.timeline);
    this.toolbar.show();
    this.hear(view);
    this.still();
    if (this.shown) this.light(view);
    keepFocus(held);
    const all = gone ? [] : await this.tries(view, one);
    // Something newer is shown, or something else was chosen meanwhile.
    if (round < this.newest || one !== this.selected) return;
    this.newest = round;
    // Where nobody tells what can be tried, what was known of it stays.
    if (gone || this.lost() === "") this.known = all;
    this.acts = this.known.filter((act) => isOn(act, one));
    this.through = this.known.filter((act) => !isOn(act, one) && movesThrough(view, act, one));
    held = document.activeElement;
    showMoves(this.acts, this.through, (act) => void this.perform(act));
    this.still();
    if (this.shown) this.light(view);
    keepFocus(held);
  }

  /** Give the key of what is said where the world cannot be reached; "" where it can. */
  lost() {
    const connection = this.world.window?.connection();
    return connection === "lost" || connection === "refused" ? `live.${connection}` : "";
  }

  /** See to it that nothing can be pressed that nobody would do. */
  still() {
    const isLost = this.lost() !== "";
    for (const made of document.querySelectorAll("#acts .act, #requests .reply")) made.setAttribute("aria-disabled", String(isLost));
  }

  /**
   * Tell what others did to the selected thing; what comes too quickly is not told.
   * @param {View} view
   */
  hear(view) {
    const one = this.selected;
    const found = find(view, one);
    const { one: before, state, at } = this.heard;
    const now = performance.now();
    this.heard = { one, state: found?.state ?? "", at };
    if (this.world.past !== null || one !== before || found === undefined || found.state === state) return;
    if (now - at < PAUSE) return;
    this.heard.at = now;
    announce(text("timeline.change", { name: found.name, from: state, to: found.state }));
  }

  /**
   * Select the image that moved last.
   * @param {View} view
   */
  follow(view) {
    for (const happening of [...view.timeline].reverse()) {
      const moved = happening.changes.find((change) => change.kind === "image" && find(view, change) !== undefined);
      if (moved === undefined) continue;
      this.selected = { kind: "image", id: moved.id };
      return;
    }
  }

  /**
   * Give what happened, the newest first, as far as it is shown where it led: where nobody else
   * acts, the last act.
   * @param {View} view
   * @returns {Happening[]}
   */
  lately(view) {
    if (this.world.past === null) return [...view.timeline].reverse();
    return this.last === null ? [] : [this.last];
  }

  /**
   * See to it that something is selected that is there, or was until just now.
   * @param {View} view
   */
  settle(view) {
    if (this.selected === null || find(view, this.selected) !== undefined) return;
    const gone = this.isGone(view);
    if (!gone) this.selected = view.images[0] === undefined ? null : { kind: "image", id: view.images[0].id };
  }

  /**
   * Tell whether the selected thing went just now.
   * @param {View} view
   * @returns {boolean}
   */
  isGone(view) {
    return this.selected !== null && find(view, this.selected) === undefined && this.end(view) !== undefined;
  }

  /**
   * Give the change that took the selected thing away.
   * @param {View} view
   * @returns {import("./types.js").Change | undefined}
   */
  end(view) {
    const changes = this.lately(view).flatMap((happening) => happening.changes);
    return changes.find((change) => change.kind === this.selected?.kind && change.id === this.selected.id && change.to === GONE);
  }

  /** @param {View} view */
  light(view) {
    const chosen = this.selected;
    const ids = imagesOf(view, chosen);
    const lit = view.images.filter((image) => ids.includes(image.id));
    const states = this.isGone(view) ? [GONE] : lit.map((image) => image.state);
    const moved = this.lately(view)
      .flatMap((happening) => happening.changes)
      .find((change) => change.kind === "image" && (ids.length === 0 || ids.includes(change.id)));
    light({
      states: chosen === null ? ["new"] : states,
      // What was known to be possible before it moved is not shown on.
      moves: (this.lost() === "" ? [...this.acts, ...this.through] : []).filter((act) => act.legal && (chosen === null || states.includes(act.edge?.[0] ?? ""))),
      others: view.images,
      chosen: ids,
      last: moved === undefined ? null : [moved.from, moved.to],
    });
  }

  /**
   * @param {View} view
   * @returns {string}
   */
  nameOf(view) {
    if (this.selected === null) return text("board.new");
    return find(view, this.selected)?.name ?? this.end(view)?.name ?? "";
  }

  /**
   * Look at one thing from now on; of a large cloud, it is in what is shown then.
   * @param {Ref | null} one
   */
  choose(one) {
    this.follows = false;
    this.selected = one;
    this.world.window?.show({ around: one });
  }

  /** @param {Ref | null} one */
  select(one) {
    this.choose(one);
    this.forgetRefused();
    void this.show().then(() => announce(sentences([this.selectedTold(), ...this.movesTold()])));
  }

  /**
   * Do an act, and tell what came of it.
   * @param {ActView} act
   */
  async perform(act) {
    if (this.lost() !== "") {
      announce(text(this.lost()));
      return;
    }
    if (this.follows) this.choose(act.on);
    const happening = await this.world.perform(act);
    this.last = happening;
    const born = happening.changes.find((change) => change.kind === "image" && change.from === "");
    if (act.on === null && born !== undefined) this.choose({ kind: "image", id: born.id });
    await this.show();
    const helps = await this.refuse(act, happening);
    announce(sentences([...cameOf(happening), ...helps, ...this.movesTold()]));
    if (isFocusLost()) byId("chosen").focus();
  }

  /** Show no refusal any more, nor what is still being looked for about one. */
  forgetRefused() {
    this.refused = null;
    hideRefusal();
  }

  /**
   * Show what of an act was refused, if anything; tell of the way to where it is done.
   * @param {ActView} act
   * @param {Happening} happening
   * @returns {Promise<string[]>}
   */
  async refuse(act, happening) {
    this.forgetRefused();
    if (happening.refusal === null) return [];
    this.refused = happening;
    const view = this.world.view();
    const acts = await this.tries(view, act.on);
    if (this.refused !== happening) return [];
    const on = { kind: act.on?.kind ?? "", state: find(view, act.on)?.state ?? "" };
    const { what, refusal } = happening;
    const show = (/** @type {import("./types.js").WayView[] | null} */ instead) =>
      showRefusal(what, refusal, { on, acts, instead }, (other) => void this.perform(other));
    show(null);
    // Where ways are looked for elsewhere, that takes a while.
    const instead = (await this.world.instead?.(act)) ?? null;
    if (instead === null || this.refused !== happening) return [];
    show(instead);
    const [first] = instead;
    return [first === undefined ? text("refusal.nowhere") : text("announce.instead", { way: wayTold(first) })];
  }

  /**
   * Tell what no more can be made of here, and so is not offered.
   * @returns {string[]}
   */
  fullTold() {
    const full = this.world.full?.();
    const kinds = full?.kinds.filter((kind) => kind === "image" || this.selected !== null) ?? [];
    return kinds.map((kind) => text(`play.full.${kind}`, { most: full?.most ?? 0 }));
  }

  /**
   * Answer a request: the act is looked up when it is wanted.
   * @param {import("./types.js").RequestView} request
   * @param {boolean} fails
   */
  async reply(request, fails) {
    if (this.lost() !== "") {
      announce(text(this.lost()));
      return;
    }
    const acts = (await this.world.acts(request.about)).filter((one) => one.fails === fails);
    // Of several alike an act may answer the first only: it makes no difference which one.
    const { action, about } = request;
    const alike = this.world
      .view()
      .requests.filter((one) => one.action === action && one.about.kind === about.kind && one.about.id === about.id)
      .map(({ key }) => key);
    const act = acts.find((one) => one.request === request.key) ?? acts.find((one) => alike.includes(one.request));
    if (act !== undefined) await this.perform(act);
  }

  /**
   * Give what can be tried on a thing, on its holders, and on what it holds.
   * @param {View} view
   * @param {Ref | null} one
   * @returns {Promise<ActView[]>}
   */
  async tries(view, one) {
    const all = around(view, one).slice(0, MOST_AROUND);
    return (await Promise.all(all.map((other) => this.world.acts(other)))).flat();
  }

  /** Tell what is selected, and in which state it is. */
  selectedTold() {
    const view = this.world.view();
    const state = find(view, this.selected)?.state;
    return state === undefined ? this.nameOf(view) : [this.nameOf(view), state].join(": ");
  }

  /**
   * Tell what is possible now; where that is nothing, why, if that is known.
   * @returns {string[]}
   */
  movesTold() {
    const legal = [...this.acts, ...this.through].filter((act) => act.legal);
    const full = this.fullTold();
    if (legal.length === 0 && full.length > 0) return full;
    return [text("announce.moves", { moves: legal.length === 0 ? text("announce.none") : legal.map((act) => act.label).join(", ") })];
  }

  /**
   * Show where going back or forth led.
   * @param {string} told
   * @param {import("./toolbar.js").Way} way
   */
  went(told, way) {
    this.last = null;
    if (way === "start") this.selected = null;
    if (way === "forth") this.selectLast();
    this.forgetRefused();
    void this.show().then(async () => {
      await this.recall();
      announce(way === "start" ? told : sentences([told, this.selectedTold(), ...this.movesTold()]));
    });
  }

  /** Select what the last act was done to, if that is there still. */
  selectLast() {
    const at = this.world.past?.at() ?? null;
    if (at !== null && find(this.world.view(), at) !== undefined) this.selected = { kind: at.kind, id: at.id };
  }

  /** Where what is selected was refused something last, show again why. */
  async recall() {
    const happening = this.world.view().timeline.at(-1);
    const at = this.world.past?.at() ?? null;
    if (!happening?.refusal || at === null || at.kind !== this.selected?.kind || at.id !== this.selected.id) return;
    const act = this.acts.find((one) => !one.legal && one.label === happening.what);
    if (act === undefined) return;
    this.last = happening;
    await this.refuse(act, happening);
  }
}

/**
 * See to it that what had the focus has it still; where that is no more, go on at the selected
 * thing: others may have taken it away.
 * @param {Element | null} held  what had the focus
 */
function keepFocus(held) {
  if (held === null || held === document.body || !isFocusLost()) return;
  // What is put into another place loses it.
  if (held instanceof HTMLElement || held instanceof SVGElement) held.focus({ preventScroll: true });
  if (isFocusLost()) byId("chosen").focus({ preventScroll: true });
}

/**
 * Tell which line is whose.
 * @returns {HTMLElement}
 */
function legend() {
  return element(
    "ul",
    { class: "legend", "aria-label": text("legend.title") },
    ...["user", "machine", "answer", "fails"].map((kind) =>
      element("li", { "data-kind": kind }, element("span", { class: "swatch", "aria-hidden": "true" }), text(`legend.${kind}`)),
    ),
  );
}

/**
 * Tell what came of an act, for who listens.
 * @param {Happening} happening
 * @returns {string[]}
 */
function cameOf({ accepted, changes, refusal }) {
  if (!accepted) return [text("announce.refused"), refusal?.text ?? "", ...(refusal?.why ?? [])];
  return changes.length === 0 ? [text("timeline.nothing")] : changes.map(changeWords);
}

/**
 * Start the part of the page on which a world is played.
 * @param {World} world
 * @returns {{show: () => void, hide: () => void}}  what comes back to it, and what leaves it
 */
export function startPlay(world) {
  const play = new Play(world);
  play.start();
  return {
    show: () => {
      play.shown = true;
      void play.show();
    },
    hide: () => {
      play.shown = false;
    },
  };
}
