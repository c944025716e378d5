//! What the pages are served with; that they start chats is shown by the browser tests.

use crate::support::get;
use playground::{Ports, page_list, serve, serve_on};

#[tokio::test]
async fn every_page_is_there_at_both_origins() {
    let playground = serve().await.unwrap();
    for (path, title) in page_list() {
        for origin in [playground.site(), playground.widget()] {
            let answer = get(origin, path).await;
            let is_missing_client = answer.status == 503 && answer.text().contains("node tests/clients/build.mjs");
            assert!(answer.status == 200 || is_missing_client, "{path}: {}", answer.status);
            assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
            assert!(!answer.text().contains("{{"), "{path} ({title}) has a gap");
        }
    }
}

#[tokio::test]
async fn what_a_page_loads_is_there() {
    let playground = serve().await.unwrap();
    for (path, _) in page_list() {
        let page = get(playground.site(), path).await;
        let assets = page.text().split('"').filter(|text| text.starts_with("/assets/"));
        for asset in assets {
            assert_eq!(get(playground.site(), asset).await.status, 200, "{asset} of {path}");
        }
    }
    assert_eq!(get(playground.site(), "/clients/..%2Fbuild.mjs").await.status, 404);
    assert_eq!(get(playground.site(), "/assets/nothing.js").await.status, 404);
}

#[tokio::test]
async fn the_empty_page_is_there_and_not_listed() {
    let playground = serve().await.unwrap();
    let page = get(playground.site(), "/empty").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text().contains("firstScriptAt"), "{}", page.text());
    assert!(page_list().all(|(path, _)| path != "/empty"));
}

#[tokio::test]
async fn strict_pages_have_a_policy_and_others_none() {
    let playground = serve().await.unwrap();
    for (path, _) in page_list() {
        let page = get(playground.site(), path).await;
        let policy = page.header("content-security-policy");
        // A page without its client's bundle says so, and loads nothing.
        let is_strict = policy.is_some_and(|policy| policy.starts_with("default-src 'self'"));
        assert_eq!(is_strict, path.starts_with("/csp/") && page.status == 200, "{path}");
        assert_eq!(policy.is_some(), is_strict, "{path}");
    }
}

#[tokio::test]
async fn a_frame_shows_the_other_origin_with_the_same_query() {
    let playground = serve().await.unwrap();
    let (site, widget) = (playground.site(), playground.widget());
    for (origin, other) in [(site, widget), (widget, site)] {
        let page = get(origin, "/frame/xhr?configurationId=config-live&api=http%3A%2F%2Flocalhost").await;
        let frame = format!("src=\"{other}/xhr?configurationId=config-live&amp;api=http%3A%2F%2Flocalhost\"");
        assert!(page.text().contains(&frame), "{}", page.text());
    }
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let playground = serve().await.unwrap();
    let port = |origin: &str| origin.rsplit(':').next().unwrap().parse().ok();
    let site = serve_on(Ports { site: port(playground.site()), widget: None }).await;
    let widget = serve_on(Ports { site: None, widget: port(playground.widget()) }).await;
    assert!(site.is_err());
    assert!(widget.is_err());
}
