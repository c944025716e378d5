//! The pages that start chats, each in another way that sites use, and each with its script in a file of its own.

use crate::{chat::Configuration, routes::State};
use axum::{
    Router,
    extract::{Path, RawQuery},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};

type PlaygroundState = axum::extract::State<State>;

/// A page that starts chats by one particular call.
struct Page {
    path: &'static str,
    title: &'static str,
    lead: &'static str,
    content: Content,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// The form, driven by this script of the playground.
    Form { script: &'static str, policy: Option<&'static str> },
    /// The form, driven by a script that needs this bundled chat client.
    ClientForm { script: &'static str, client: &'static str },
    /// Whatever the bundled client draws.
    Client { client: &'static str },
    /// This page of the other origin, in a frame.
    Frame { of: &'static str },
}

const STRICT: Option<&str> = Some("default-src 'self'");

const PAGES: [Page; 12] = [
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
        path: "/frame/react",
        title: "React app in a cross-site frame",
        lead: "The page embeds a React app from another site.",
        content: Content::Frame { of: "/react" },
    },
    Page {
        path: "/react",
        title: "React app",
        lead: "A component creates a chat client, starts the chat on a click, and destroys the client as it goes.",
        content: Content::Client { client: "react.js" },
    },
    Page {
        path: "/guest",
        title: "Genesys Cloud guest chat client",
        lead: "The page hands the body to purecloud-guest-chat-client, as published, which sends it by XMLHttpRequest.",
        content: Content::ClientForm { script: "guest-client.js", client: "guest.js" },
    },
];

/// Path and title of every page, the start page first.
pub fn page_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    [("/", "This list, and the configuration IDs")].into_iter().chain(PAGES.iter().map(|page| (page.path, page.title)))
}

/// The pages, and what they load.
pub(crate) fn routes() -> Router<State> {
    let router = Router::new()
        .route("/", get(start_page))
        .route("/assets/{name}", get(asset))
        .route("/clients/{name}", get(client));
    PAGES.iter().fold(router, |router, page| {
        router.route(
            page.path,
            get(move |state: PlaygroundState, RawQuery(query): RawQuery| async move {
                page.response(&state, query.as_deref())
            }),
        )
    })
}

impl Page {
    fn response(&self, state: &State, query: Option<&str>) -> Response {
        let is_missing = |client: &str| !state.shared.clients.join(client).is_file();
        let html = |script: &str, content: &str| self.html(state, script, content);
        match self.content {
            Content::Form { script, policy } => {
                let page = html(&module("assets", script), &form());
                match policy {
                    Some(policy) => ([(header::CONTENT_SECURITY_POLICY, policy)], page).into_response(),
                    None => page.into_response(),
                }
            }
            Content::ClientForm { client, .. } | Content::Client { client } if is_missing(client) => {
                let content = include_str!("../pages/client-missing.html").replace("{{client}}", client);
                (StatusCode::SERVICE_UNAVAILABLE, html("", &content)).into_response()
            }
            Content::ClientForm { script, .. } => html(&module("assets", script), &form()).into_response(),
            Content::Client { client } => html(&module("clients", client), "<div id=\"root\"></div>").into_response(),
            Content::Frame { of } => {
                let query = query.map(|query| format!("?{query}")).unwrap_or_default();
                let address = escape(&format!("{}{of}{query}", state.other_origin()));
                let content = include_str!("../pages/frame.html").replace("{{address}}", &address);
                html("", &content).into_response()
            }
        }
    }

    fn html(&self, state: &State, script: &str, content: &str) -> Html<String> {
        let lead = escape(self.lead);
        let heading = format!("<h1>{}</h1>\n<p class=\"lead\">{lead}</p>", escape(self.title));
        shell(state, self.title, script, &format!("{heading}\n{content}"))
    }
}

async fn start_page(axum::extract::State(state): PlaygroundState) -> Html<String> {
    let pages: String = PAGES
        .iter()
        .map(|page| {
            let (path, title, lead) = (page.path, escape(page.title), escape(page.lead));
            format!("<li><a href=\"{path}\">{title}</a><code>{path}</code><p>{lead}</p></li>\n")
        })
        .collect();
    let configurations: String = Configuration::LISTED
        .iter()
        .map(|(id, effect)| format!("<tr><th scope=\"row\"><code>{id}</code></th><td>{effect}</td></tr>\n"))
        .collect();
    let content = include_str!("../pages/start.html")
        .replace("{{pages}}", &pages)
        .replace("{{configurations}}", &configurations)
        .replace("{{site}}", &state.shared.site)
        .replace("{{widget}}", &state.shared.widget);
    shell(&state, "Pages", "", &content)
}

/// The frame around every page. What is put in is HTML already.
fn shell(state: &State, title: &str, script: &str, content: &str) -> Html<String> {
    let page = include_str!("../pages/shell.html")
        .replace("{{title}}", &escape(title))
        .replace("{{origin}}", state.origin())
        .replace("{{host}}", state.origin().trim_start_matches("http://"))
        .replace("{{other-origin}}", state.other_origin())
        .replace("{{script}}", script)
        .replace("{{content}}", content);
    Html(page)
}

fn form() -> String {
    let options: String = Configuration::LISTED
        .iter()
        .map(|(id, effect)| format!("<option value=\"{id}\">{effect}</option>\n"))
        .collect();
    include_str!("../pages/form.html").replace("{{configurations}}", &options)
}

fn module(folder: &str, name: &str) -> String {
    format!("<script type=\"module\" src=\"/{folder}/{name}\"></script>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

async fn asset(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", include_str!("../pages/style.css")),
        "icon.svg" => ("image/svg+xml", include_str!("../pages/icon.svg")),
        "chat-page.js" => (SCRIPT, include_str!("../pages/chat-page.js")),
        "fetch.js" => (SCRIPT, include_str!("../pages/fetch.js")),
        "xhr.js" => (SCRIPT, include_str!("../pages/xhr.js")),
        "request.js" => (SCRIPT, include_str!("../pages/request.js")),
        "request-init.js" => (SCRIPT, include_str!("../pages/request-init.js")),
        "guest-client.js" => (SCRIPT, include_str!("../pages/guest-client.js")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// A bundled client as it is on disk now, so that a new bundle needs no new playground.
async fn client(axum::extract::State(state): PlaygroundState, Path(name): Path<String>) -> Response {
    let is_bundle = ["react.js", "guest.js"].contains(&name.as_str());
    match tokio::fs::read(state.shared.clients.join(&name)).await {
        Ok(script) if is_bundle => ([(header::CONTENT_TYPE, SCRIPT)], script).into_response(),
        Ok(_) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
