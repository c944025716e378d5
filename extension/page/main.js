// @ts-check
/** Patches the page's functions, where there is a relay to ask. */

if (connect()) {
  // Where the page lacks one way to send, the others are patched.
  some([patchText, patchFetch, patchXhr, patchBeacon, patchSocket, patchCalls, patchWorkers], (patchIt) => attempt(patchIt, 0));
}
