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

const { isArray, of: listOf } = Array;
const [observerObserve] = own(window.MutationObserver, "observe");
const [mutationAddedNodes] = own(window.MutationRecord, "addedNodes");
const [scriptSrc] = own(HTMLScriptElement, "src");

/**
 * A function that is wrapped: what was last found at its name, and where, and
 * the line of its calls that wait; `isPassing` while one of them is called.
 * Of `isAtOnce` no call waits: the page uses what it returns or does. `hasMore`: more is sought than when it was last looked at.
 * @typedef {{path: string, sought: CallPattern[], isAtOnce: boolean, native: Function, owner: any, isPassing?: boolean, hasMore?: boolean} & Line<WaitingCall>} CallLine
 * @typedef {{self: any, args: any[], owner: any, text?: string, asked?: any, about?: any}} WaitingCall the number and candidate that it is asked about by
 */

/** The scripts that had run when a tester's own patterns came. */
const loaded = new WeakMap();

/** @param {Event} event */
const noteLoaded = (event) => weakSet(loaded, eventTarget(event), true);

/** Those whose script is in the page. @type {any} */
const callLines = bare({ length: 0 });
/** @type {MutationObserver | undefined} */
let treeObserver;

/** Looks for the scripts where they are put: in the document's head or at its top. */
const patchCalls = () => {
  treeObserver = new NativeMutationObserver((records) => {
    some(records, (record) => lookAt(mutationAddedNodes(record), true));
  });
  watchTree(document, true);
};

/**
 * @param {Node} parent
 * @param {boolean} [isNew] whether no script of it can have run
 */
const watchTree = (parent, isNew) => {
  observerObserve(treeObserver, parent, bare({ childList: true }));
  lookAt(nodeChildNodes(parent), isNew);
};

/**
 * @param {NodeList} list
 * @param {boolean} [isNew]
 */
const lookAt = (list, isNew) => {
  for (let index = 0, at; (at = getOwnPropertyDescriptor(list, index)); index++) {
    /** @type {any} */
    const child = at.value;
    const name = nodeNodeName(child);
    if (name === "SCRIPT") {
      noteScript(child, isNew);
    } else if (isOneOf(name, ["HTML", "HEAD", "BODY"])) {
      watchTree(child, isNew);
    }
  }
};

/**
 * @param {any} script
 * @param {boolean} [isNew]
 */
const noteScript = (script, isNew) => {
  const address = scriptSrc(script);
  some(patterns, ({ c: calls }) => some(calls, (call) => hasOneOf(address, call.s) && noteCall(call)));
  if (callLines.length && address) {
    wrapCalls(isNew && !weakGet(loaded, script));
    // Before the page's own listener, which may call the function; and after it, because it may make it.
    const listener = () => {
      wrapCalls();
      later(wrapCalls);
    };
    targetAddEventListener(script, "load", listener, true);
  }
};

/**
 * A function is wrapped once: what a tester looks for is added to what a built-in profile does.
 * @param {CallPattern} pattern
 */
const noteCall = (pattern) => {
  /** @type {any} */
  let line;
  if (!some(callLines, (known) => known.path === pattern.n && (line = known))) {
    line = callLines[callLines.length++] = bare({ path: pattern.n, sought: bare({ length: 0 }), isAtOnce: false });
  }
  if (!some(line.sought, (other) => other === pattern)) {
    line.sought[line.sought.length++] = pattern;
    line.hasMore = true;
    line.isAtOnce ||= !!pattern.o;
  }
};

/** @param {boolean} [isNew] */
const wrapCalls = (isNew) => {
  some(callLines, (line) => attempt(() => wrapCall(line, isNew), line));
};

/**
 * @param {CallLine} line
 * @param {boolean} [isNew]
 */
const wrapCall = (line, isNew) => {
  const { path } = line;
  /** @type {any} */
  let owner = window;
  let from = 0;
  for (let dot; (dot = textIndexOf(path, ".", from)) >= 0; from = dot + 1) {
    owner = dataOf(owner, textSlice(path, from, dot));
  }
  const name = textSlice(path, from);
  const native = dataOf(owner, name);
  // A function of the browser's own is no vendor's, but for that of a list that is a queue.
  const isWrapped = weakGet(nativeTexts, native);
  if (typeof native !== "function" || (isWrapped && !line.hasMore) || (isBrowsers(native) && !isArray(owner))) {
    return;
  }
  if (!getOwnPropertyDescriptor(owner, name)) {
    // Of its prototype, which others share.
    define(owner, name, native, false);
  }
  // Where something waits that was queued before, the queue would be put before it again.
  const queued = isNew && !line.isAtOnce && !line.first && queueOf(owner, native);
  line.hasMore = false;
  if (!isWrapped) {
    wrap(line, owner, name, native);
  }
  if (queued) {
    takeQueue(line, queued);
  }
};

/**
 * @param {CallLine} line
 * @param {any} owner
 * @param {string} name
 * @param {Function} native
 */
const wrap = (line, owner, name, native) => {
  const proxy = patch(owner, name, (native, self, args) => {
    const text = !line.isPassing && mightHandOver(line, args) && attempt(listText, args);
    if (text && line.isAtOnce) {
      return callAtOnce(line, native, self, args, text);
    }
    if (!text && (line.isPassing || !line.first)) {
      return apply(native, self, args);
    }
    enqueueCall(line, self, args, text);
  });
  if (!proxy) {
    tellFrozen();
  }
  line.native = native;
  line.owner = owner;
};

/**
 * Whether a function says that it is native, and has a name: one that is bound says so too, and has none.
 * @param {Function} native
 */
