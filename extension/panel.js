// @ts-check
/** Starts the panel; where that fails, says so in plain markup. */

import { fail } from "./fail.js";
import { beside, rust } from "./rust.js";

rust.then(({ panel }) => panel(beside("words.json"))).catch(fail);
