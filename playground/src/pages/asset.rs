//! What the pages load: their scripts, their look and their icon, all part of the program.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

pub(super) const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Puts a file of `playground/pages` where its name is asked for.
macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../../pages/", $name))
    };
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", text!("style.css")),
        "icon.svg" => ("image/svg+xml", text!("icon.svg")),
        "beacon.js" => (SCRIPT, text!("beacon.js")),
        "chat-page.js" => (SCRIPT, text!("chat-page.js")),
        "chat-worker.js" => (SCRIPT, text!("chat-worker.js")),
        "dynamics.js" => (SCRIPT, text!("dynamics.js")),
        "dynamics-page.js" => (SCRIPT, text!("dynamics-page.js")),
        "dynamics-older.js" => (SCRIPT, text!("dynamics-older.js")),
        "fetch.js" => (SCRIPT, text!("fetch.js")),
        "form.js" => (SCRIPT, text!("form.js")),
        "genesys-api.js" => (SCRIPT, text!("genesys-api.js")),
        "guest-client.js" => (SCRIPT, text!("guest-client.js")),
        "livechat.js" => (SCRIPT, text!("livechat.js")),
        "messaging.js" => (SCRIPT, text!("messaging.js")),
        "multipart.js" => (SCRIPT, text!("multipart.js")),
        "request.js" => (SCRIPT, text!("request.js")),
        "request-init.js" => (SCRIPT, text!("request-init.js")),
        "shared-worker.js" => (SCRIPT, text!("shared-worker.js")),
        "sync-xhr.js" => (SCRIPT, text!("sync-xhr.js")),
        "worker.js" => (SCRIPT, text!("worker.js")),
        "xhr.js" => (SCRIPT, text!("xhr.js")),
        "yext.js" => (SCRIPT, text!("yext.js")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// What stands in for the script of Genesys' Messenger, at a path that ends as the vendor's does.
pub(super) async fn genesys_messenger() -> Response {
    ([(header::CONTENT_TYPE, SCRIPT)], text!("genesys-messenger.js")).into_response()
}
