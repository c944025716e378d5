//! What is explained is what is decided: over generated candidates, near and
//! far, every profile's words agree with whether it matches, and one wins.

use callsign::start::candidate::{Body, CALL, Candidate, FRAME, Transport};
use callsign::start::explain::{Verdict, explain};
use callsign::start::profile::{Vendor, all, built_in, find};
use proptest::prelude::*;
use proptest::sample::select;

const TRANSPORTS: [Transport; 5] =
    [Transport::Fetch, Transport::Xhr, Transport::Beacon, Transport::WebSocket, Transport::PageApi];

const TYPES: [Option<&str>; 3] = [None, Some("application/json"), Some("application/x-www-form-urlencoded")];

/// Texts of which a candidate near the profiles is made.
fn pieces(vendors: &[Vendor]) -> (Vec<String>, Vec<String>) {
    let mut urls = vec!["https://shop.example/other".to_owned(), "nowhere".to_owned()];
    let mut bodies = vec![String::new(), "{".to_owned(), "[]".to_owned(), "a=b".to_owned()];
    for (_, profile) in all(vendors) {
        let start = &profile.start;
        let host = start.hosts.first().map_or("a.example".to_owned(), |host| host.as_str().replace('*', "x1"));
        for path in start.paths.iter().map(|path| path.as_str().replace('*', "x1")).chain([String::new()]) {
            let query: Vec<_> = start.query.iter().map(|name| format!("{name}=1")).collect();
            urls.push(format!("https://{host}{path}?{}", query.join("&")));
            urls.push(format!("https://{host}{path}"));
            urls.push(format!("https://other.example{path}?{}", query.join("&")));
        }
        urls.extend(start.call.iter().map(|call| call.function.clone()));
        for list in &start.body {
            let mut body = serde_json::json!({});
            for condition in list {
                bodies.push(body.to_string());
                set(&mut body, &condition.path, condition.is.first().map_or("x", String::as_str));
            }
            bodies.push(body.to_string());
        }
    }
    (urls, bodies)
}

/// Sets a value; a key `0` makes a list.
fn set(body: &mut serde_json::Value, path: &[String], value: &str) {
    let Some((key, rest)) = path.split_first() else {
        *body = value.into();
        return;
    };
    let inner = match key.parse::<usize>() {
        Ok(position) => {
            if !body.is_array() {
                *body = serde_json::json!([]);
            }
            let items = body.as_array_mut().expect("a list");
            items.resize(items.len().max(position + 1), serde_json::Value::Null);
            &mut items[position]
        }
        Err(_) => {
            if !body.is_object() {
                *body = serde_json::json!({});
            }
            body.as_object_mut().expect("an object").entry(key.clone()).or_insert(serde_json::Value::Null)
        }
    };
    set(inner, rest, value);
}

fn candidate(vendors: &[Vendor]) -> impl Strategy<Value = Candidate> + use<> {
    let (urls, bodies) = pieces(vendors);
    let url = prop_oneof![8 => select(urls), 1 => "\\PC{0,20}"];
    let text = prop_oneof![8 => select(bodies), 1 => "\\PC{0,20}"];
    let body = prop_oneof![
        8 => text.prop_map(|text| Body::Text { text }),
        1 => Just(Body::Nothing),
        1 => Just(Body::TooLarge { characters: 5_000_000 }),
    ];
    let method = select(vec!["POST", "POST", "GET", "PUT", FRAME, CALL]);
    (select(&TRANSPORTS), method, url, select(&TYPES), body).prop_map(|(transport, method, url, content_type, body)| {
        Candidate {
            transport,
            // Most of what comes is of one piece.
            method: match transport {
                Transport::WebSocket if method == "POST" => FRAME.to_owned(),
                Transport::PageApi if method == "POST" => CALL.to_owned(),
                Transport::Fetch | Transport::Xhr | Transport::Beacon | Transport::WebSocket | Transport::PageApi => {
                    method.to_owned()
                }
            },
            url,
            content_type: content_type.map(str::to_owned),
            body,
            not_editable: None,
            socket: None,
            signature: None,
        }
    })
}

#[test]
fn words_and_decision_agree() {
    let vendors = built_in();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1_500));
    let mut matched = std::collections::BTreeSet::new();
    let seen = std::cell::RefCell::new(&mut matched);
    let told = runner.run(&candidate(&vendors), |candidate| {
        let explained = explain(&candidate, &vendors);
        let winner = find(&vendors, &candidate).map(|(_, profile)| profile.id.clone());
        prop_assert_eq!(explained.len(), all(&vendors).count());
        for ((_, profile), said) in all(&vendors).zip(&explained) {
            prop_assert_eq!(&said.profile, &profile.id);
            let is_match = profile.matches(&candidate);
            prop_assert_eq!(said.misses() == 0, is_match, "{:?}", said);
            let verdict = match (&winner, is_match) {
                (Some(winner), true) if *winner == profile.id => Verdict::Matched,
                (Some(winner), true) => Verdict::AnotherWon { profile: winner.clone() },
                _ => Verdict::NotMatched,
            };
            prop_assert_eq!(&said.verdict, &verdict);
            prop_assert!(!said.sentence().is_empty());
        }
        if let Some(winner) = winner {
            seen.borrow_mut().insert(winner);
        }
        Ok(())
    });
    assert_eq!(told, Ok(()));
    assert!(!matched.is_empty(), "some candidates are starts");
}
