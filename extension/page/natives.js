// @ts-check
/**
 * The browser's own functions, taken before the page can replace them.
 *
 * The files of this folder share one function scope (`cargo xtask build`
 * joins them). After this file none of them may look a method up on a global
 * or on a prototype: a page may have put its own there, by intent or by Zone.js.
 */

const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect;
const { parse, stringify } = JSON;
const { now } = Date;
const {
  URL: NativeURL,
  URLSearchParams: NativeURLSearchParams,
  Request: NativeRequest,
  Response: NativeResponse,
  Blob: NativeBlob,
  FormData: NativeFormData,
  Uint8Array: NativeUint8Array,
  XMLHttpRequest: NativeXMLHttpRequest,
  ProgressEvent: NativeProgressEvent,
  DOMException: NativeDOMException,
  Proxy: NativeProxy,
  TextDecoder: NativeTextDecoder,
  Promise: NativePromise,
  setTimeout: later,
  clearTimeout: cancelLater,
  navigator: nativeNavigator,
  fetch: nativeFetch,
  encodeURI: encoded,
  MutationObserver: NativeMutationObserver,
  reportError: nativeReportError,
} = window;
// Nothing of these is taken below, so nothing else would fail here without them, and a page's call would later.
NativeProgressEvent.length + later.length + cancelLater.length;

/**
 * An object without a prototype, so that nothing a page adds to
 * `Object.prototype` (a `toJSON`, a getter) reaches into it.
 * @template {object} T
 * @param {T} object
 * @returns {T}
 */
const bare = (object) => {
  setPrototypeOf(object, null);
  return object;
};

/**
 * Methods and getters of a class, each as a function of its object. Only
 * those that are used: every page pays for them as it begins.
 * @param {{prototype: object} | undefined} type none of a way to send that the page does not have
 * @param {string} names with a space between
 * @returns {((self: any, ...args: any[]) => any)[]} in the order of the names
 */
const own = (type, names) =>
  (type ? names.split(" ") : []).map((name) => {
    /** @type {any} */
    const { value, get } = getOwnPropertyDescriptor(/** @type {any} */ (type).prototype, name);
    const native = get ?? value;
    return (self, ...args) => apply(native, self, args);
  });

/**
 * What a function gives, or nothing where it throws.
 * @param {(self: any) => any} get
 * @param {unknown} object
 */
const attempt = (get, object) => {
  try {
    return get(object);
  } catch {}
};

/**
 * What of a text stands before a mark, or all of it.
 * @param {string} text
 * @param {string} mark
 */
const before = (text, mark) => {
  const at = textIndexOf(text, mark);
  return at < 0 ? text : textSlice(text, 0, at);
};

/**
 * @param {unknown} value
 * @returns {value is string}
 */
const isText = (value) => typeof value === "string";

/**
 * `Array.prototype.some`, which a page may have replaced. A list that is not there has no item.
 * @template Item
 * @param {{length: number, [index: number]: Item} | undefined} list
 * @param {(item: Item) => unknown} test where it gives nothing, every item gets its turn
 */
const some = (list, test) => {
  for (let index = 0; list && index < list.length; index++) {
    if (test(list[index])) {
      return true;
    }
  }
  return false;
};

// Each has the name of what it is of, and then its own.
const [
  textCharCodeAt,
  textEndsWith,
  textIndexOf,
  textSlice,
  textStartsWith,
  textToLowerCase,
  textToUpperCase,
  textToWellFormed,
] = own(String, "charCodeAt endsWith indexOf slice startsWith toLowerCase toUpperCase toWellFormed");
const [weakGet, weakSet] = own(WeakMap, "get set");
const [targetAddEventListener, targetDispatchEvent, targetRemoveEventListener] = own(
  EventTarget,
  "addEventListener dispatchEvent removeEventListener",
);
const [urlHostname, urlHref, urlPathname, urlSearchParams] = own(URL, "hostname href pathname searchParams");
const [responseArrayBuffer, responseBody, responseClone, responseHeaders, responseStatus] = own(
  Response,
  "arrayBuffer body clone headers status",
);
const [headerGet] = own(Headers, "get");
const [eventCurrentTarget, eventStopImmediatePropagation, eventTarget] = own(
  Event,
  "currentTarget stopImmediatePropagation target",
);
const [regExpExec] = own(RegExp, "exec");

