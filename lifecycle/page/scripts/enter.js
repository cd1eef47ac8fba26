import { announce } from "./announce.js";
import { byId, element } from "./dom.js";
import { liveWorld } from "./live.js";
import { counted, text } from "./texts.js";

/**
 * @typedef {import("./types.js").LiveWorld} LiveWorld
 */

const CONTROL_PATH = "/control";
const TOKEN_KEPT = "lifecycle-token";
const TOKEN_FRAGMENT = /^#token=([\w-]+)$/;

/** How many images are shown, to choose from. */
const LIVE_SIZES = [20, 50, 100, 200];

/** Milliseconds after the last key until it is searched. */
const AFTER_TYPING = 150;

/**
 * Show the cloud of the endpoint that this page came from, once its token is known.
 * @param {HTMLElement} host  where to ask for the token, and to tell what is shown
 * @param {(world: LiveWorld) => void} begin  is called once, with a world that has been looked at
 */
export function enter(host, begin) {
  addEventListener("hashchange", () => {
    if (tokenGiven() !== null) location.reload();
  });
  const token = tokenGiven() ?? tokenKept();
  if (token === null) askToken(host, "", (other) => void enterWith(host, other, begin));
  else void enterWith(host, token, begin);
}

/**
 * Give the token of the address, and take it from there: an address is soon passed on.
 * @returns {string | null}
 */
function tokenGiven() {
  const found = TOKEN_FRAGMENT.exec(location.hash)?.[1] ?? null;
  if (found !== null) {
    keepToken(found);
    history.replaceState(null, "", location.pathname);
  }
  return found;
}

/**
 * @param {string} token
 */
function keepToken(token) {
  try {
    // eslint-disable-next-line no-restricted-globals -- it is for this tab alone, and ends with it
    sessionStorage.setItem(TOKEN_KEPT, token);
  } catch {
    // A browser that keeps nothing asks again when the page is loaded again.
  }
}

/** @returns {string | null} */
function tokenKept() {
  try {
    // eslint-disable-next-line no-restricted-globals -- it is for this tab alone, and ends with it
    return sessionStorage.getItem(TOKEN_KEPT);
  } catch {
    return null;
  }
}

/**
 * Look at the cloud; where the token is none, ask for another one.
 * @param {HTMLElement} host
 * @param {string} token
 * @param {(world: LiveWorld) => void} begin
 */
async function enterWith(host, token, begin) {
  const world = liveWorld({ base: CONTROL_PATH, token });
  const connection = element("p", { class: "live-state", role: "status" });
  host.replaceChildren(connection);
  let begun = false;
  const told = () => {
    const state = world.window.connection();
    connection.textContent = text(`live.${state}`);
    connection.dataset["connection"] = state;
    if (state === "refused") {
      world.window.end();
      askToken(host, text("live.refused"), (other) => goOnWith(host, other, begun, begin));
    } else if (!begun && world.window.isKnown()) {
      begun = true;
      keepToken(token);
      host.append(...liveControls(world));
      begin(world);
      // Who typed the token goes on where there is something to see.
      if (document.activeElement === document.body) byId("main").focus();
    }
  };
  world.listen(told);
  told();
  await world.window.begin();
}

/**
 * Go on with another token: what is shown begins anew then.
 * @param {HTMLElement} host
 * @param {string} token
 * @param {boolean} begun
 * @param {(world: LiveWorld) => void} begin
 */
function goOnWith(host, token, begun, begin) {
  if (!begun) {
    void enterWith(host, token, begin);
    return;
  }
  keepToken(token);
  location.reload();
}

/**
 * Ask for the token.
 * @param {HTMLElement} host
 * @param {string} problem  what was wrong with the one before
 * @param {(token: string) => void} take
 */
function askToken(host, problem, take) {
  const field = document.createElement("input");
  field.type = "password";
  field.id = "token";
  field.autocomplete = "off";
  field.required = true;
  const form = element(
    "form",
    { class: "live-ask", "aria-labelledby": "token-title" },
    element("h2", { id: "token-title" }, text("live.ask")),
    element("p", {}, text("live.ask.where")),
    element("label", { for: "token" }, text("live.ask.token")),
    field,
    element("button", { type: "submit", class: "act" }, text("live.ask.open")),
    element("p", { role: "alert" }, problem),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Whoever pastes the whole address means the token in it.
    const token = field.value.trim().replace(/^.*#token=/, "");
    if (token !== "") take(token);
  });
  host.replaceChildren(form);
  field.focus();
}

/**
 * Make what chooses the part of the cloud that is shown.
 * @param {LiveWorld} world
 * @returns {HTMLElement[]}
 */
function liveControls(world) {
  const search = document.createElement("input");
  search.type = "search";
  search.id = "live-search";
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => world.window.show({ text: search.value }), AFTER_TYPING);
  });
  const state = document.createElement("select");
  state.id = "live-only";
  state.addEventListener("change", () => world.window.show({ state: state.value }));
  const size = document.createElement("select");
  size.id = "live-size";
  for (const one of LIVE_SIZES) size.append(new Option(String(one), String(one)));
  size.addEventListener("change", () => world.window.show({ size: Number(size.value) }));
  const totals = element("p", { class: "live-totals muted" });
  let found = "";
  world.listen(() => {
    const { states, wish } = world.window.shown();
    offerStates(state, states);
    const { images, hidden } = world.view();
    const words = totalsTold(world);
    if (totals.textContent !== words) totals.textContent = words;
    const searched = JSON.stringify([wish.text, wish.state]);
    if (searched !== found) announce(text("live.found", { shown: images.length, all: images.length + hidden.images }));
    found = searched;
  });
  found = JSON.stringify([undefined, undefined]);
  return [
    labelled(text("live.search"), search),
    labelled(text("live.only"), state),
    labelled(text("live.size"), size),
    totals,
  ];
}

/**
 * Tell how much there is, and that not all of it is shown.
 * @param {LiveWorld} world
 * @returns {string}
 */
function totalsTold(world) {
  const { totals } = world.window.shown();
  const { hidden } = world.view();
  const words = text("live.totals", { images: counted(totals.images), machines: counted(totals.machines), requests: counted(totals.requests) });
  return hidden.images + hidden.machines === 0 ? words : `${words} ${text("live.part")}`;
}

/**
 * Offer the states that there are images in; the chosen one stays.
 * @param {HTMLSelectElement} select
 * @param {Record<string, number>} states
 */
function offerStates(select, states) {
  const chosen = select.value;
  const known = chosen === "" || chosen in states ? states : { ...states, [chosen]: 0 };
  const all = [["", text("live.any")], ...Object.entries(known).map(([name, count]) => [name, `${name} (${counted(count)})`])];
  const signature = JSON.stringify(all);
  if (select.dataset["shown"] === signature) return;
  select.dataset["shown"] = signature;
  select.replaceChildren(...all.map(([value = "", words = ""]) => new Option(words, value, false, value === chosen)));
}

/**
 * @param {string} words
 * @param {HTMLElement} control
 * @returns {HTMLElement}
 */
function labelled(words, control) {
  return element("span", { class: "live-control" }, element("label", { for: control.id }, words), control);
}
