// @ts-check
/** axios, unmodified, reports and sends the same with and without the extension, with each of its adapters. */

import { AXIOS } from "./libraries/axios.mjs";
import { threeWays } from "./support/three_ways.mjs";

threeWays(AXIOS, { scripts: ["/clients/libraries.js"] });
