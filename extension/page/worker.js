// @ts-check
/**
 * Workers: what they send cannot be seen from the page, so it is counted that
 * there are some, and said.
 */

let workers = 0;

/** @returns {void} */
function patchWorkers() {
  patchConstructor("Worker");
  patchConstructor("SharedWorker");
  const container = navigator.serviceWorker;
  if (container?.controller) {
    tellWorker();
  }
}

/** @param {string} name */
function patchConstructor(name) {
  const proxy = patch(window, name, (native, newTarget, args) => {
    const worker = construct(native, args, newTarget);
    tellWorker();
    return worker;
  });
  if (proxy !== undefined) {
    /** @type {any} */
    const descriptor = getOwnPropertyDescriptor(proxy.prototype, "constructor");
    descriptor.value = proxy;
    defineProperty(proxy.prototype, "constructor", bare(descriptor));
  }
}

function tellWorker() {
  workers++;
  tell({ kind: "uncovered", workers });
}
