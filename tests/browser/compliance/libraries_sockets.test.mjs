// @ts-check
/** Published libraries over WebSockets, unmodified, report and send the same with and without the extension. */

import { GRAPHQL_WS } from "./libraries/graphql_ws.mjs";
import { RECONNECTING_WEBSOCKET } from "./libraries/reconnecting_websocket.mjs";
import { SOCKET_IO } from "./libraries/socket_io.mjs";
import { startGraphql, startSocketIo } from "./support/beside.mjs";
import { threeWays } from "./support/three_ways.mjs";

threeWays([...RECONNECTING_WEBSOCKET, ...GRAPHQL_WS, ...SOCKET_IO], {
  scripts: ["/clients/libraries.js"],
  beside: { graphql: startGraphql, socketIo: startSocketIo },
});
