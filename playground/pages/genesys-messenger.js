// @ts-check
//! Stands in for the script that brings Genesys' Messenger, as far as its documented page API goes: commands and
//! subscriptions, those that were queued before it came, and the Database plugin, whose custom attributes go out with
//! the first message.

(() => {
  const page = /** @type {any} */ (window);
  const { c: configuration, q: queued = [] } = page.Genesys;
  /** @type {Record<string, ((event: object) => void)[]>} */
  const subscribers = {};
  /** Events that a late subscriber is told of too. @type {Record<string, object>} */
  const said = {};
  /** @type {Record<string, any>} */
  let kept = {};
  let isSent = false;
  /** @type {Promise<WebSocket> | undefined} */
  let session;
  const token = crypto.randomUUID();

  /** @type {Record<string, (options: any) => unknown>} */
  const commands = {
    "Database.set": (options) => changed({ ...kept, ...options }),
    "Database.update": (options) => changed(merged(kept, options)),
    "Database.get": ({ name }) => name.split(".").reduce((/** @type {any} */ value, /** @type {string} */ key) => value?.[key], kept),
    "MessagingService.sendMessage": async ({ message: text }) => {
      session ??= configured();
      const socket = await session;
      const customAttributes = kept.messaging?.customAttributes;
      const channel = isSent || customAttributes === undefined ? {} : { channel: { metadata: { customAttributes } } };
      isSent = true;
      return asked(socket, { action: "onMessage", token, message: { type: "Text", text, ...channel } });
    },
  };

  page.Genesys = /** @type {any} */ (function (/** @type {string} */ what, /** @type {string} */ name, /** @type {any[]} */ ...rest) {
    if (what === "subscribe") {
      (subscribers[name] ??= []).push(rest[0]);
      if (said[name] !== undefined) {
        rest[0](said[name]);
      }
      return;
    }
    const [options = {}, resolve = () => {}, reject = () => {}] = rest;
    const act = what === "command" ? commands[name] : undefined;
    if (act === undefined) {
      reject(`${what} ${name} is not known`);
      return;
    }
    const result = act(options);
    result instanceof Promise ? result.then(resolve, reject) : resolve(result);
  });
  page.Genesys.c = configuration;
  for (const call of queued) {
    page.Genesys(...call);
  }
  setTimeout(() => publish("Database.ready", {}));

  /** @param {Record<string, any>} now */
  function changed(now) {
    kept = now;
    publish("Database.updated", { data: kept });
    return { ...kept };
  }

  /**
   * @param {string} event
   * @param {object} data
   */
  function publish(event, data) {
    said[event] = data;
    for (const hear of subscribers[event] ?? []) {
      hear(data);
    }
  }

  /**
   * @param {any} old
   * @param {any} given
   * @returns {any}
   */
  function merged(old, given) {
    if (typeof given !== "object" || given === null || typeof old !== "object" || old === null) {
      return given;
    }
    return { ...old, ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, merged(old[key], value)])) };
  }

  /** A socket with a session on it. */
  async function configured() {
    const { deploymentId, api } = configuration;
    const socket = new WebSocket(`${api.replace(/^http/, "ws")}/v1?deploymentId=${deploymentId}&application=messenger`);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onclose = () => reject("the connection was refused");
    });
    await asked(socket, { action: "configureSession", token, deploymentId, startNew: false });
    return socket;
  }

  /**
   * @param {WebSocket} socket
   * @param {object} frame
   * @returns {Promise<string>} the answer
   */
  function asked(socket, frame) {
    return new Promise((resolve, reject) => {
      socket.onclose = () => reject("the connection closed");
      socket.onmessage = ({ data }) => JSON.parse(data).body?.direction !== "Outbound" && resolve(data);
      socket.send(JSON.stringify(frame));
    });
  }
})();
