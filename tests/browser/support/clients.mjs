// @ts-check
/** The published chat clients: how each writes its start, and what it says where the service refuses. */

/**
 * A way of a page to write its start, and what of the start is another with the CRM ID in it.
 * @typedef {object} Written
 * @property {string} what
 * @property {(body: any) => void} [change] what is different in what the page hands to its client
 * @property {[without: string, within: string]} injected a part of the start, and what it is with the CRM ID
 */

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {string} page the path of its page
 * @property {string[]} arrivals how each of its requests begins, in the order in which they arrive; the last one is the start
 * @property {string} attributes the attributes in the start, as the page's default body has them
 * @property {(status: number) => {status: number | null, code: string}} refusal what the client tells of a refusal
 * @property {number} [startsOn429] how often it starts altogether where the service takes no more for now
 * @property {Written[]} writes
 * @property {{ms: number, says: RegExp}} [timeLimit] its own for a start, and what it says then; its page takes another one as `timeLimit`
 * @property {boolean} [goesOn] whether its page can say something more, which has the attributes again
 */

export const CRM_ID = "4711";

const dynamicsAttribute = (/** @type {string} */ value) => `"externalId":{"value":"${value}","isDisplayable":true}`;
const DYNAMICS_OTHERS = '"customerTier":{"value":"gold","isDisplayable":false},"visits":{"value":7,"isDisplayable":true}';

/** What the two starts of Dynamics 365 have in common. */
const DYNAMICS = {
  attributes: `"customContextData":{${dynamicsAttribute("WEB-0001")},${DYNAMICS_OTHERS}}`,
  refusal: (/** @type {number} */ status) => ({ status, code: "ConversationInitializationFailure" }),
  startsOn429: 6,
  timeLimit: { ms: 15_000, says: /ClientHTTPTimeoutError/ },
  /** @type {Written[]} */
  writes: [
    { what: "its attribute", injected: [dynamicsAttribute("WEB-0001"), dynamicsAttribute(CRM_ID)] },
    {
      what: "other attributes",
      change: ({ customContext }) => delete customContext.externalId,
      injected: [DYNAMICS_OTHERS, `${DYNAMICS_OTHERS},${dynamicsAttribute(CRM_ID)}`],
    },
    {
      // The client leaves out what is empty.
      what: "an empty attribute",
      change: ({ customContext }) => Object.assign(customContext.externalId, { value: "" }),
      injected: [DYNAMICS_OTHERS, `${DYNAMICS_OTHERS},${dynamicsAttribute(CRM_ID)}`],
    },
  ],
};

const flat = (/** @type {string} */ value) => `"externalId":"${value}"`;
const FLAT_OTHERS = '"customerTier":"gold","visits":7';
const GUEST_OTHERS = '"customerTier":"gold"';

/** @type {Client[]} */
export const CLIENTS = [
  {
    name: "purecloud-guest-chat-client",
    page: "/guest",
    timeLimit: { ms: 16_000, says: /timeout of 16000ms exceeded/ },
    arrivals: ["POST /api/v2/webchat/guest/conversations"],
    attributes: `"customFields":{${flat("WEB-0001")},${GUEST_OTHERS}}`,
    refusal: (status) => ({ status, code: GENESYS_ERRORS[status] }),
    writes: [
      { what: "its attribute", injected: [flat("WEB-0001"), flat(CRM_ID)] },
      {
        what: "other attributes",
        change: ({ memberInfo }) => delete memberInfo.customFields.externalId,
        injected: [GUEST_OTHERS, `${GUEST_OTHERS},${flat(CRM_ID)}`],
      },
      {
        what: "no attributes",
        change: ({ memberInfo }) => delete memberInfo.customFields,
        injected: ['"Ada Lovelace"}', `"Ada Lovelace","customFields":{${flat(CRM_ID)}}}`],
      },
    ],
  },
  {
    ...DYNAMICS,
    name: "@microsoft/omnichannel-chat-sdk, a conversation",
    page: "/dynamics",
    arrivals: ["POST /livechatconnector/organization/"],
  },
  {
    ...DYNAMICS,
    name: "@microsoft/omnichannel-chat-sdk, a session",
    page: "/dynamics-older",
    arrivals: ["POST /livechatconnector/sessioninit/"],
  },
  {
    name: "@livechat/customer-sdk",
    page: "/livechat",
    arrivals: ["POST /v2/customer/token", "FRAME /v3.5/customer/rtm/ws", "FRAME /v3.5/customer/rtm/ws"],
    attributes: `"properties":{"crm":{${flat("WEB-0001")},${FLAT_OTHERS}}}`,
    refusal: (status) => ({ status: null, code: LIVECHAT_ERRORS[status] }),
    writes: [
      { what: "its attribute", injected: [flat("WEB-0001"), flat(CRM_ID)] },
      {
        what: "other attributes",
        change: ({ chat }) => delete chat.properties.crm.externalId,
        injected: [FLAT_OTHERS, `${FLAT_OTHERS},${flat(CRM_ID)}`],
      },
    ],
  },
  {
    name: "@yext/chat-headless",
    page: "/yext",
    arrivals: ["POST /v2/accounts/me/chat/"],
    goesOn: true,
    attributes: `"context":{${flat("WEB-0001")},${FLAT_OTHERS}}`,
    refusal: (status) => ({ status, code: "FATAL_ERROR" }),
    writes: [
      { what: "its attribute", injected: [flat("WEB-0001"), flat(CRM_ID)] },
      {
        what: "other attributes",
        change: ({ context }) => delete context.externalId,
        injected: [FLAT_OTHERS, `${FLAT_OTHERS},${flat(CRM_ID)}`],
      },
      {
        what: "no attributes",
        change: (body) => delete body.context,
        injected: ['"}]}', `"}],"context":{${flat(CRM_ID)}}}`],
      },
    ],
  },
];

/** @type {Record<number, string>} */
const GENESYS_ERRORS = {
  400: "invalid.value",
  401: "authentication.required",
  403: "not.authorized",
  404: "not.found",
  429: "too.many.requests",
};

/** @type {Record<number, string>} */
const LIVECHAT_ERRORS = {
  400: "VALIDATION",
  401: "AUTHENTICATION",
  403: "AUTHORIZATION",
  404: "NOT_FOUND",
  429: "TOO_MANY_REQUESTS",
};

/** Which configuration ID the service refuses with which status. @type {[id: string, status: number][]} */
export const REFUSALS = [
  ["config-invalid", 400],
  ["config-unauthorized", 401],
  ["config-forbidden", 403],
  ["config-unknown", 404],
  ["config-rate-limited", 429],
];

/** What a tester would add for the vendor that the extension does not know by itself. */
export const OWN_VENDORS = [
  {
    vendor: "Yext",
    profiles: [
      {
        id: "yext-chat",
        name: "Yext Chat",
        start: { transports: ["fetch"], method: "POST", paths: ["/v2/accounts/*/chat/*/message"] },
        attributes: { path: ["context"], values: ["string", "number", "boolean"] },
        crmId: { key: "externalId" },
        accepted: { conversationId: ["response", "conversationId"] },
      },
    ],
  },
];
