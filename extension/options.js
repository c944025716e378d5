// @ts-check
/** Starts the options page; where that fails, says so in plain markup. */

import { fail } from "./fail.js";
import { baked, rust } from "./rust.js";

rust.then(({ options }) => options(baked())).catch(fail);
