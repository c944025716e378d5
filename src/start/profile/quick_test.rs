//! The page script's quick test, made of the built-in profiles.

#[cfg(not(target_family = "wasm"))]
use super::{Profile, all, built_in};
use crate::start::body::json::quoted;
use crate::start::candidate::MAX_BODY_CHARACTERS;

/// What the page script's quick test is made of, as JavaScript: which
/// methods, ends of paths and sockets might be a start, from all built-in
/// profiles, and how long a body may be.
///
/// It is looser than [`find`]: the page asks "might this be ours?", and only
/// Rust decides.
#[cfg(not(target_family = "wasm"))]
pub fn quick_test() -> String {
    let vendors = built_in();
    let mut methods = Vec::new();
    let mut ends = Vec::new();
    let mut sockets = Vec::new();
    for (_, Profile { start, .. }) in all(&vendors) {
        match &start.socket {
            Some(socket) => sockets.push(format!(
                "{{end: {}, query: [{}], sent: [{}], heard: [{}], session: {}}}",
                quoted(start.paths.first().map_or("", |path| path.as_str())),
                list(start.query.clone()),
                list(socket.sent.clone()),
                list(socket.heard.clone()),
                quoted(socket.session.as_deref().unwrap_or_default())
            )),
            None => {
                methods.push(start.method.clone());
                ends.extend(start.paths.iter().map(|path| path.as_str().to_owned()));
            }
        }
    }
    quick_test_of(methods, ends, &sockets)
}

/// A quick test that every call passes. For tests: nothing that a page can
/// see may change even then.
pub fn every_call() -> String {
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(str::to_owned);
    let socket = r#"{end: "", query: [], sent: [""], heard: [""], session: ""}"#;
    quick_test_of(methods.to_vec(), vec![String::new()], &[socket.to_owned()])
}

fn quick_test_of(methods: Vec<String>, ends: Vec<String>, sockets: &[String]) -> String {
    format!(
        "const METHODS = [{}];\nconst PATH_ENDS = [{}];\nconst SOCKETS = [{}];\nconst MAX_BODY_CHARACTERS = \
         {MAX_BODY_CHARACTERS};",
        list(methods),
        list(ends),
        sockets.join(", ")
    )
}

/// Texts as the items of a JavaScript array, each once.
fn list(mut texts: Vec<String>) -> String {
    texts.sort();
    texts.dedup();
    let quoted: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_test_knows_every_path() {
        let quick_test = quick_test();
        for known in [
            "\"POST\"",
            "\"/conversations/webchat\", ",
            "\"/webchat/guest/conversations\"",
            "{end: \"/v1\", query: [\"deploymentId\"], sent: [\"onMessage\"], heard: [\"SessionResponse\", \
             \"StructuredMessage\", \"TooManyRequests\", \"response\"], session: \"SessionResponse\"}",
            "const MAX_BODY_CHARACTERS = 4000000;",
        ] {
            assert!(quick_test.contains(known), "{known} is not in {quick_test}");
        }
    }
}
