// @ts-check
/**
 * Functions that a vendor's own script gives the page, such as `Genesys()`: a
 * call that might hand over attributes waits for its verdict, and later calls
 * of the function wait behind it, in order.
 *
 * Nothing is done before such a script is in the page. Then what stands at the
 * function's name is wrapped (a queue, as snippets make it), and again what
 * the script puts in its place.
 */

const { MutationObserver: NativeMutationObserver, reportError: nativeReportError } = window;
const { isArray, of: listOf } = Array;
const mutationObserver = own(MutationObserver, "observe");
const mutation = own(MutationRecord, "addedNodes");
const nodeList = own(NodeList, "item", "length");
const scripts = own(HTMLScriptElement, "src");

/**
 * A function that is wrapped: what was last found at its name, and where. What
 * waits is a chain from `first` to `last`; `isPassing` while one of it is called.
 * @typedef {{pattern: Patterns["calls"][number], name: string, native: Function, owner: any, isPassing: boolean,
 *   first?: WaitingCall, last?: WaitingCall}} CallLine
 * @typedef {{self: any, args: any[], owner: any, number: number, judged?: Promise<Judged>, text?: string, next?: WaitingCall}} WaitingCall
 */

/** Those whose script is in the page. @type {any} */
const callLines = bare({ length: 0 });
/** @type {MutationObserver | undefined} */
let treeObserver;

/** Looks for the scripts where they are put: in the document's head or at its top. */
function patchCalls() {
  treeObserver = new NativeMutationObserver((records) => {
    for (let index = 0; index < records.length; index++) {
      lookAt(mutation.addedNodes(records[index]), true);
    }
  });
  watchTree(document, true);
}

/**
 * @param {Node} parent
 * @param {boolean} isNew whether no script of it can have run
 */
function watchTree(parent, isNew) {
  mutationObserver.observe(treeObserver, parent, bare({ childList: true }));
  lookAt(node.childNodes(parent), isNew);
}

/**
 * @param {NodeList} list
 * @param {boolean} isNew
 */
function lookAt(list, isNew) {
  for (let index = 0; index < nodeList.length(list); index++) {
    const child = nodeList.item(list, index);
    const name = node.nodeName(child);
    if (name === "SCRIPT") {
      noteScript(child, isNew);
    } else if (name === "HTML" || name === "HEAD" || name === "BODY") {
      watchTree(child, isNew);
    }
  }
}

/**
 * @param {any} script
 * @param {boolean} isNew
 */
function noteScript(script, isNew) {
  const address = scripts.src(script);
  some(patterns, ({ calls }) => some(calls, (call) => hasOneOf(address, call.scripts) && noteCall(call)));
  if (callLines.length > 0 && address !== "") {
    wrapCalls(isNew);
    // Before the page's own listener, which may call the function; and after it, because it may make it.
    const listener = () => {
      wrapCalls(false);
      later(wrapCalls, 0, false);
    };
    eventTarget.addEventListener(script, "load", listener, bare({ capture: true }));
  }
}

/**
 * @param {Patterns["calls"][number]} pattern
 * @returns {false} for there may be more
 */
function noteCall(pattern) {
  if (some(callLines, (line) => line.pattern === pattern)) {
    return false;
  }
  let name = pattern.path[0];
  for (let index = 1; index < pattern.path.length; index++) {
    name += `.${pattern.path[index]}`;
  }
  callLines[callLines.length++] = bare({ pattern, name, first: undefined, last: undefined, isPassing: false });
  return false;
}

/** @param {boolean} isNew */
function wrapCalls(isNew) {
  some(callLines, (line) => attempt(() => wrapCall(line, isNew), line) !== undefined);
}

/**
 * @param {CallLine} line
 * @param {boolean} isNew
 */
function wrapCall(line, isNew) {
  const { path } = line.pattern;
  /** @type {any} */
  let owner = window;
  for (let index = 0; index < path.length - 1; index++) {
    owner = dataOf(owner, path[index]);
  }
  const name = path[path.length - 1];
  const native = dataOf(owner, name);
  if (typeof native !== "function" || weakMap.get(nativeTexts, native) !== undefined) {
    return;
  }
  if (getOwnPropertyDescriptor(owner, name) === undefined) {
    // Of its prototype, which others share.
    defineProperty(owner, name, bare({ value: native, writable: true, enumerable: false, configurable: true }));
  }
  const queued = isNew ? queueOf(owner, native) : undefined;
  patch(owner, name, (native, self, args) => {
    const text = !line.isPassing && mightHandOver(line, args) ? attempt(stringify, args) : undefined;
    if (text === undefined && (line.isPassing || line.first === undefined)) {
      return apply(native, self, args);
    }
    enqueueCall(line, self, args, text);
  });
  line.native = native;
  line.owner = owner;
  if (queued !== undefined) {
    takeQueue(line, queued);
  }
}

/**
 * A property as it is held: a page's getters are not called.
 * @param {any} object
 * @param {string} name
 */
