//! The site around the chat: it chooses the configuration, and opens and closes the chat.

import { useState } from "react";
import { Chat } from "./chat.jsx";

/** @param {{ initialConfigurationId: string, serviceOrigin: string }} props */
export function App({ initialConfigurationId, serviceOrigin }) {
  const [configurationId, setConfigurationId] = useState(initialConfigurationId);
  const [isOpen, setIsOpen] = useState(true);

  if (!isOpen) {
    return (
      <section className="card">
        <p>The chat is closed, and its client destroyed.</p>
        <div className="action">
          <button type="button" onClick={() => setIsOpen(true)}>Open chat</button>
        </div>
      </section>
    );
  }
  return (
    <section className="card">
      <Chat
        configurationId={configurationId}
        serviceOrigin={serviceOrigin}
        onClose={() => setIsOpen(false)}
      >
        <label className="field">
          <span>Configuration ID</span>
          <input
            name="configurationId"
            spellCheck={false}
            value={configurationId}
            onChange={(event) => setConfigurationId(event.target.value)}
          />
        </label>
      </Chat>
    </section>
  );
}
