// @ts-check
/**
 * The browser's own functions, taken before the page can replace them.
 *
 * The files of this folder share one function scope (`cargo xtask build`
 * joins them). After this file none of them may look a method up on a global
 * or on a prototype: a page may have put its own there, by intent or by Zone.js.
 */

const { apply, defineProperty, getOwnPropertyDescriptor, ownKeys, setPrototypeOf } = Reflect;
const { parse, stringify } = JSON;
const { now } = Date;
const {
  URL: NativeURL,
  Request: NativeRequest,
  XMLHttpRequest: NativeXMLHttpRequest,
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

/**
 * Puts a proxy in a function's place: name, length and all else stay native.
 * @param {any} owner
 * @param {string} name
 * @param {(native: Function, self: any, args: any[]) => any} trap
 */
function patch(owner, name, trap) {
  /** @type {any} */
  const descriptor = getOwnPropertyDescriptor(owner, name);
  descriptor.value = new NativeProxy(descriptor.value, bare({ apply: trap }));
  defineProperty(owner, name, bare(descriptor));
}
