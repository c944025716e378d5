// @ts-check
/** Starts the popup; where that fails, says so in plain markup. */

import { fail } from "./fail.js";
import { beside, rust } from "./rust.js";

rust.then(({ popup }) => popup(beside("baked.json"))).catch(fail);