/** What the patched functions say that they are. */
const nativeTexts = new WeakMap();
const functionPrototype = Function.prototype;
const functionText = functionPrototype.toString;

/**
 * Puts a proxy in a function's place: name, length and all else stay native.
 * @param {any} owner
 * @param {string} name
 * @param {(native: any, self: any, args: any) => any} trap for a constructor with its arguments and its new target
 * @param {"value" | "get" | "set"} part
 * @param {"apply" | "construct"} what what the trap stands for
 * @returns {any} the proxy; nothing where there is no such function, or it is frozen
 */
const patch = (owner, name, trap, part = "value", what = "apply") => {
  /** @type {any} */
  const descriptor = getOwnPropertyDescriptor(owner, name);
  if (!descriptor) {
    return;
  }
  const native = descriptor[part];
  /** @type {typeof trap} */
  const act = (native, self, args) => {
    try {
      return trap(native, self, args);
    } catch (error) {
      // Near the end of the stack there may be no room for it.
      attempt(hideTrack, error);
      throw error;
    }
  };
  const proxy = new NativeProxy(native, bare({ [what]: act }));
  descriptor[part] = proxy;
  if (!defineProperty(owner, name, bare(descriptor))) {
    if (regExpExec(/^(fetch|open|send)/, name)) {
      tellFrozen();
    }
    return;
  }
  weakSet(nativeTexts, proxy, apply(functionText, native, []));
  return proxy;
};

/** How a line of an error's stack names this script: `chrome-extension://…/page.js:` or `<anonymous code>:`. */
const TRACK = /(?:[(@]|at )([^(@\n]*:)\d+:\d+/.exec(/** @type {string} */ (new Error().stack))?.[1];

/**
 * Takes the lines of this script out of the stack of an error that is on its way to the page.
 * @param {any} error
 */
const hideTrack = (error) => {
  const descriptor = attempt((thrown) => getOwnPropertyDescriptor(thrown, "stack"), error);
  const stack = descriptor?.value ?? attempt((thrown) => thrown.stack, error);
  if (!TRACK || !isText(stack)) {
    return;
  }
  let kept = "";
  for (let rest = stack, end; rest; rest = textSlice(rest, end)) {
    end = textIndexOf(rest, "\n") + 1 || rest.length;
    const line = textSlice(rest, 0, end);
    kept += textIndexOf(line, TRACK) < 0 ? line : "";
  }
  attempt((thrown) => (thrown.stack = kept), error);
};

/**
 * Lets something know each object that a constructor makes.
 * @param {string} name
 * @param {(made: any) => void} know
 */
const patchConstructor = (name, know) => {
  /** @type {(native: any, args: any[], newTarget: any) => any} */
  const make = (native, args, newTarget) => {
    const made = construct(native, args, newTarget);
    know(made);
    return made;
  };
  const proxy = patch(window, name, make, "value", "construct");
  if (proxy) {
    // Its attributes stay.
    defineProperty(proxy.prototype, "constructor", bare({ value: proxy }));
  }
};

/**
 * A patched function must say that it is native. One of another frame is known
 * to the text function of that frame.
 */
const patchText = () => {
  patch(functionPrototype, "toString", (native, self, args) => {
    const known = weakGet(nativeTexts, self);
    if (known) {
      return known;
    }
    const text = apply(native, self, args);
    if (text !== proxyText) {
      return text;
    }
    let its = getPrototypeOf(self);
    while (typeof its === "function" && its !== functionPrototype) {
      const theirs = getOwnPropertyDescriptor(its, "toString")?.value;
      if (typeof theirs === "function") {
        return apply(theirs, self, args);
      }
      its = getPrototypeOf(its);
    }
    return text;
  });
};

/** What any proxy of a function says that it is. */
const proxyText = apply(functionText, new NativeProxy(functionText, bare({})), []);
