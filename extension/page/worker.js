// @ts-check
/**
 * Workers: what they send cannot be seen from the page, so it is counted that
 * there are some, and said.
 */

let workers = 0;

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
  tell("uncovered", undefined, { workers: ++workers });
};
