//! Runs the program as a test suite in another language does: it says where it is, and goes when its stdin closes.

use crate::support::get;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_playground"))
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_with_its_stdin() {
    let mut child = program()
        .arg("--until-stdin-closes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let origins: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    for (name, host) in [("site", "http://127.0.0.1:"), ("widget", "http://localhost:")] {
        let origin = origins[name].as_str().unwrap();
        assert!(origin.starts_with(host), "{origin}");
        assert_eq!(get(origin, "/echo").await.text(), "ok");
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(lines.next().is_none());
}

#[track_caller]
fn check_refused(arguments: &[&str], reason: &str) {
    let output = program().args(arguments).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).starts_with(reason));
}

#[test]
fn an_argument_that_it_does_not_know_is_refused() {
    check_refused(&["--port", "80"], "--port is no argument of the playground");
    check_refused(&["--site-port"], "--site-port takes a number, 0 to 65535");
    check_refused(&["--widget-port", "65536"], "--widget-port takes a number, 0 to 65535");
}
