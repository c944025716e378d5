// @ts-check
//! Starts the chat by the published client of Dynamics 365 Omnichannel, in its default way.

import { dynamicsPage } from "./dynamics-page.js";

dynamicsPage({ isOlder: false });
