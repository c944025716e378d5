// @ts-check
/** Starts the panel; where that fails, says so in plain markup. */

import { fail } from "./fail.js";
import { rust } from "./rust.js";

rust.then(({ panel }) => panel()).catch(fail);
