// @ts-check
/**
 * What of the page is not seen, so that it can be said: workers, whose traffic
 * does not come by here, and functions that something froze before.
 */

let workers = 0;
let isFrozen = false;

/** @returns {void} */
const patchWorkers = () => {
  patchConstructor("Worker", tellWorker);
  patchConstructor("SharedWorker", tellWorker);
  tellServiceWorker();
};

/** One that serves this page: it may have been there before, or comes later. */
const tellServiceWorker = async () => {
  // Where a frame may have none, already asking throws.
  if (await attempt(() => nativeNavigator.serviceWorker?.ready, 0)) {
    tellWorker();
  }
};

const tellWorker = () => {
  workers++;
  tellUncovered();
};

const tellFrozen = () => {
  if (!isFrozen) {
    isFrozen = true;
    tellUncovered();
  }
};

const tellUncovered = () => tell("uncovered", undefined, { workers, isFrozen });
