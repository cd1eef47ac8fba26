/**
 * What the modules of the page tell each other.
 *
 * A world is what is played: one that follows the rules in the page, or the
 * cloud of a running endpoint. Everything else draws what a world tells.
 *
 * @typedef {"image" | "machine"} Kind
 *
 * @typedef {object} Ref  An image or a machine.
 * @property {Kind} kind
 * @property {number} id
 *
 * @typedef {object} ImageView
 * @property {number} id
 * @property {string} name
 * @property {string} state  as OpenNebula calls it: READY, LOCKED_USED, …
 * @property {string} type  OS, DATABLOCK, …
 * @property {boolean} persistent
 * @property {string[]} flags  what else is set: FORCE_DELETE, SHAREABLE, no file, …
 * @property {number} runningVms  RUNNING_VMS
 * @property {number} cloningOps  CLONING_OPS
 * @property {number[]} machines  the ids of the machines that hold it
 * @property {number[]} clones  the ids of the images that are being copied from it
 * @property {number | null} source  the id of the image that it is being copied from
 * @property {number[]} snapshots  their ids
 * @property {string} [error]  what was said last of a failure
 *
 * @typedef {object} MachineView
 * @property {number} id
 * @property {string} name
 * @property {string} state
 * @property {number[]} images  the ids of the images of its disks
 * @property {string} [error]  what was said last of a failure
 *
 * @typedef {object} RequestView  What a driver was asked for and has not answered.
 * @property {string} key  the same as long as it is open
 * @property {string} driver  datastore, transfer, hypervisor
 * @property {string} action  CP, MKFS, CLONE, RM, …
 * @property {Ref} about
 * @property {string} name  of what it is about
 *
 * @typedef {object} RefusalView
 * @property {string} text  oned's own message
 * @property {string} code  the name of its error code
 * @property {string[]} why  the reasons, in plain words
 * @property {string[]} ways  commands that would do something now
 *
 * @typedef {object} ActView  What can be tried.
 * @property {string} key  the same for the same act in the same situation
 * @property {Ref | null} on  what it is done to; null for a new image
 * @property {string} operation  the key of its explanation in the data's `operations`: the name in
 *   the image's table, or vm. and the name in the machine's
 * @property {string} label  in few words: a command, or "datastore: complete CP debian"
 * @property {string} driver  "" for a command; else the driver that answers
 * @property {boolean} fails  whether it is a driver's failure
 * @property {string} request  the key of the request that it answers, "" for a command
 * @property {boolean} legal  whether it would be accepted
 * @property {[string, string] | null} edge  the state of its image before and after, where that
 *   changes
 * @property {RefusalView | null} refusal
 *
 * @typedef {object} WayView  A way to where what is refused now is done.
 * @property {ActView} first  what can be done now
 * @property {string[]} then  the labels of what is done behind it
 *
 * @typedef {object} Change
 * @property {Kind} kind
 * @property {number} id
 * @property {string} name
 * @property {string} from  a state; "" for what is new
 * @property {string} to  a state; "gone" for what is no more
 *
 * @typedef {object} Happening  A row of the timeline.
 * @property {number} number
 * @property {string} who  a user or a driver
 * @property {string} what
 * @property {string} [call]  the call that it was, where `what` is a command; "" for none
 * @property {boolean} accepted
 * @property {Change[]} changes
 * @property {RefusalView | null} refusal
 *
 * @typedef {object} View
 * @property {ImageView[]} images
 * @property {MachineView[]} machines
 * @property {RequestView[]} requests
 * @property {Happening[]} timeline  the oldest first
 * @property {{images: number, machines: number}} hidden  how many more there are than are shown
 *
 * @typedef {object} World
 * @property {() => View} view
 * @property {(target: Ref | null) => Promise<ActView[]>} acts  what can be tried on an image or a
 *   machine, the answers to its requests among it; null: what makes a new image
 * @property {(act: ActView) => Promise<Happening>} perform
 * @property {(act: ActView) => Promise<WayView[] | null>} [instead]  the shortest ways to where a
 *   refused act is done, the plainest first; null where nobody could look for them
 * @property {(told: () => void) => void} listen  have a function called after each change
 * @property {Past | null} past  null where one cannot go back, since others act, too
 * @property {LiveWindow} [window]  where only a part may be shown
 * @property {() => Full} [full]  where there is not room for any number
 *
 * @typedef {object} Full  What there can be no more of.
 * @property {number} most  how many images, and how many machines, there may be at a time
 * @property {("image" | "machine")[]} kinds
 *
 * @typedef {World & {window: LiveWindow, learning: Learning}} LiveWorld  The cloud of a running
 *   endpoint; none of what it promises fails: who cannot be reached, or is gone, is told as a
 *   refusal, or can do nothing.
 *
 * @typedef {object} Learning  What can be learned, which does not touch the running cloud; null
 *   where the server does not give it.
 * @property {() => Promise<import("./learning_types.js").Lesson[] | null>} lessons
 * @property {() => Promise<import("./learning_types.js").QuizQuestion[] | null>} questions
 *
 * @typedef {object} LiveWindow  The part of a cloud that is shown.
 * @property {() => Shown} shown
 * @property {(wish: Wish) => void} show  change what is asked for; the rest of it stays
 * @property {() => Connection} connection
 * @property {() => boolean} isKnown  whether the cloud has been seen yet
 * @property {() => Promise<void>} begin
 * @property {() => void} end
 *
 * @typedef {object} Wish
 * @property {string} [text]  in names, or an id
 * @property {string} [state]
 * @property {Ref | null} [around]  what is to be there in any case
 * @property {number} [size]  how many images, and machines, at most
 *
 * @typedef {object} Shown
 * @property {Wish} wish
 * @property {{images: number, machines: number, requests: number}} totals  of the whole cloud
 * @property {Record<string, number>} states  how many images are in which
 *
 * @typedef {"waiting" | "live" | "lost" | "refused"} Connection
 *
 * @typedef {object} Past  Going back and forth.
 * @property {() => string} problem  the key of a text about the link it began with; "" for none
 * @property {() => boolean} canUndo
 * @property {() => boolean} canRedo
 * @property {() => Happening | null} undo  gives what was taken back
 * @property {() => Happening | null} redo  gives what was done again
 * @property {() => void} restart
 * @property {() => Ref | null} at  what the last act was done to, or what it made; null before the first
 * @property {() => string} fragment  what of a link makes the same again: the part behind #
 */

export const GONE = "gone";

/** The state of a machine that is no more; images may still count it. */
export const DONE = "DONE";
