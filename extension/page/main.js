// @ts-check
/** Patches the page's functions, where there is a relay to ask. */

if (connect()) {
  patchText();
  patchFetch();
  patchXhr();
  patchBeacon();
  patchSocket();
  patchCalls();
  patchWorkers();
}