const isBrowsers = (native) => regExpExec(/^function \w+\(\) \{\s*\[native code\]/, apply(functionText, native, [])) !== null;

/**
 * A property as it is held: a page's getters are not called.
 * @param {any} object
 * @param {string} name
 */
const dataOf = (object, name) => {
  for (let holder = object; holder !== null; holder = getPrototypeOf(holder)) {
    const descriptor = getOwnPropertyDescriptor(holder, name);
    if (descriptor) {
      return descriptor.value;
    }
  }
};

/**
 * The calls that wait for the vendor's script: in `q`, as snippets keep them,
 * or in the list that the script will put its object in the place of.
 * @param {any} owner
 * @param {Function} native
 * @returns {{list: any[], calls: any[][]} | undefined}
 */
const queueOf = (owner, native) => {
  const list = isArray(owner) ? owner : dataOf(native, "q");
  if (!isArray(list)) {
    return;
  }
  const calls = apply(listOf, null, list);
  for (let index = 0; index < calls.length; index++) {
    calls[index] = list === owner ? [list[index]] : apply(listOf, null, list[index]);
  }
  return { list, calls };
};

/**
 * Takes the first queued call that might hand over attributes out of the
 * queue, and all behind it, as if they came now.
 * @param {CallLine} line
 * @param {{list: any[], calls: any[][]}} queue
 */
const takeQueue = (line, { list, calls }) => {
  for (let index = 0; index < calls.length; index++) {
    const text = mightHandOver(line, calls[index]) && attempt(listText, calls[index]);
    if (text || line.first) {
      if (list.length > index) {
        list.length = index;
      }
      enqueueCall(line, line.owner, calls[index], text);
    }
  }
};

/**
 * @param {CallLine} line
 * @param {any[]} args
 */
const mightHandOver = ({ sought }, args) => {
  /** @param {[number, ...string[]]} texts a position and what may stand there */
  const isOther = (texts) => {
    const given = args[texts[0]];
    return isText(given) && !isOneOf(given, texts);
  };
  return args.length > 0 && some(sought, ({ w: when }) => !when || some(when, (list) => !some(list, isOther)));
};

/**
 * @param {CallLine} line
 * @param {any} self
 * @param {any[]} args
 * @param {any} text the arguments as JSON, where they are to be judged
 */
const enqueueCall = (line, self, args, text) => {
  const about = text && candidateOf(line);
  const asked = text && ++candidates;
  const judged = text && judge(asked, about, atHand(text));
  enqueue(line, bare({ self, args, owner: line.owner, text, asked, about, judged }), (waiting, verdict) =>
    callNow(line, waiting, verdict),
  );
};

/**
 * @param {CallLine} line
 * @param {object} [more]
 */
const candidateOf = ({ path }, more) => newCandidate("pageApi", "CALL", path, null, more);

/**
 * Shows a call that cannot wait.
 * @param {CallLine} line
 * @param {Function} native
 * @param {any} self
 * @param {any[]} args
 * @param {string} text
 */
const callAtOnce = (line, native, self, args, text) => {
  const number = ++candidates;
  const candidate = candidateOf(line, { notEditable: "atOnce" });
  judge(number, candidate, atHand(text));
  line.isPassing = true;
  try {
    return apply(native, self, args);
  } finally {
    line.isPassing = false;
    tellSent(number, candidate, PASS_THROUGH);
  }
};

/**
 * Calls what stands at the name by now: the vendor's own function, if its
 * script came meanwhile and emptied the queue.
 * @param {CallLine} line
 * @param {WaitingCall} waiting
 * @param {any} verdict
 */
const callNow = (line, { self, args, owner, text, asked, about }, verdict) => {
  let given = args;
  let used = verdict;
  attempt(() => wrapCall(line), line);
  // What still says the same goes on as it is.
  if (text && (isEdit(used) || attempt(listText, args) !== text)) {
    try {
      given = adopted(args, isEdit(used) ? used.edited : text);
    } catch (error) {
      used = editFailed(error);
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
  if (about) {
    tellSent(asked, about, used);
  }
};

/**
 * The arguments that say what a text says, with all of the page's own that say it already.
 * @param {any[]} args
 * @param {string} text
 */
const adopted = (args, text) => {
  const made = adopt(args, parse(text));
  if (!isArray(made) || listText(made) !== listText(parse(text))) {
    throw "its arguments changed while it waited";
  }
  return made;
};

/**
 * A list as JSON, whatever `toJSON` a page gives all lists.
 * @param {any[]} list
 */
const listText = (list) => stringify(bare(apply(listOf, null, list)));

/**
 * @param {any} given
 * @param {any} wanted as it was parsed
 * @returns {any}
 */
const adopt = (given, wanted) => {
  if (listText([given]) === listText([wanted])) {
    return given;
  }
  if (!isObject(given) || !isObject(wanted) || isArray(given) !== isArray(wanted)) {
    return wanted;
  }
  /** @type {any} */
  const made = isArray(given) ? apply(listOf, null, given) : { ...given };
  setPrototypeOf(made, getPrototypeOf(given));
  some(ownKeys(wanted), (key) => {
    const value = adopt(getOwnPropertyDescriptor(made, key)?.value, /** @type {any} */ (wanted)[key]);
    // Of a list the length is there too, and stays.
    define(made, key, value, true);
  });
  return made;
};

/**
 * @param {object} owner
 * @param {PropertyKey} name
 * @param {unknown} value
 * @param {boolean} enumerable
 */
const define = (owner, name, value, enumerable) =>
  defineProperty(owner, name, bare({ value, writable: true, enumerable, configurable: true }));

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null;
