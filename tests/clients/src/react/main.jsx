//! A React page with a chat: `?configurationId=` and `?api=` say which chat, at which service.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.jsx";

const query = new URLSearchParams(location.search);
const root = /** @type {HTMLElement} */ (document.getElementById("root"));

createRoot(root).render(
  <StrictMode>
    <App
      initialConfigurationId={query.get("configurationId") ?? "config-live"}
      serviceOrigin={query.get("api") ?? location.origin}
    />
  </StrictMode>,
);
