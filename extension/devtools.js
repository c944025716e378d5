// @ts-check
/** Adds the panel to DevTools. */

chrome.devtools.panels.create("Callsign", "icons/16.png", "panel.html");
