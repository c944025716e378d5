// @ts-check
/** Every topic in one process, so that all of them share their browsers; each file runs by itself as well. */

import "./functions.test.mjs";
import "./fetch.test.mjs";
import "./xhr.test.mjs";
import "./websocket.test.mjs";
import "./beacon.test.mjs";
import "./frames.test.mjs";
import "./hostile.test.mjs";
import "./libraries_axios.test.mjs";
import "./libraries_requests.test.mjs";
import "./libraries_sockets.test.mjs";
