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
  const container = nativeNavigator.serviceWorker;
  if (container?.controller) {
    tellWorker();
  }
};

const tellWorker = () => {
  tell("uncovered", undefined, { workers: ++workers });
};
