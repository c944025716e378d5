// @ts-check
/** `fetch` looks the same to a page with and without the extension. */

import { threeWays } from "./support/three_ways.mjs";

threeWays([
  {
    name: "a post",
    run: (on) => on.answer(fetch("/echo", { method: "POST", body: "text" })),
  },
  {
    name: "an unknown scheme",
    isUnasked: true,
    run: (on) => on.answer(fetch("nope://x")),
  },
]);
