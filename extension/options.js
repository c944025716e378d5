// @ts-check
/** Starts the options page; where that fails, says so in plain markup. */

import { fail } from "./fail.js";
import { beside, rust } from "./rust.js";

rust.then(({ options }) => options(beside("baked.json"))).catch(fail);
