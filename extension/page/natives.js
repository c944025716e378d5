// @ts-check
/**
 * The browser's own functions, taken before the page can replace them.
 *
 * The files of this folder share one function scope (`cargo xtask build`
 * joins them). After this file none of them may look a method up on a global
 * or on a prototype: a page may have put its own there, by intent or by Zone.js.
 */

const { apply, defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect;
const { parse, stringify } = JSON;
const NativeURL = URL;
const NativeRequest = Request;
const NativeXMLHttpRequest = XMLHttpRequest;
const NativeProxy = Proxy;
const NativeWeakMap = WeakMap;
const NativeTextDecoder = TextDecoder;
const NativePromise = Promise;
const later = setTimeout;
const cancelLater = clearTimeout;
const now = performance.now.bind(performance);

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
 * A method as a function of its object.
 * @param {object} prototype
 * @param {string} name
 * @returns {(self: any, ...args: any[]) => any}
 */
function method(prototype, name) {
  const native = /** @type {any} */ (prototype)[name];
  return (self, ...args) => apply(native, self, args);
}

/**
 * A property's getter as a function of its object.
 * @param {object} prototype
 * @param {string} name
 * @returns {(self: any) => any}
 */
function getter(prototype, name) {
  const native = /** @type {any} */ (getOwnPropertyDescriptor(prototype, name)).get;
  return (self) => apply(native, self, []);
}

const includes = method(String.prototype, "includes");
const endsWith = method(String.prototype, "endsWith");
const toUpperCase = method(String.prototype, "toUpperCase");
const slice = method(String.prototype, "slice");
const toWellFormed = method(String.prototype, "toWellFormed");
const exec = method(RegExp.prototype, "exec");
const mapGet = method(WeakMap.prototype, "get");
const mapSet = method(WeakMap.prototype, "set");
const mapDelete = method(WeakMap.prototype, "delete");
const listen = method(EventTarget.prototype, "addEventListener");
const post = method(MessagePort.prototype, "postMessage");
const dataOf = getter(MessageEvent.prototype, "data");
const hrefOf = getter(URL.prototype, "href");
const pathOf = getter(URL.prototype, "pathname");
const baseOf = getter(Node.prototype, "baseURI");

/**
 * Puts a proxy in a function's place: name, length and all else stay native.
 * @param {any} owner
 * @param {string} name
 * @param {(native: Function, self: any, args: any[]) => any} trap
 */
function patch(owner, name, trap) {
  const descriptor = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(owner, name));
  descriptor.value = new NativeProxy(descriptor.value, bare({ apply: trap }));
  defineProperty(owner, name, bare(descriptor));
}
