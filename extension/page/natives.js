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
 * The methods and getters of a class, each as a function of its object.
 * @param {{prototype: object}} type
 */
function own({ prototype }) {
  /** @type {Record<string | symbol, (self: any, ...args: any[]) => any>} */
  const functions = bare({});
  for (const name of ownKeys(prototype)) {
    /** @type {any} */
    const { value, get } = getOwnPropertyDescriptor(prototype, name);
    const native = get ?? value;
    if (typeof native === "function") {
      functions[name] = (self, ...args) => apply(native, self, args);
    }
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

const string = own(String);
const weakMap = own(WeakMap);
const eventTarget = own(EventTarget);
const url = own(URL);
const responses = own(Response);
const headers = own(Headers);
const events = own(Event);
const promises = own(Promise);
const regExp = own(RegExp);

/** What the patched functions say that they are. */
const nativeTexts = new WeakMap();
const functionText = Function.prototype.toString;

/**
 * Puts a proxy in a function's place: name, length and all else stay native.
 * @param {any} owner
 * @param {string} name
 * @param {(native: any, self: any, args: any[], newTarget?: any) => any} trap for a constructor `self` is its new target
 * @param {"value" | "get" | "set"} part
 */
function patch(owner, name, trap, part = "value") {
  /** @type {any} */
  const descriptor = getOwnPropertyDescriptor(owner, name);
  if (descriptor === undefined) {
    return;
  }
  const native = descriptor[part];
  descriptor[part] = new NativeProxy(native, bare(native.prototype ? constructing(trap) : { apply: trap }));
  weakMap.set(nativeTexts, descriptor[part], apply(functionText, native, []));
  defineProperty(owner, name, bare(descriptor));
  return descriptor[part];
}

/**
 * The traps of a constructor.
 * @param {(native: any, self: any, args: any[]) => any} trap
 */
function constructing(trap) {
  /** @type {ProxyHandler<any>} */
  const traps = { construct: (native, args, newTarget) => trap(native, newTarget, args) };
  return traps;
}

/**
 * Lets something know each object that a constructor makes.
 * @param {string} name
 * @param {(made: any) => void} know
 */
function patchConstructor(name, know) {
  const proxy = patch(window, name, (native, newTarget, args) => {
    const made = construct(native, args, newTarget);
    know(made);
    return made;
  });
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
  patch(Function.prototype, "toString", (native, self, args) => {
    const known = weakMap.get(nativeTexts, self);
    if (known !== undefined) {
      return known;
    }
    const text = apply(native, self, args);
    if (text !== proxyText) {
      return text;
    }
    const its = getPrototypeOf(self);
    const theirs = its !== null && its !== Function.prototype && getOwnPropertyDescriptor(its, "toString")?.value;
    return typeof theirs === "function" ? apply(theirs, self, args) : text;
  });
}

/** What any proxy of a function says that it is. */
const proxyText = apply(functionText, new NativeProxy(functionText, bare({})), []);
