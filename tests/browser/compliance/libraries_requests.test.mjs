// @ts-check
/** Published libraries for requests, unmodified, report and send the same with and without the extension. */

import { JQUERY } from "./libraries/jquery.mjs";
import { KY } from "./libraries/ky.mjs";
import { OFETCH } from "./libraries/ofetch.mjs";
import { SUPERAGENT } from "./libraries/superagent.mjs";
import { threeWays } from "./support/three_ways.mjs";

threeWays([...KY, ...OFETCH, ...SUPERAGENT, ...JQUERY], { scripts: ["/clients/libraries.js"] });
