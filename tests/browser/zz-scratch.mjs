import { startBrowser } from "./support/browsers.mjs";
import { buildExtension, startPlayground } from "./support/processes.mjs";
const name = process.argv[2];
const playground = await startPlayground();
const ext = buildExtension({ grant: ["http://127.0.0.1"], settings: {version:1,sites:{"http://127.0.0.1":{mode:"inject",crmId:"C-1"}}} });
const b = await startBrowser(name, ext.path);
try {
  const page = await b.open(playground.site + "/fetch");
  console.log(await page.evaluate(() => window.playground.start()));
  if (name === "firefox") {
    const c = b.browser.connection;
    const tree = await c.send("browsingContext.getTree", { "moz:scope": "chrome" });
    console.log(JSON.stringify(tree.result.contexts.map(x => [x.context, x.url])).slice(0, 500));
    const r = await c.send("script.evaluate", { expression: `(async () => { const e = WebExtensionPolicy.getByID("callsign@callsign.example").extension; const before = e.backgroundState; await e.terminateBackground(); return before + " -> " + e.backgroundState; })()`, target: { context: tree.result.contexts[0].context }, awaitPromise: true });
    console.log(JSON.stringify(r.result));
  } else {
    const t = b.browser.targets().find(t => t.type() === "service_worker");
    const w = await t.worker();
    await w.close();
    await new Promise(r=>setTimeout(r,300));
    console.log(b.browser.targets().map(t => t.type() + " " + t.url()));
  }
  console.log(await page.evaluate(() => window.playground.start()));
  console.log((await playground.received(0, 2)).map(e => e.body.slice(60,100)));
  const p = await b.screen("panel", playground.site);
  console.log(await p.evaluate(() => document.querySelector("#starts").innerText));
  console.log(await p.evaluate(async () => { const [t] = await chrome.tabs.query({url: "http://127.0.0.1/*"}); return [await chrome.action.getBadgeText({tabId: t.id}), await chrome.action.getBadgeBackgroundColor({tabId: t.id})] }));
} catch (e) { console.log("ERR", e) }
await b.stop(); await playground.stop(); ext.remove();
