// @ts-check
//! Starts a chat with `@livechat/customer-sdk` as published, which knows no hosts but LiveChat's own: the browser must take them
//! to the playground.

import * as CustomerSDK from "@livechat/customer-sdk";

/** As its documentation has it; its types ask for more arguments, and know less of what comes back. @type {any} */
const { init } = CustomerSDK;

/**
 * Connects, starts the chat, disconnects, and forgets the token, so that each start is one of a new customer.
 * @param {{ organizationId: string, clientId: string, chat: object }} body
 * @returns {Promise<{ status: number | null, body: string, retryAfter: null }>}
 */
export async function startChat({ organizationId, clientId, ...start }) {
  const customer = init({ organizationId, clientId });
  try {
    await new Promise((connected, refused) => {
      customer.on("connected", connected);
      customer.on("disconnected", (/** @type {{reason: string}} */ { reason }) => {
        refused({ code: "DISCONNECTED", message: reason });
      });
    });
    const { chat } = await customer.startChat(start);
    return { status: 200, body: JSON.stringify({ id: chat.id }), retryAfter: null };
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    return { status: null, body: JSON.stringify({ code, message }), retryAfter: null };
  } finally {
    customer.destroy();
    await customer.auth.invalidate();
  }
}
