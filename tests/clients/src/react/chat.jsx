//! The chat itself: the customer's details, a button that starts the chat, and what came of it.

import { useEffect, useRef, useState } from "react";
import { ChatDestroyed, createClient } from "../chat-client/index.js";
import { explain } from "./explain.js";
import { offerToTests } from "./tests-door.js";

const CUSTOMER = { crmCustomerId: "WEB-0001", customerName: "Ada Lovelace", customerPriority: "high" };

const NO_CHAT = { outcome: "none", text: "No chat yet." };

/**
 * @param {{
 *   configurationId: string,
 *   serviceOrigin: string,
 *   onClose: () => void,
 *   children: import("react").ReactNode,
 * }} props
 */
export function Chat({ configurationId, serviceOrigin, onClose, children }) {
  const client = useChatClient(configurationId, serviceOrigin);
  const [customer, setCustomer] = useState(CUSTOMER);
  const [progress, setProgress] = useState(NO_CHAT);

  const start = async (/** @type {Record<string, string>} */ attributes) => {
    setProgress({ outcome: "pending", text: "Connecting…" });
    try {
      const chat = await client().startChat({ attributes });
      setProgress({ outcome: "started", text: `Chat started: conversation ${chat.conversationId}` });
      return chat;
    } catch (error) {
      // A client is destroyed as the chat closes, or as another configuration is chosen.
      const isOver = error instanceof ChatDestroyed;
      setProgress(isOver ? NO_CHAT : { outcome: "failed", text: explain(error) });
      throw error;
    }
  };
  useEffect(() => offerToTests((attributes) => start(attributes ?? customer)));
  const field = (/** @type {keyof typeof CUSTOMER} */ name) => ({
    name,
    value: customer[name],
    spellCheck: false,
    onChange: (/** @type {{ target: { value: string } }} */ { target }) =>
      setCustomer({ ...customer, [name]: target.value }),
  });

  return (
    <form
      className="fields"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        // What goes wrong is on the screen already.
        start(customer).catch(() => {});
      }}
    >
      {children}
      <label className="field"><span>Customer ID</span><input {...field("crmCustomerId")} /></label>
      <label className="field"><span>Name</span><input {...field("customerName")} /></label>
      <label className="field"><span>Priority</span>
        <select {...field("customerPriority")}>
          <option value="low">Low</option>
          <option value="normal">Normal</option>
          <option value="high">High</option>
        </select>
      </label>
      <div className="action">
        <button type="submit" disabled={progress.outcome === "pending"}>Start chat</button>
        <button type="button" className="second" onClick={onClose}>Close chat</button>
        <output role="status" data-outcome={progress.outcome}>{progress.text}</output>
      </div>
    </form>
  );
}

/**
 * A client that lives exactly as long as the component, and the configuration, that it is for.
 * @param {string} configurationId
 * @param {string} origin
 */
function useChatClient(configurationId, origin) {
  const client = useRef(/** @type {ReturnType<typeof createClient> | null} */ (null));
  useEffect(() => {
    const created = createClient({ configurationId, origin });
    client.current = created;
    return () => created.destroy();
  }, [configurationId, origin]);
  return () => {
    if (client.current === null) {
      throw new ChatDestroyed();
    }
    return client.current;
  };
}