function dataOf(object, name) {
  for (let holder = object; holder !== null; holder = getPrototypeOf(holder)) {
    const descriptor = getOwnPropertyDescriptor(holder, name);
    if (descriptor !== undefined) {
      return descriptor.value;
    }
  }
}

/**
 * The calls that wait for the vendor's script: in `q`, as snippets keep them,
 * or in the list that the script will put its object in the place of.
 * @param {any} owner
 * @param {Function} native
 * @returns {{list: any[], calls: any[][]} | undefined}
 */
function queueOf(owner, native) {
  const list = isArray(owner) ? owner : dataOf(native, "q");
  if (!isArray(list)) {
    return;
  }
  const calls = apply(listOf, undefined, list);
  for (let index = 0; index < calls.length; index++) {
    calls[index] = list === owner ? [list[index]] : apply(listOf, undefined, list[index]);
  }
  return { list, calls };
}

/**
 * Takes the first queued call that might hand over attributes out of the
 * queue, and all behind it, as if they came now.
 * @param {CallLine} line
 * @param {{list: any[], calls: any[][]}} queue
 */
function takeQueue(line, { list, calls }) {
  for (let index = 0; index < calls.length; index++) {
    const text = mightHandOver(line, calls[index]) ? attempt(stringify, calls[index]) : undefined;
    if (text !== undefined || line.first !== undefined) {
      list.length = list.length < index ? list.length : index;
      enqueueCall(line, line.owner, calls[index], text);
    }
  }
}

/**
 * @param {CallLine} line
 * @param {any[]} args
 */
function mightHandOver({ pattern: { when } }, args) {
  /** @param {string[]} texts a position and what may stand there */
  const isOther = (texts) => {
    const given = args[/** @type {any} */ (texts[0])];
    return typeof given === "string" && !isOneOf(given, texts);
  };
  return some(when, (list) => !some(list, isOther));
}

/**
 * @param {CallLine} line
 * @param {any} self
 * @param {any[]} args
 * @param {string | undefined} text the arguments as JSON, where they are to be judged
 */
function enqueueCall(line, self, args, text) {
  /** @type {WaitingCall} */
  const waiting = bare({ self, args, owner: line.owner, number: 0, text, judged: undefined, next: undefined });
  if (text !== undefined) {
    waiting.number = ++candidates;
    /** @type {any} */
    const candidate = bare({ transport: "pageApi", method: "CALL", url: line.name, contentType: null });
    waiting.judged = judge(waiting.number, candidate, atHand(text), undefined);
  }
  if (line.last === undefined) {
    line.first = line.last = waiting;
    drainCalls(line);
  } else {
    line.last = line.last.next = waiting;
  }
}

/** @param {CallLine} line */
async function drainCalls(line) {
  for (let waiting = line.first; waiting !== undefined; waiting = line.first = waiting.next) {
    callNow(line, waiting, waiting.judged && (await waiting.judged));
  }
  line.last = undefined;
}

/**
 * Calls what stands at the name by now: the vendor's own function, if its
 * script came meanwhile and emptied the queue.
 * @param {CallLine} line
 * @param {WaitingCall} waiting
 * @param {Judged | undefined} judged
 */
function callNow(line, { self, args, owner, number, text }, judged) {
  let given = args;
  let used = judged?.verdict ?? PASS_THROUGH;
  if (text !== undefined) {
    try {
      given = adopted(args, used.kind === "replace" ? used.body : text);
    } catch (error) {
      used = noVerdict({ kind: "editFailed", reason: `${error}` });
    }
  }
  line.isPassing = true;
  try {
    apply(line.native, self === owner ? line.owner : self, given);
  } catch (error) {
    attempt(hideTrack, error);
    apply(nativeReportError, window, [error]);
  }
  line.isPassing = false;
  if (judged !== undefined) {
    tellSent(number, judged.candidate, used, used.kind === "replace");
  }
}

/**
 * The arguments that say what a text says, with all of the page's own that say it already.
 * @param {any[]} args
 * @param {string} text
 */
function adopted(args, text) {
  const made = adopt(args, parse(text));
  if (stringify(made) !== stringify(parse(text))) {
    throw "its arguments changed while it waited";
  }
  return made;
}

/**
 * @param {any} given
 * @param {any} wanted as it was parsed
 * @returns {any}
 */
function adopt(given, wanted) {
  if (stringify([given]) === stringify([wanted])) {
    return given;
  }
  if (!isObject(given) || !isObject(wanted) || isArray(given) !== isArray(wanted)) {
    return wanted;
  }
  /** @type {any} */
  const made = isArray(given) ? apply(listOf, undefined, given) : { ...given };
  setPrototypeOf(made, getPrototypeOf(given));
  const keys = ownKeys(wanted);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index];
    const value = adopt(getOwnPropertyDescriptor(made, key)?.value, /** @type {any} */ (wanted)[key]);
    // Of a list the length is there too, and stays.
    defineProperty(made, key, bare({ value, writable: true, enumerable: true, configurable: true }));
  }
  return made;
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === "object" && value !== null;
}
