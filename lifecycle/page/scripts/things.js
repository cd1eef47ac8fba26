import { DONE } from "./types.js";

/**
 * @typedef {import("./types.js").ActView} ActView
 * @typedef {import("./types.js").ImageView} ImageView
 * @typedef {import("./types.js").MachineView} MachineView
 * @typedef {import("./types.js").Ref} Ref
 * @typedef {import("./types.js").View} View
 */

/**
 * Give what is shown of a thing.
 * @param {View} view
 * @param {{kind: string, id: number} | null} one
 * @returns {ImageView | MachineView | undefined}
 */
export function find(view, one) {
  if (one === null) return undefined;
  const all = one.kind === "image" ? view.images : view.machines;
  return all.find((other) => other.id === one.id);
}

/**
 * Give the ids of the images that a thing is, or has as its disks.
 * @param {View} view
 * @param {Ref | null} one
 * @returns {number[]}
 */
export function imagesOf(view, one) {
  if (one?.kind === "image") return [one.id];
  return view.machines.find(({ id }) => id === one?.id)?.images ?? [];
}

/**
 * Give a thing, its holders, and what it holds; what is done to a holder that is done does nothing.
 * @param {View} view
 * @param {Ref | null} one
 * @returns {(Ref | null)[]}
 */
export function around(view, one) {
  if (one === null) return [null];
  const holders = one.kind === "image" ? (view.images.find(({ id }) => id === one.id)?.machines ?? []) : [];
  const machines = holders.filter((id) => find(view, { kind: "machine", id })?.state !== DONE);
  const images = one.kind === "machine" ? imagesOf(view, one) : [];
  return [
    one,
    ...machines.map((id) => ({ kind: /** @type {const} */ ("machine"), id })),
    ...images.map((id) => ({ kind: /** @type {const} */ ("image"), id })),
  ];
}

/**
 * Tell whether an act is done to a thing.
 * @param {ActView} act
 * @param {Ref | null} one
 * @returns {boolean}
 */
export function isOn(act, one) {
  return act.on?.kind === one?.kind && act.on?.id === one?.id;
}

/**
 * Tell whether an act on a machine moves an image, and no other.
 * @param {View} view
 * @param {ActView} act
 * @param {Ref | null} image
 * @returns {boolean}
 */
export function movesThrough(view, act, image) {
  if (act.on?.kind !== "machine" || image?.kind !== "image" || !act.legal || act.edge === null) return false;
  const disks = imagesOf(view, act.on);
  return disks.length === 1 && disks[0] === image.id;
}
