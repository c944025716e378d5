import { startBrowser } from "./support/browsers.mjs";
import { buildExtension, startPlayground } from "./support/processes.mjs";
import { popupOn } from "./support/screens.mjs";
const name = process.argv[2];
const playground = await startPlayground();
const ext = buildExtension({ permit: ["http://127.0.0.1"], settings: {version:1,sites:{"http://127.0.0.1":{mode:"inject",crmId:"C-1"}}} });
const b = await startBrowser(name, ext.path);
try {
  const page = await b.open(playground.site + "/fetch");
  const popup = popupOn(await b.screen("popup", playground.site));
  await popup.click("Enable on this site");
  await popup.shows(s => s.state === "Enabled");
  console.log(await popup.page.evaluate(() => chrome.scripting.getRegisteredContentScripts()));
  let bad = 0;
  for (let i = 0; i < 20; i++) {
    await page.reload();
    const src = await page.evaluate(() => Function.prototype.toString.call(fetch));
    if (src.includes("fetch()")) bad++;
  }
  console.log("unpatched", bad, "of 20");
} catch (e) { console.log("ERR", e) }
await b.stop(); await playground.stop(); ext.remove();
