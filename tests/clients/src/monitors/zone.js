// @ts-check
//! Patches a page with Zone.js as published, as every Angular page does.

import "zone.js";

const { Zone } = /** @type {any} */ (window);
/** @type {string[]} */
const noted = [];
const zone = Zone.current.fork({
  name: "watched",
  onScheduleTask(/** @type {any} */ delegate, /** @type {any} */ _current, /** @type {any} */ target, /** @type {any} */ task) {
    if (task.source.startsWith("XMLHttpRequest") || task.source.startsWith("fetch")) {
      noted.push(`${task.type} ${task.source}`);
    }
    return delegate.scheduleTask(target, task);
  },
});
Object.assign(window, { monitor: { noted, run: (/** @type {() => unknown} */ act) => zone.run(act) } });
