import { text } from "./texts.js";

/**
 * @typedef {import("./types.js").World} World
 * @typedef {import("./types.js").View} View
 * @typedef {import("./types.js").Ref} Ref
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").Happening} Happening
 * @typedef {import("./types.js").WayView} WayView
 * @typedef {import("./types.js").LiveWorld} LiveWorld
 * @typedef {import("./types.js").Shown} Shown
 * @typedef {import("./types.js").Wish} Wish
 * @typedef {import("./types.js").Connection} Connection
 *
 * @typedef {object} Answer  The part of a cloud that the control path gives.
 * @property {number} number  of the journal's last entry
 * @property {string[]} kinds  of the journal's entries
 * @property {Shown["totals"]} totals
 * @property {Record<string, number>} states
 */

/** Milliseconds between the beginnings of two looks at the cloud, at least. */
const LOOK_PAUSE = 100;

/** Milliseconds after which the cloud is looked at although nothing was told of it. */
const LOOK_QUIET = 5000;

/** The same while nobody tells when something happened. */
const LOOK_UNTOLD = 1000;

/** Milliseconds until the first and at most until a later try to reach the cloud again. */
const RETRY_SOON = 250;
const RETRY_LATE = 4000;

/** How many names of things are remembered. */
const MOST_NAMES = 2000;

/** Milliseconds after which nobody is taken to answer. */
const ANSWER_DUE = 10_000;

/** The same for what is made when it is asked for. */
const MAKING_DUE = 60_000;

/** Marks of direction, of no width, ends of lines that are none, and what is no letter. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|(?![\t\n])\p{Cc}|\p{Cs}/gu;

/** @type {View & {number: number}} */
const NOT_SEEN = { number: 0, images: [], machines: [], requests: [], timeline: [], hidden: { images: 0, machines: 0 } };

/**
 * Give the cloud of a running endpoint. What is shown of it is always as a whole what the
 * endpoint told; what it tells of events only says when to look again.
 * @param {{base: string, token: string}} where  the address of the control path, and its token
 * @returns {LiveWorld}
 */
export function liveWorld({ base, token }) {
  const cloud = new LiveCloud(base, token);
  return {
    view: () => cloud.seen,
    acts: (target) => cloud.acts(target),
    perform: (act) => cloud.perform(act),
    instead: (act) => cloud.instead(act),
    listen: (told) => cloud.told.push(told),
    past: null,
    window: {
      shown: () => cloud.shown,
      show: (wish) => cloud.show(wish),
      connection: () => cloud.connection,
      isKnown: () => cloud.kinds.length > 0,
      begin: () => cloud.look(),
      end: () => cloud.end(),
    },
    learning: {
      lessons: () => cloud.learning("lessons"),
      questions: () => cloud.learning("questions"),
    },
  };
}

class LiveCloud {
  /**
   * @param {string} base
   * @param {string} token
   */
  constructor(base, token) {
    this.base = base;
    this.token = token;
    this.seen = NOT_SEEN;
    /** @type {Shown} */
    this.shown = { wish: {}, totals: { images: 0, machines: 0, requests: 0 }, states: {} };
    /** @type {Map<string, string>} what was there lately, by what the timeline calls what is gone */
    this.names = new Map();
    /** @type {(() => void)[]} */
    this.told = [];
    /** @type {Connection} */
    this.connection = "waiting";
    /** @type {EventSource | null} */
    this.stream = null;
    /** @type {string[]} */
    this.kinds = [];
    this.ended = false;
    this.looking = false;
    this.again = false;
    this.asking = 0;
    this.begun = -LOOK_PAUSE;
    this.tries = 0;
    this.breaks = 0;
    this.listenAt = 0;
    this.timer = 0;
  }

  /**
   * Look at the cloud, unless that is being done: then once more afterwards.
   * @returns {Promise<void>}
   */
  async look() {
    if (this.ended) return;
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    this.again = false;
    this.begun = performance.now();
    const wish = this.shown.wish;
    const answer = await this.ask(`window?${queryOf(wish)}`);
    this.looking = false;
    if (this.ended) return;
    if (this.connection === "refused") {
      // Nobody lets this token in any more.
    } else if (answer === null) {
      this.wait(Math.min(RETRY_SOON * 2 ** this.tries++, RETRY_LATE));
    } else {
      this.tries = 0;
      // What was asked for before is not what is wanted now.
      if (wish === this.shown.wish) this.take(answer);
      this.wait(this.again ? this.pause() : this.stream === null ? LOOK_UNTOLD : LOOK_QUIET);
    }
    this.tell();
  }

  /** @param {any} answer */
  take(answer) {
    /** @type {View & Answer} */
    const { kinds, totals, states, ...view } = answer;
    if (view.number < this.seen.number) this.names.clear();
    this.seen = view;
    this.remember();
    for (const happening of view.timeline) this.name(happening);
    this.shown = { wish: this.shown.wish, totals, states };
    this.kinds = kinds;
    this.listen();
  }

  /** Remember what things are called: the journal knows only the numbers of what is gone. */
  remember() {
    for (const [kind, all] of Object.entries({ image: this.seen.images, machine: this.seen.machines })) {
      for (const { id, name } of all) this.names.set(`${kind} ${id}`, name);
    }
    for (const name of [...this.names.keys()].slice(0, -MOST_NAMES)) this.names.delete(name);
  }

  /** @param {Happening} happening */
  name(happening) {
    for (const change of happening.changes) change.name = this.names.get(change.name) ?? change.name;
  }

  /** Give how long to wait until the next look. */
  pause() {
    return Math.max(LOOK_PAUSE - (performance.now() - this.begun), 0);
  }

