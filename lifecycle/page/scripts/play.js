import { announce } from "./announce.js";
import { showBoard, startBoard, stateBadge } from "./board.js";
import { light, startDiagram } from "./diagram.js";
import { byId, element } from "./dom.js";
import { explainState, openDialog, stateTold } from "./explain.js";
import { button } from "./keyed.js";
import { movePlaces, showMoves } from "./moves.js";
import { refusalPlace, showRefusal } from "./refusal.js";
import { requestPlace, showRequests } from "./requests.js";
import { text } from "./texts.js";
import { changeWords, showTimeline, timelinePlace } from "./timeline.js";
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
    /** @type {ActView[]} */
    this.acts = [];
    /** @type {ActView[]} what moves the selected image, but is done to its machines */
    this.through = [];
    /** @type {{one: Ref | null, state: string, at: number}} what was told last of the selected thing */
    this.heard = { one: null, state: "", at: 0 };
    // Where others act, what moves is looked at, until somebody chooses what to look at.
    this.follows = world.past === null;
    this.shown = true;
    this.waiting = false;
    this.round = 0;
  }

  start() {
    startBoard(byId("things"));
    byId("middle").append(legend(), requestPlace());
    byId("story").append(timelinePlace());
    byId("acts").append(
      element("div", { class: "chosen" }, element("h2", { id: "chosen", tabindex: "-1" }), element("div", { id: "chosen-about" })),
      refusalPlace(),
      ...movePlaces(),
    );
    startDiagram(
      (act) => void this.perform(act),
      (id) => this.select({ kind: "image", id }),
    );
    byId("middle").prepend(this.toolbar());
    const first = this.world.view().images[0];
    if (first !== undefined) this.selected = { kind: "image", id: first.id };
    this.world.listen(() => this.soon());
    // Where the browser's own tools, and the benchmark, see from when on one can play.
    void this.show().then(() => performance.mark("playable"));
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

  async show() {
    const round = ++this.round;
    const view = this.world.view();
    if (this.follows) this.follow(view);
    this.settle(view);
    const all = this.isGone(view) ? [] : await this.around(this.selected);
    // What was asked for meanwhile is newer.
    if (round !== this.round) return;
    this.acts = all.filter((act) => isOn(act, this.selected));
    this.through = all.filter((act) => !isOn(act, this.selected) && this.isThrough(act, view));
    showBoard(view, this.selected, (one) => this.select(one));
    this.showChosen(view);
    showMoves(this.acts, this.through, (act) => void this.perform(act));
    showRequests(view.requests, (request, fails) => void this.reply(request, fails));
    showTimeline(view.timeline);
    this.showPast();
    this.hear(view);
    if (this.shown) this.light(view);
  }

  /**
   * Tell what others did to the selected thing; what comes too quickly is not told.
   * @param {View} view
   */
  hear(view) {
    const one = this.selected;
    const found = one === null ? undefined : this.find(view, one);
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
      const moved = happening.changes.find((change) => change.kind === "image" && this.find(view, change) !== undefined);
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
    if (this.selected === null || this.find(view, this.selected) !== undefined) return;
    const gone = this.isGone(view);
    if (!gone) this.selected = view.images[0] === undefined ? null : { kind: "image", id: view.images[0].id };
  }

  /**
   * @param {View} view
   * @param {Ref} one
   */
  find(view, one) {
    const all = one.kind === "image" ? view.images : view.machines;
    return all.find((other) => other.id === one.id);
  }

  /**
   * Tell whether the selected thing went with the last act.
   * @param {View} view
   * @returns {boolean}
   */
  isGone(view) {
    const one = this.selected;
    if (one === null || this.find(view, one) !== undefined) return false;
    const isIt = (/** @type {import("./types.js").Change} */ change) => change.kind === one.kind && change.id === one.id && change.to === GONE;
    return this.lately(view).some((happening) => happening.changes.some(isIt));
  }

  /** @param {View} view */
  light(view) {
    const chosen = this.selected;
    const machine = chosen?.kind === "machine" ? view.machines.find((one) => one.id === chosen.id) : undefined;
    const ids = chosen?.kind === "image" ? [chosen.id] : machine?.images ?? [];
    const lit = view.images.filter((image) => ids.includes(image.id));
    const states = this.isGone(view) ? [GONE] : lit.map((image) => image.state);
    const moved = this.lately(view)
      .flatMap((happening) => happening.changes)
      .find((change) => change.kind === "image" && (ids.length === 0 || ids.includes(change.id)));
    light({
      states: chosen === null ? ["new"] : states,
      moves: [...this.acts, ...this.through].filter((act) => act.legal && act.edge !== null),
      others: view.images,
      chosen: ids,
      last: moved === undefined ? null : [moved.from, moved.to],
    });
  }

  /** @param {View} view */
  showChosen(view) {
    const title = byId("chosen");
    const about = byId("chosen-about");
    const one = this.selected === null ? undefined : this.find(view, this.selected);
    /** @type {string} */
    let name = text("board.new");
    let state = "";
    if (this.selected !== null) {
      name = one?.name ?? this.last?.changes.find((change) => change.to === GONE)?.name ?? "";
      state = one?.state ?? GONE;
    }
    const signature = JSON.stringify([this.selected, name, state]);
    if (title.dataset["shown"] === signature) return;
    title.dataset["shown"] = signature;
    title.replaceChildren(name, " ");
    if (state !== "") title.append(stateBadge(state));
    const told = stateTold(state);
    if (this.selected === null) about.replaceChildren(element("p", { class: "muted" }, text("play.new.about")));
    else if (told === undefined) about.replaceChildren(element("p", { class: "muted" }, state === GONE ? text("play.gone") : ""));
    else {
      const explain = button("explain", () => explainState(state), "?");
      explain.setAttribute("aria-label", text("play.explain", { name: state }));
      explain.title = text("play.explain", { name: state });
      about.replaceChildren(element("p", {}, `${told.meaning}. `, explain));
    }
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
    showRefusal(null, [], () => {});
    void this.show().then(() => {
      const name = one === null ? text("board.new") : this.find(this.world.view(), one)?.name ?? "";
      announce(text("announce.selected", { name, moves: this.movesTold() }));
    });
  }

  /**
   * Do an act, and tell what came of it.
   * @param {ActView} act
   */
  async perform(act) {
    if (this.follows) this.choose(act.on);
    const happening = await this.world.perform(act);
    this.last = happening;
    const born = happening.changes.find((change) => change.kind === "image" && change.from === "");
    if (act.on === null && born !== undefined) this.choose({ kind: "image", id: born.id });
    await this.show();
    showRefusal(happening, happening.refusal === null ? [] : await this.around(act.on), (other) => void this.perform(other));
    const told = happening.accepted
      ? happening.changes.map(changeWords).join(". ") || text("announce.nothing")
      : text("announce.refused", { text: happening.refusal?.text ?? "", why: happening.refusal?.why.join(". ") ?? "" });
    announce(`${told}. ${text("announce.moves", { moves: this.movesTold() })}`);
    this.keepFocus();
  }

  /**
   * Answer a request: the act is looked up when it is wanted.
   * @param {import("./types.js").RequestView} request
   * @param {boolean} fails
   */
  async reply(request, fails) {
    const acts = await this.world.acts(request.about);
    const act = acts.find((one) => one.request === request.key && one.fails === fails);
    if (act !== undefined) await this.perform(act);
  }

  /**
   * Give what can be tried on a thing, on its holders, and on what it holds.
   * @param {Ref | null} one
   * @returns {Promise<ActView[]>}
   */
  async around(one) {
    const view = this.world.view();
    const image = one?.kind === "image" ? view.images.find(({ id }) => id === one.id) : undefined;
    const machine = one?.kind === "machine" ? view.machines.find(({ id }) => id === one.id) : undefined;
    /** @type {(Ref | null)[]} */
    const all = [
      one,
      ...(image?.machines ?? []).map((id) => ({ kind: /** @type {const} */ ("machine"), id })),
      ...(machine?.images ?? []).map((id) => ({ kind: /** @type {const} */ ("image"), id })),
    ];
    return (await Promise.all(all.slice(0, MOST_AROUND).map((other) => this.world.acts(other)))).flat();
  }

  /**
   * Tell whether an act on a machine moves the selected image and no other.
   * @param {ActView} act
   * @param {View} view
   * @returns {boolean}
   */
  isThrough(act, view) {
    const machine = view.machines.find((one) => act.on?.kind === "machine" && one.id === act.on.id);
    const alone = machine?.images.length === 1 && machine.images[0] === this.selected?.id;
    return alone && this.selected?.kind === "image" && act.legal && act.edge !== null;
  }

  /** Where the pressed button is no more, go on at the selected thing. */
  keepFocus() {
    if (document.activeElement === null || document.activeElement === document.body) byId("chosen").focus();
  }

  /** @returns {string} */
  movesTold() {
    const legal = [...this.acts, ...this.through].filter((act) => act.legal);
    return legal.length === 0 ? text("announce.none") : legal.map((act) => act.label).join(", ");
  }

  /** @returns {HTMLElement} */
  toolbar() {
    const bar = element("div", { class: "toolbar", role: "group", "aria-label": text("toolbar.title") });
    /** @type {[string, () => void][]} */
    const going = [
      ["undo", () => this.goBack()],
      ["redo", () => this.goOn()],
      ["restart", () => this.restart()],
      ["share", () => void this.share()],
    ];
    /** @type {[string, () => void]} */
    const help = ["help", () => this.help()];
    for (const [name, press] of this.world.past === null ? [help] : [...going, help]) {
      const made = button("tool", press, text(`toolbar.${name}`));
      made.id = `tool-${name}`;
      bar.append(made);
    }
    document.addEventListener("keydown", (event) => this.pressed(event));
    return bar;
  }

  showPast() {
    const past = this.world.past;
    if (past === null) return;
    byId("tool-undo").setAttribute("aria-disabled", String(!past.canUndo()));
    byId("tool-redo").setAttribute("aria-disabled", String(!past.canRedo()));
  }

  goBack() {
    const past = this.world.past;
    const undone = past?.canUndo() ? past.undo() : null;
    this.wentTo(undone === null ? text("announce.first") : text("announce.undone", { what: undone.what }));
  }

  goOn() {
    const past = this.world.past;
    const redone = past?.canRedo() ? past.redo() : null;
    this.wentTo(redone === null ? text("announce.last") : text("announce.redone", { what: redone.what }));
  }

  restart() {
    this.world.past?.restart();
    this.selected = null;
    this.wentTo(text("announce.restarted"));
  }

  /** @param {string} told */
  wentTo(told) {
    this.last = null;
    showRefusal(null, [], () => {});
    void this.show().then(() => announce(told));
  }

  async share() {
    const fragment = this.world.past?.fragment() ?? "";
    const link = `${location.href.split("#")[0]}#${fragment.replace(/^#/, "")}`;
    const field = document.createElement("input");
    field.type = "text";
    field.readOnly = true;
    field.value = link;
    field.id = "share-link";
    const state = element("p", { role: "status", class: "muted" });
    openDialog(text("share.title"), [
      element("label", { for: "share-link" }, text("share.link")),
      field,
      state,
    ]);
    field.select();
    state.textContent = (await copied(link)) ? text("share.copied") : text("share.copy");
  }

  help() {
    const going = this.world.past === null ? [] : [["u", "u"], ["r", "r"]];
    const rows = [...going, ["n", "n"], ["?", "help"]].map(([key = "", name = ""]) =>
      element("li", {}, element("kbd", {}, key), ` ${text(`help.key.${name}`)}`),
    );
    const choice = document.createElement("input");
    choice.type = "checkbox";
    choice.id = "shortcuts";
    choice.checked = shortcuts;
    choice.addEventListener("change", () => {
      shortcuts = choice.checked;
    });
    openDialog(text("toolbar.help"), [
      ...["help.play", "help.diagram", "help.refused"].map((key) => element("p", {}, text(key))),
      element("h3", {}, text("help.keys")),
      element("ul", { class: "keys" }, ...rows),
      element("p", {}, choice, " ", element("label", { for: "shortcuts" }, text("help.shortcuts"))),
    ]);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!shortcuts || event.ctrlKey || event.altKey || event.metaKey || !this.shown) return;
    if (document.querySelector("dialog[open]") !== null) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement) return;
    const done = {
      u: this.world.past === null ? undefined : () => this.goBack(),
      r: this.world.past === null ? undefined : () => this.goOn(),
      n: () => this.select(null),
      "?": () => this.help(),
    }[event.key];
    if (done === undefined) return;
    event.preventDefault();
    done();
  }
}

let shortcuts = true;

/**
 * Tell whether an act is done to a thing.
 * @param {ActView} act
 * @param {Ref | null} one
 * @returns {boolean}
 */
function isOn(act, one) {
  return act.on?.kind === one?.kind && act.on?.id === one?.id;
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
 * Copy a text, where the browser lets a page do so.
 * @param {string} words
 * @returns {Promise<boolean>}
 */
async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
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
