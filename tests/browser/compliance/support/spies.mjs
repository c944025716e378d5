// @ts-check
/** What a page does to its own globals, so that it would hear of any other code that uses them. */

/**
 * Puts a spy before every function of the language and of the browser that has nothing to do with a call itself, and
 * then counts who is called during a call and until its answer. Runs in the page, before its other scripts.
 */
export function spyOnFunctions() {
  const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty, setPrototypeOf } = Reflect;
  const { Proxy, Promise, setTimeout, Request, XMLHttpRequest, WebSocket, fetch, navigator } = window;
  const { open, send } = XMLHttpRequest.prototype;
  const { sendBeacon } = navigator;
  const { send: sendFrame, close } = WebSocket.prototype;
  const { stringify } = JSON;
  const bare = (/** @type {any} */ object) => (setPrototypeOf(object, null), object);

  /** @type {Record<string, number> | undefined} */
  let counts;
  const note = (/** @type {string} */ what) => {
    if (counts !== undefined) {
      counts[what] = (counts[what] ?? 0) + 1;
    }
  };
  const spied = (/** @type {any} */ native, /** @type {string} */ name) =>
    new Proxy(
      native,
      bare({
        apply(/** @type {any} */ target, /** @type {any} */ self, /** @type {any} */ args) {
          note(name);
          return apply(target, self, args);
        },
        construct(/** @type {any} */ target, /** @type {any} */ args, /** @type {any} */ newTarget) {
          note(`new ${name}`);
          return construct(target, args, newTarget);
        },
      }),
    );
  /** @param {any} owner @param {string} ownerName */
  const spyIn = (owner, ownerName) => {
    for (const key of ownKeys(owner)) {
      const descriptor = /** @type {any} */ (getOwnPropertyDescriptor(owner, key));
      const name = `${ownerName}.${typeof key === "symbol" ? key.description : key}`;
      if (!descriptor.configurable || key === "constructor") {
        continue;
      }
      for (const part of ["value", "get", "set"]) {
        if (typeof descriptor[part] === "function") {
          descriptor[part] = spied(descriptor[part], name);
        }
      }
      defineProperty(owner, key, bare(descriptor));
    }
  };
  const names = ["Object", "Array", "String", "Number", "Boolean", "Promise", "Map", "Set", "WeakMap", "WeakRef", "JSON", "Reflect", "Symbol", "Date", "RegExp", "Error", "TypeError", "Math", "Request", "Response", "Headers", "URL", "URLSearchParams", "FormData", "Blob", "File", "TextEncoder", "TextDecoder", "ReadableStream", "ReadableStreamDefaultReader", "MessagePort", "MessageChannel", "MessageEvent", "EventTarget", "Event", "CustomEvent", "ProgressEvent", "AbortSignal", "AbortController", "DOMException", "ArrayBuffer", "Uint8Array", "DataView", "Proxy", "Function", "Node", "Navigator", "XMLHttpRequest", "XMLHttpRequestUpload", "XMLHttpRequestEventTarget", "WebSocket"];
  for (const name of names) {
    const given = /** @type {any} */ (window)[name];
    if (given?.prototype !== undefined && name !== "Navigator") {
      spyIn(given.prototype, `${name}.prototype`);
    }
    spyIn(given, name);
    defineProperty(window, name, bare({ value: spied(given, name), writable: true, configurable: true }));
  }
  for (const name of ["setTimeout", "clearTimeout", "queueMicrotask", "structuredClone", "atob", "btoa", "encodeURIComponent", "decodeURIComponent", "parseInt", "addEventListener", "dispatchEvent", "postMessage"]) {
    defineProperty(window, name, bare({ value: spied(/** @type {any} */ (window)[name], name), writable: true, configurable: true }));
  }
  /**
   * What is called by others in a call, and after it.
   * @param {string} name
   * @param {() => void} act
   */
  const watch = (name, act) =>
    new Promise((resolve) => {
      const during = (counts = bare({}));
      act();
      const after = (counts = bare({}));
      setTimeout(() => {
        counts = undefined;
        resolve(stringify([name, during, after]));
      }, 400);
    });
  const site = location.origin;
  const address = `${site}/echo`;
  const socket = new WebSocket(`ws:${site.slice(5)}/ws/echo`);
  const request = new XMLHttpRequest();
  const bytes = new Uint8Array([123, 125]);
  Object.assign(window, {
    async spies() {
      const control = () => {
        JSON.stringify(1);
        setTimeout(() => Math.max(), 0);
      };
      const seen = [await watch("control", control)];
      seen.push(await watch("fetch", () => void apply(fetch, undefined, [address, { method: "POST", body: "x" }])));
      const given = new Request(address, { method: "POST", body: "x" });
      seen.push(await watch("fetch of a request", () => void apply(fetch, undefined, [given])));
      seen.push(await watch("fetch of bytes", () => void apply(fetch, undefined, [address, { method: "POST", body: bytes }])));
      seen.push(
        await watch("xhr", () => {
          apply(open, request, ["POST", address]);
          apply(send, request, ["x"]);
        }),
      );
      seen.push(await watch("beacon", () => void apply(sendBeacon, navigator, [address, "x"])));
      seen.push(await watch("socket", () => void apply(sendFrame, socket, ["x"])));
      seen.push(await watch("socket closed", () => void apply(close, socket, [])));
      return seen;
    },
  });
}

/** Makes `Object.prototype` and `Array.prototype` say what is looked for in them. Runs in the page. */
export function poisonPrototypes() {
  const { defineProperty, setPrototypeOf } = Reflect;
  const bare = (/** @type {any} */ object) => (setPrototypeOf(object, null), object);
  /** @type {string[]} */
  const noted = [];
  let isOn = false;
  const names = ["then", "toJSON", "get", "set", "value", "writable", "enumerable", "configurable", "apply", "construct", "has", "once", "capture", "passive", "signal", "ports", "data", "detail", "cancelable", "bubbles", "stream", "fatal", "ignoreBOM", "type", "kind", "number", "verdict", "body", "method", "headers", "mode", "credentials", "cache", "redirect", "referrer", "referrerPolicy", "integrity", "keepalive", "window", "duplex", "priority", "done", "lengthComputable", "loaded", "total", "url", "transport", "contentType", "status", "retryAfter", "isCut", "message", "why", "reason", "candidate", "outcome", "release", "end", "isSent", "transfer", "name", "text", "base64"];
  for (const name of names) {
    defineProperty(Object.prototype, name, bare({
      get() {
        isOn && (noted[noted.length] = `get ${name}`);
        return undefined;
      },
      set(/** @type {any} */ value) {
        isOn && (noted[noted.length] = `set ${name}`);
        defineProperty(this, name, bare({ value, writable: true, enumerable: true, configurable: true }));
      },
      configurable: true,
    }));
  }
  for (const index of [0, 1, 2]) {
    defineProperty(Array.prototype, index, bare({
      set(/** @type {any} */ value) {
        isOn && defineProperty(noted, noted.length, bare({ value: `set [${index}]`, writable: true, enumerable: true, configurable: true }));
        defineProperty(this, index, bare({ value, writable: true, enumerable: true, configurable: true }));
      },
      configurable: true,
    }));
  }
  Object.assign(window, {
    poison: {
      start: () => (isOn = true),
      end: () => {
        isOn = false;
        names.forEach((name) => Reflect.deleteProperty(Object.prototype, name));
        [0, 1, 2].forEach((index) => Reflect.deleteProperty(Array.prototype, index));
        return noted;
      },
    },
  });
}