  /**
   * Look again after some milliseconds.
   * @param {number} milliseconds
   */
  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      // Who waits for what can be tried is answered first: else it is old before it is shown.
      if (this.asking > 0) this.again = true;
      else void this.look();
    }, milliseconds);
  }

  /** Something happened: look soon, but not while somebody waits for what can be tried. */
  stir() {
    if (this.again) return;
    this.again = true;
    if (!this.looking && this.asking === 0) this.wait(this.pause());
  }

  /** Be told of events, from those on that what is shown does not hold yet. */
  listen() {
    if (this.stream !== null || this.ended || performance.now() < this.listenAt) return;
    const query = new URLSearchParams({ token: this.token, after: String(this.seen.number) });
    const stream = new EventSource(`${this.base}/events?${query}`);
    this.stream = stream;
    for (const kind of this.kinds) stream.addEventListener(kind, () => this.stir());
    stream.addEventListener("open", () => {
      this.breaks = 0;
      this.connect("live");
    });
    stream.addEventListener("error", () => {
      // Whatever was missed is in the next look; that also tells whether anybody answers.
      stream.close();
      if (this.stream !== stream) return;
      this.stream = null;
      this.listenAt = performance.now() + Math.min(RETRY_SOON * 2 ** this.breaks++, RETRY_LATE);
      if (this.connection === "live") this.connect("waiting");
      this.wait(this.breaks === 1 ? RETRY_SOON : LOOK_UNTOLD);
    });
  }

  /** @param {Connection} connection */
  connect(connection) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.tell();
  }

  /** Tell who listens, once in a frame. */
  tell() {
    for (const told of this.told) told();
  }

  /**
   * Ask the control path; null where nobody answers, or the token is none.
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async ask(path, body) {
    const answer = await this.answered(path, body);
    if (answer === null) {
      this.lose("lost");
      return null;
    }
    if (answer.status === 401) {
      this.lose("refused");
      return null;
    }
    if (this.connection === "lost" || this.connection === "refused") this.connection = "waiting";
    return answer.value;
  }

  /** @param {Connection} connection */
  lose(connection) {
    this.stream?.close();
    this.stream = null;
    this.connect(connection);
  }

  /**
   * @param {string} path
   * @param {object} [body]
   * @param {number} [due]  milliseconds
   * @returns {Promise<{status: number, value: any} | null>}
   */
  async answered(path, body, due = ANSWER_DUE) {
    /** @type {RequestInit} */
    const request = { headers: { Authorization: ["bearer", this.token].join(" ") }, cache: "no-store", signal: AbortSignal.timeout(due) };
    if (body !== undefined) Object.assign(request, { method: "POST", body: JSON.stringify(body) });
    try {
      const response = await fetch(`${this.base}/${path}`, request);
      return { status: response.status, value: readAnswer(await response.text()) };
    } catch {
      return null;
    }
  }

  /**
   * @param {Ref | null} target
   * @returns {Promise<ActView[]>}
   */
  async acts(target) {
    // Who looks at the cloud finds out when somebody answers again.
    if (this.connection === "lost" || this.connection === "refused") return [];
    this.asking += 1;
    const found = await this.ask(target === null ? "acts" : `acts?on=${refName(target)}`);
    this.asking -= 1;
    if (this.asking === 0 && this.again && !this.looking) this.wait(this.pause());
    // What went meanwhile can do nothing.
    return Array.isArray(found) ? found : [];
  }

  /**
   * @param {ActView} act
   * @returns {Promise<Happening>}
   */
  async perform(act) {
    const body = { on: act.on === null ? null : refName(act.on), key: act.key };
    const found = await this.ask("acts", body);
    await this.look();
    if (found !== null && found.error === undefined) {
      this.name(found);
      return found;
    }
    const words = found === null ? text(`live.${this.connection}`) : text("live.missed");
    const refusal = { text: words, code: "", why: [], ways: [] };
    return { number: this.seen.number, who: "", what: act.label, accepted: false, changes: [], refusal };
  }

  /**
   * @param {ActView} act
   * @returns {Promise<WayView[] | null>}
   */
  async instead(act) {
    if (act.on === null) return null;
    const found = await this.ask(`instead?${new URLSearchParams({ on: refName(act.on), key: act.key })}`);
    return Array.isArray(found) ? found : null;
  }

  /**
   * @param {string} name
   * @returns {Promise<any[] | null>}
   */
  async learning(name) {
    const answer = await this.answered(name, undefined, MAKING_DUE);
    return answer !== null && Array.isArray(answer.value) ? answer.value : null;
  }

  /** @param {Wish} wish */
  show(wish) {
    this.shown = { ...this.shown, wish: { ...this.shown.wish, ...wish } };
    void this.look();
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.stream?.close();
    this.told = [];
  }
}

/**
 * Read JSON of which all texts will be shown: letters that are not seen, and turn the text around
 * or hide in it, become words.
 * @param {string} json
 * @returns {any}
 */
function readAnswer(json) {
  return JSON.parse(json, (_, value) =>
    typeof value === "string" ? value.replace(UNSEEN, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`) : value,
  );
}

/**
 * @param {Wish} wish
 * @returns {string}
 */
function queryOf(wish) {
  const query = new URLSearchParams();
  if (wish.text) query.set("text", wish.text);
  if (wish.state) query.set("state", wish.state);
  if (wish.around) query.set("around", refName(wish.around));
  if (wish.size) query.set("size", String(wish.size));
  return query.toString();
}

/**
 * @param {Ref} one
 * @returns {string}
 */
function refName(one) {
  return `${one.kind}-${one.id}`;
}
