//! The pages that start chats, each in another way that sites use, and each with its script in a file of its own.

/// A page that starts chats by one particular call.
pub(super) struct Page {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) content: Content,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// The form, driven by this script of the playground.
    Form { script: &'static str, policy: Option<&'static str> },
    /// The messenger, whose frames go over a WebSocket.
    Messenger { policy: Option<&'static str> },
    /// The form, driven by a script that needs this bundled chat client.
    ClientForm { script: &'static str, client: &'static str, policy: Option<&'static str> },
    /// Whatever the bundled client draws.
    Client { client: &'static str },
    /// This page of the other origin, in a frame.
    Frame { of: &'static str },
}

const STRICT: Option<&str> = Some("default-src 'self'");

/// As strict as it can be for a client that talks to its vendor's hosts and no others.
const STRICT_FOR_LIVECHAT: Option<&str> = Some(
    "default-src 'self'; \
     connect-src https://accounts.livechatinc.com wss://api.livechatinc.com https://hosts.callsign.test; \
     img-src 'self' https://queue.livechatinc.com",
);

const STRICT_FOR_DYNAMICS: Option<&str> =
    Some("default-src 'self'; connect-src 'self' https://communication.callsign.test");

const GUEST: Content = Content::ClientForm { script: "guest-client.js", client: "guest.js", policy: None };
const DYNAMICS: Content = Content::ClientForm { script: "dynamics.js", client: "dynamics.js", policy: None };
const DYNAMICS_OLDER: Content =
    Content::ClientForm { script: "dynamics-older.js", client: "dynamics.js", policy: None };
const LIVECHAT: Content = Content::ClientForm { script: "livechat.js", client: "livechat.js", policy: None };
const YEXT: Content = Content::ClientForm { script: "yext.js", client: "yext.js", policy: None };

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/fetch",
        title: "fetch(url, init)",
        lead: "The start leaves by fetch, with the address and a text body.",
        content: Content::Form { script: "fetch.js", policy: None },
    },
    Page {
        path: "/xhr",
        title: "XMLHttpRequest",
        lead: "The start leaves by XMLHttpRequest, opened first and sent later.",
        content: Content::Form { script: "xhr.js", policy: None },
    },
    Page {
        path: "/request",
        title: "fetch(request)",
        lead: "The start leaves by fetch, wrapped in a Request object whose body is a stream by then.",
        content: Content::Form { script: "request.js", policy: None },
    },
    Page {
        path: "/request-init",
        title: "fetch(request, init)",
        lead: "The start leaves by fetch, with a Request object whose body the second argument replaces.",
        content: Content::Form { script: "request-init.js", policy: None },
    },
    Page {
        path: "/form",
        title: "fetch with URLSearchParams",
        lead: "The start leaves by fetch as a urlencoded form, with the attributes in brackets.",
        content: Content::Form { script: "form.js", policy: None },
    },
    Page {
        path: "/multipart",
        title: "fetch with FormData",
        lead: "The start leaves by fetch as a multipart form, whose boundary the browser makes up as it sends.",
        content: Content::Form { script: "multipart.js", policy: None },
    },
    Page {
        path: "/beacon",
        title: "navigator.sendBeacon",
        lead: "The start leaves by a beacon, to which the page never gets an answer.",
        content: Content::Form { script: "beacon.js", policy: None },
    },
    Page {
        path: "/sync-xhr",
        title: "Synchronous XMLHttpRequest",
        lead: "The start leaves by XMLHttpRequest, and the page stands still until it is answered.",
        content: Content::Form { script: "sync-xhr.js", policy: None },
    },
    Page {
        path: "/worker",
        title: "fetch in a worker",
        lead: "The start leaves by fetch from a dedicated worker, where no script of the page runs.",
        content: Content::Form { script: "worker.js", policy: None },
    },
    Page {
        path: "/shared-worker",
        title: "fetch in a shared worker",
        lead: "The start leaves by fetch from a worker that all pages of the origin share.",
        content: Content::Form { script: "shared-worker.js", policy: None },
    },
    Page {
        path: "/messaging",
        title: "Genesys Web Messaging",
        lead: "The start is the first message over a WebSocket, once the session is configured.",
        content: Content::Messenger { policy: None },
    },
    Page {
        path: "/genesys-api",
        title: "Genesys Messenger's page API",
        lead: "The attributes are set by a call of the Messenger's own function, and leave with its first message.",
        content: Content::Form { script: "genesys-api.js", policy: None },
    },
    Page {
        path: "/csp/fetch",
        title: "fetch under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::Form { script: "fetch.js", policy: STRICT },
    },
    Page {
        path: "/csp/xhr",
        title: "XMLHttpRequest under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::Form { script: "xhr.js", policy: STRICT },
    },
    Page {
        path: "/csp/request",
        title: "fetch(request) under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::Form { script: "request.js", policy: STRICT },
    },
    Page {
        path: "/csp/messaging",
        title: "Genesys Web Messaging under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::Messenger { policy: STRICT },
    },
    Page {
        path: "/frame",
        title: "Widget in a cross-site frame",
        lead: "The page embeds a chat from another site, which starts it by fetch.",
        content: Content::Frame { of: "/fetch" },
    },
    Page {
        path: "/frame/xhr",
        title: "XMLHttpRequest in a cross-site frame",
        lead: "The page embeds a chat from another site, which starts it by XMLHttpRequest.",
        content: Content::Frame { of: "/xhr" },
    },
    Page {
        path: "/frame/messaging",
        title: "Genesys Web Messaging in a cross-site frame",
        lead: "The page embeds a messenger from another site, which talks to its own origin.",
        content: Content::Frame { of: "/messaging" },
    },
    Page {
        path: "/frame/react",
        title: "React app in a cross-site frame",
        lead: "The page embeds a React app from another site.",
        content: Content::Frame { of: "/react" },
    },
    Page {
        path: "/frame/react-development",
        title: "React app in a cross-site frame, as its developers run it",
        lead: "The page embeds the React app from another site, with React's development build.",
        content: Content::Frame { of: "/react-development" },
    },
    Page {
        path: "/react",
        title: "React app",
        lead: "A component creates a chat client, starts the chat on a click, and destroys the client as it goes.",
        content: Content::Client { client: "react.js" },
    },
    Page {
        path: "/react-development",
        title: "React app, as its developers run it",
        lead: "The same with React's development build, whose strict mode mounts each component, takes it out and mounts it again.",
        content: Content::Client { client: "react-development.js" },
    },
    Page {
        path: "/guest",
        title: "Genesys Cloud guest chat client",
        lead: "The page hands the body to purecloud-guest-chat-client, as published, which sends it by XMLHttpRequest.",
        content: GUEST,
    },
    Page {
        path: "/dynamics",
        title: "Dynamics 365 Omnichannel",
        lead: "The page starts a chat with @microsoft/omnichannel-chat-sdk, as published: one request makes the conversation.",
        content: DYNAMICS,
    },
    Page {
        path: "/dynamics-older",
        title: "Dynamics 365 Omnichannel, the older start",
        lead: "The same client without `useCreateConversation`: it asks for a chat token, and then for a session.",
        content: DYNAMICS_OLDER,
    },
    Page {
        path: "/livechat",
        title: "LiveChat",
        lead: "The page starts a chat with @livechat/customer-sdk, as published, over a WebSocket to the vendor’s hosts.",
        content: LIVECHAT,
    },
    Page {
        path: "/yext",
        title: "Yext Chat",
        lead: "The page says something with @yext/chat-headless, as published, which sends its context with every message.",
        content: YEXT,
    },
    Page {
        path: "/csp/guest",
        title: "Genesys Cloud guest chat client under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::ClientForm { script: "guest-client.js", client: "guest.js", policy: STRICT },
    },
    Page {
        path: "/csp/dynamics",
        title: "Dynamics 365 Omnichannel under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::ClientForm { script: "dynamics.js", client: "dynamics.js", policy: STRICT_FOR_DYNAMICS },
    },
    Page {
        path: "/csp/dynamics-older",
        title: "Dynamics 365 Omnichannel, the older start under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::ClientForm {
            script: "dynamics-older.js",
            client: "dynamics.js",
            policy: STRICT_FOR_DYNAMICS,
        },
    },
    Page {
        path: "/csp/livechat",
        title: "LiveChat under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to the vendor’s hosts only.",
        content: Content::ClientForm { script: "livechat.js", client: "livechat.js", policy: STRICT_FOR_LIVECHAT },
    },
    Page {
        path: "/csp/yext",
        title: "Yext Chat under a strict policy",
        lead: "As a bank would serve it: the policy lets the page talk to its own origin only.",
        content: Content::ClientForm { script: "yext.js", client: "yext.js", policy: STRICT },
    },
    Page {
        path: "/frame/guest",
        title: "Genesys Cloud guest chat client in a cross-site frame",
        lead: "The page embeds the client from another site.",
        content: Content::Frame { of: "/guest" },
    },
    Page {
        path: "/frame/dynamics",
        title: "Dynamics 365 Omnichannel in a cross-site frame",
        lead: "The page embeds the client from another site.",
        content: Content::Frame { of: "/dynamics" },
    },
    Page {
        path: "/frame/dynamics-older",
        title: "Dynamics 365 Omnichannel, the older start in a cross-site frame",
        lead: "The page embeds the client from another site.",
        content: Content::Frame { of: "/dynamics-older" },
    },
    Page {
        path: "/frame/livechat",
        title: "LiveChat in a cross-site frame",
        lead: "The page embeds the client from another site.",
        content: Content::Frame { of: "/livechat" },
    },
    Page {
        path: "/frame/yext",
        title: "Yext Chat in a cross-site frame",
        lead: "The page embeds the client from another site.",
        content: Content::Frame { of: "/yext" },
    },
];
