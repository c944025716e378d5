// @ts-check
/** What the cases use in the page to observe, as plain data. */

/** @typedef {ReturnType<typeof tools>} Tools */

/**
 * Is sent to the page as source, and so uses nothing but its arguments.
 * @param {string} site the page's own origin
 * @param {string} other another origin
 * @param {Record<string, string>} beside the origins of the services that are started beside the harness's own
 */
export function tools(site, other, beside) {
  const { setTimeout } = window;

  /** @param {any} error */
  function error(error) {
    if (typeof error !== "object" || error === null) {
      return { value: plain(error) };
    }
    const kind = Object.prototype.toString.call(error).slice(8, -1);
    return { name: error.name, message: error.message, code: error.code, kind, of: error.constructor?.name };
  }

  /**
   * A value as JSON carries it; what JSON has no word for is named.
   * @param {any} value
   * @returns {any}
   */
  function plain(value) {
    return value === undefined ? "undefined" : typeof value === "function" ? `function ${value.name}` : value;
  }

  /** @param {() => unknown} act */
  function thrown(act) {
    try {
      return { returned: plain(act()) };
    } catch (reason) {
      return { thrown: error(reason) };
    }
  }

  /** @param {PromiseLike<any>} promise */
  async function settled(promise) {
    try {
      return { value: plain(await promise) };
    } catch (reason) {
      return { rejected: error(reason) };
    }
  }

  /** @param {number} [ms] */
  function later(ms = 0) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /**
   * A response with all that a page sees of it; the text is read.
   * @param {Response} response
   */
  async function response(response) {
    const { type, url, redirected, status, ok, statusText, bodyUsed } = response;
    const headers = [...response.headers].filter(([name]) => name !== "date");
    const text = await settled(response.text());
    return { type, url, redirected, status, ok, statusText, bodyUsed, headers, text };
  }

  /**
   * What comes of a fetch.
   * @param {Promise<Response>} promise
   */
  async function answer(promise) {
    try {
      return await response(await promise);
    } catch (reason) {
      return { rejected: error(reason) };
    }
  }

  /**
   * The request as the service received it, told in its answer.
   * @param {Promise<Response>} promise
   */
  async function echoed(promise) {
    try {
      return await (await promise).json();
    } catch (reason) {
      return { rejected: error(reason) };
    }
  }

  /**
   * Resolves with the next event of a type.
   * @param {EventTarget} target
   * @param {string} type
   * @returns {Promise<any>}
   */
  function next(target, type) {
    return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
  }

  /**
   * Every event of a request and of its upload from now on, in order; how often progress is told is chance.
   * @param {XMLHttpRequest} request
   * @param {boolean} [isUploadSeen]
   */
  function watched(request, isUploadSeen = true) {
    /** @type {string[]} */
    const log = [];
    /** @param {string} what */
    const note = (what) => {
      const isLoading = what.startsWith("readystatechange in 3");
      if (log.slice(isLoading || /^(upload )?progress/.test(what) ? -2 : -1).includes(what)) {
        return;
      }
      // Which of the two comes first is chance.
      log.splice(isLoading && log.at(-1) === "progress" ? -1 : log.length, 0, what);
    };
    const types = ["loadstart", "progress", "abort", "error", "load", "timeout", "loadend"];
    for (const type of ["readystatechange", ...types]) {
      request.addEventListener(type, (event) => {
        const { lengthComputable, loaded, total } = /** @type {ProgressEvent} */ (event);
        const isEnd = !["readystatechange", "progress"].includes(type);
        const progress = isEnd ? ` ${lengthComputable} ${loaded}/${total}` : "";
        // It comes before or after the last change of state.
        note(type === "progress" ? type : `${type} in ${request.readyState}, ${request.status}${progress}`);
      });
    }
    for (const type of isUploadSeen ? types : []) {
      request.upload.addEventListener(type, (event) => {
        const { lengthComputable, loaded, total } = /** @type {ProgressEvent} */ (event);
        const progress = type === "progress" ? "" : ` ${lengthComputable} ${loaded}/${total}`;
        note(`upload ${type} in ${request.readyState}${progress}`);
      });
    }
    return log;
  }

  /**
   * What is to be read of a request at this moment.
   * @param {XMLHttpRequest} request
   */
  function state(request) {
    const { readyState, status, statusText, responseURL, responseType, timeout, withCredentials } = request;
    const { response } = request;
    const isText = typeof response === "string";
    const headers = request.getAllResponseHeaders().replace(/^date: .*\r\n/im, "");
    const kind = isText ? `${response.slice(0, 100)} of ${response.length}` : Object.prototype.toString.call(response);
    return { readyState, status, statusText, responseURL, responseType, timeout, withCredentials, response: kind, headers };
  }

  /**
   * A WebSocket address of the service.
   * @param {string} path
   */
  function socket(path) {
    return `${site.replace("http:", "ws:")}${path}`;
  }

  /**
   * Every event of a socket from now on.
   * @param {WebSocket} socket
   */
  function heard(socket) {
    /** @type {string[]} */
    const log = [];
    for (const type of ["open", "message", "error", "close"]) {
      socket.addEventListener(type, (/** @type {any} */ event) => {
        const { data, code, reason, wasClean, isTrusted } = event;
        const bytes = data instanceof ArrayBuffer ? `bytes ${new Uint8Array(data)}` : data instanceof Blob ? `blob ${data.size}` : data;
        const said = type === "message" ? bytes : type === "close" ? `${code} ${reason} ${wasClean}` : "";
        log.push(`${type} in ${socket.readyState} ${said}${isTrusted ? "" : ", untrusted"}`);
      });
    }
    return log;
  }

  /**
   * Resolves after so many events of a type.
   * @param {EventTarget} target
   * @param {string} type
   * @param {number} count
   */
  async function count(target, type, count) {
    await new Promise((resolve) => target.addEventListener(type, () => (count -= 1) === 0 && resolve(undefined)));
  }

  /**
   * The same as `thrown`, in a line.
   * @param {() => unknown} act
   */
  function told(act) {
    return JSON.stringify(thrown(act));
  }

  /**
   * The plain properties that an object has and inherits.
   * @param {any} object
   */
  function described(object) {
    const seen = [];
    for (const key in object) {
      const { [key]: value } = object;
      seen.push([key, typeof value === "function" ? `${value}` : typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : value]);
    }
    return seen;
  }

  /**
   * A property with all that can be told of its functions.
   * @param {any} owner
   * @param {string | symbol} key
   */
  function portrait(owner, key) {
    const { value, get, set, ...flags } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(owner, key));
    const seen = [value, get, set].map((part) => {
      if (typeof part !== "function") {
        return typeof part;
      }
      const own = Reflect.ownKeys(part).map((name) => {
        const { value: given, ...rest } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(part, name));
        return [String(name), typeof given === "object" || typeof given === "function" ? typeof given : given, Object.entries(rest)];
      });
      return [`${part}`.slice(0, 200), own, Object.getPrototypeOf(part)?.name, Object.isExtensible(part)];
    });
    return [String(key), Object.entries(flags), seen];
  }

  /**
   * How many lines of a stack are the page's own, and the others. Firefox does not say where a content script is from.
   * @param {unknown} stack
   */
  function frames(stack) {
    if (typeof stack !== "string") {
      return plain(stack);
    }
    const lines = stack.split("\n");
    const others = lines.filter((line) => !line.includes("pptr:"));
    return { own: lines.length - others.length, others: others.filter((line) => line !== "").map((line) => line.replace(/^.*(-extension:.*\/page.js|@<anonymous code>:).*$/, "the extension's page.js")) };
  }

  /** @param {() => unknown} act */
  function stack(act) {
    try {
      act();
      return "no error";
    } catch (error) {
      return frames(/** @type {any} */ (error).stack);
    }
  }

  return { portrait, frames, stack, socket, heard, count, told, described, watched, state, site, other, beside, error, plain, thrown, settled, later, response, answer, echoed, next };
}
