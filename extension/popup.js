// @ts-check
/** Starts the popup; where that fails, says so in plain markup. */

import { fail } from "./fail.js";
import { rust } from "./rust.js";

rust.then(({ popup }) => popup()).catch(fail);
