// @ts-check
//! Starts the chat by the published client of Dynamics 365 Omnichannel, in the way it had before.

import { dynamicsPage } from "./dynamics-page.js";

dynamicsPage({ isOlder: true });
