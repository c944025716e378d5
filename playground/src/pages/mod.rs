//! Serves the pages that start chats, and the start page that lists them.

mod asset;
mod list;

use crate::{
    chat::{Configuration, Listed},
    routes::State,
};
use axum::{
    Router,
    extract::{Path, RawQuery},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use list::{Content, PAGES, Page};

type PlaygroundState = axum::extract::State<State>;

/// Path and title of every page, the start page first.
pub fn page_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    [("/", "This list, and the configuration IDs")].into_iter().chain(PAGES.iter().map(|page| (page.path, page.title)))
}

/// The pages, and what they load.
pub(crate) fn routes() -> Router<State> {
    let router = Router::new()
        .route("/", get(start_page))
        .route("/empty", get(async || Html(include_str!("../../pages/empty.html"))))
        .route("/assets/{name}", get(asset::asset))
        .route("/genesys-bootstrap/genesys.min.js", get(asset::genesys_messenger))
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
            Content::Form { script, policy } => under(policy, html(&module("assets", script), &form())),
            Content::Messenger { policy } => under(policy, html(&module("assets", "messaging.js"), &messenger())),
            Content::ClientForm { client, .. } | Content::Client { client } if is_missing(client) => {
                let content = include_str!("../../pages/client-missing.html").replace("{{client}}", client);
                (StatusCode::SERVICE_UNAVAILABLE, html("", &content)).into_response()
            }
            Content::ClientForm { script, policy, .. } => under(policy, html(&module("assets", script), &form())),
            Content::Client { client } => html(&module("clients", client), "<div id=\"root\"></div>").into_response(),
            Content::Frame { of } => {
                let query = query.map(|query| format!("?{query}")).unwrap_or_default();
                let address = escape(&format!("{}{of}{query}", state.other_origin()));
                let content = include_str!("../../pages/frame.html").replace("{{address}}", &address);
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
        .map(|Listed { id, start, messaging }| {
            format!("<tr><th scope=\"row\"><code>{id}</code></th><td>{start}</td><td>{messaging}</td></tr>\n")
        })
        .collect();
    let content = include_str!("../../pages/start.html")
        .replace("{{pages}}", &pages)
        .replace("{{configurations}}", &configurations)
        .replace("{{site}}", &state.shared.site)
        .replace("{{widget}}", &state.shared.widget);
    shell(&state, "Pages", "", &content)
}

/// The frame around every page. What is put in is HTML already.
fn shell(state: &State, title: &str, script: &str, content: &str) -> Html<String> {
    let page = include_str!("../../pages/shell.html")
        .replace("{{title}}", &escape(title))
        .replace("{{origin}}", state.origin())
        .replace("{{host}}", state.origin().trim_start_matches("http://"))
        .replace("{{other-origin}}", state.other_origin())
        .replace("{{script}}", script)
        .replace("{{content}}", content);
    Html(page)
}

/// A page that is served with this policy.
fn under(policy: Option<&'static str>, page: Html<String>) -> Response {
    match policy {
        Some(policy) => ([(header::CONTENT_SECURITY_POLICY, policy)], page).into_response(),
        None => page.into_response(),
    }
}

fn form() -> String {
    include_str!("../../pages/form.html").replace("{{configurations}}", &options(|listed| listed.start))
}

fn messenger() -> String {
    include_str!("../../pages/messaging.html").replace("{{configurations}}", &options(|listed| listed.messaging))
}

/// An option for each configuration ID, with what comes of it.
fn options(effect: impl Fn(&Listed) -> &'static str) -> String {
    let option = |listed: &Listed| format!("<option value=\"{}\">{}</option>\n", listed.id, effect(listed));
    Configuration::LISTED.iter().map(option).collect()
}

fn module(folder: &str, name: &str) -> String {
    format!("<script type=\"module\" src=\"/{folder}/{name}\"></script>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// A bundled client as it is on disk now, so that a new bundle needs no new playground.
async fn client(axum::extract::State(state): PlaygroundState, Path(name): Path<String>) -> Response {
    let bundles = ["react.js", "react-development.js", "guest.js", "dynamics.js", "livechat.js", "yext.js"];
    let is_bundle = bundles.contains(&name.as_str());
    match tokio::fs::read(state.shared.clients.join(&name)).await {
        Ok(script) if is_bundle => ([(header::CONTENT_TYPE, asset::SCRIPT)], script).into_response(),
        Ok(_) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
