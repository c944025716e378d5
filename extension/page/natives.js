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
} = window;

/**
 * An object without a prototype, so that nothing a page adds to
 * `Object.prototype` (a `toJSON`, a getter) reaches into it.
 * @template {object} T
 * @param {T} object
 * @returns {T}
 */
function bare(object) {
  setPrototypeOf(object, null);
  return object;
}

/**
 * Methods and getters of a class, each as a function of its object. Only
 * those that are used: every page pays for them as it begins.
 * @template {string} Name
 * @param {{prototype: object}} type
 * @param {Name[]} names
 * @returns {Record<Name, (self: any, ...args: any[]) => any>}
 */
function own({ prototype }, ...names) {
  /** @type {any} */
  const functions = bare({});
  for (const name of names) {
    /** @type {any} */
    const { value, get } = getOwnPropertyDescriptor(prototype, name);
    const native = get ?? value;
    functions[name] = (/** @type {any} */ self, /** @type {any[]} */ ...args) => apply(native, self, args);
  }
  return functions;
}

/**
 * What a function gives, or nothing where it throws.
 * @param {(self: any) => any} get
 * @param {unknown} object
 */
function attempt(get, object) {
  try {
    return get(object);
  } catch {
    return;
  }
}

/**
 * `Array.prototype.some`, which a page may have replaced.
 * @template Item
 * @param {Item[]} list
 * @param {(item: Item) => boolean} test
 */
function some(list, test) {
  for (let index = 0; index < list.length; index++) {
    if (test(list[index])) {
      return true;
    }
  }
  return false;
}

const string = own(String, "charCodeAt", "endsWith", "includes", "indexOf", "slice", "startsWith", "toLowerCase", "toUpperCase", "toWellFormed");
const weakMap = own(WeakMap, "get", "set");
const eventTarget = own(EventTarget, "addEventListener", "dispatchEvent", "removeEventListener");
const url = own(URL, "hostname", "href", "pathname", "searchParams");
const responses = own(Response, "arrayBuffer", "body", "clone", "headers", "status");
const headers = own(Headers, "get", "has");
const events = own(Event, "currentTarget", "stopImmediatePropagation");
const promises = own(Promise, "then");
const regExp = own(RegExp, "exec", "test");

/**
 * An object whose methods stay, whatever a page does to its prototype: for what
 * every call of a page is looked up in, since a plain call is the cheapest.
 * @template {object} T
 * @param {T} object
 * @param {(keyof T)[]} names
 * @returns {T}
 */
function keepMethods(object, ...names) {
  for (const name of names) {
    object[name] = object[name];
  }
  return object;
}

/** What the patched functions say that they are. */
const nativeTexts = new WeakMap();
const functionPrototype = Function.prototype;
const functionText = functionPrototype.toString;

/**
 * Puts a proxy in a function's place: name, length and all else stay native.
 * @param {any} owner
 * @param {string} name
 * @param {(native: any, self: any, args: any[], newTarget?: any) => any} trap for a constructor `self` is its new target
 * @param {"value" | "get" | "set"} part
 * @param {boolean} isConstructor
 */
function patch(owner, name, trap, part = "value", isConstructor = false) {
  /** @type {any} */
  const descriptor = getOwnPropertyDescriptor(owner, name);
  if (descriptor === undefined) {
    return;
  }
  const native = descriptor[part];
  /** @type {(native: any, self: any, args: any[]) => any} */
  const act = (native, self, args) => {
    try {
      return trap(native, self, args);
    } catch (error) {
      // Near the end of the stack there may be no room for it.
      attempt(hideTrack, error);
      throw error;
    }
  };
  const construct = (/** @type {any} */ native, /** @type {any[]} */ args, /** @type {any} */ newTarget) =>
    act(native, newTarget, args);
  descriptor[part] = new NativeProxy(native, bare(isConstructor ? { construct } : { apply: act }));
  weakMap.set(nativeTexts, descriptor[part], apply(functionText, native, []));
  defineProperty(owner, name, bare(descriptor));
  return descriptor[part];
}

/** How a line of an error's stack names this script: `chrome-extension://…/page.js:` or `<anonymous code>:`. */
const TRACK = /(?:[(@]|at )([^(@\n]*:)\d+:\d+/.exec(`${new Error().stack}`)?.[1];

/**
 * Takes the lines of this script out of the stack of an error that is on its way to the page.
 * @param {any} error
 */
function hideTrack(error) {
  const descriptor = attempt((thrown) => getOwnPropertyDescriptor(thrown, "stack"), error);
  const stack = descriptor?.value ?? attempt((thrown) => thrown.stack, error);
  if (TRACK === undefined || typeof stack !== "string") {
    return;
  }
  let rest = stack;
  let kept = "";
  while (rest !== "") {
    const end = string.indexOf(rest, "\n") + 1 || rest.length;
    const line = string.slice(rest, 0, end);
    kept += string.includes(line, TRACK) ? "" : line;
    rest = string.slice(rest, end);
  }
  attempt((thrown) => (thrown.stack = kept), error);
}

/**
 * Lets something know each object that a constructor makes.
 * @param {string} name
 * @param {(made: any) => void} know
 */
function patchConstructor(name, know) {
  /** @type {(native: any, newTarget: any, args: any[]) => any} */
  const make = (native, newTarget, args) => {
    const made = construct(native, args, newTarget);
    know(made);
    return made;
  };
  const proxy = patch(window, name, make, "value", true);
  if (proxy !== undefined) {
    /** @type {any} */
    const descriptor = getOwnPropertyDescriptor(proxy.prototype, "constructor");
    descriptor.value = proxy;
    defineProperty(proxy.prototype, "constructor", bare(descriptor));
  }
}

/**
 * A patched function must say that it is native. One of another frame is known
 * to the text function of that frame.
 */
function patchText() {
  patch(functionPrototype, "toString", (native, self, args) => {
    const known = weakMap.get(nativeTexts, self);
    if (known !== undefined) {
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
}

/** What any proxy of a function says that it is. */
const proxyText = apply(functionText, new NativeProxy(functionText, bare({})), []);
