// @ts-check
/** Starts the popup; where that fails, says so in plain markup. */

import { fail } from "./fail.js";
import { baked, rust } from "./rust.js";

rust.then(({ popup }) => popup(baked())).catch(fail);
