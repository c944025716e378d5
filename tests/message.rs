//! What a page says is hostile until it is read: over generated messages,
//! nothing panics, and what is read is written as it was meant.

mod properties;

use properties::{read_message, read_sender};
use proptest::prelude::*;
use proptest::sample::select;

/// Messages as page scripts send them, to be damaged.
const MESSAGES: [&str; 6] = [
    r#"{"document":"0f","message":{"kind":"hello"}}"#,
    r#"{"document":"0f","message":{"kind":"candidate","number":1,"candidate":{"transport":"fetch","method":"POST","url":"https://a/b","contentType":"a/b","body":{"kind":"text","text":"{}"}}}}"#,
    r#"{"document":"0f","message":{"kind":"unasked","number":1,"candidate":{"transport":"xhr","method":"POST","url":"https://a/b","body":{"kind":"binary","bytes":"\u00ff"},"notEditable":"synchronous"},"why":{"kind":"backgroundFailed","reason":"x"}}}"#,
    r#"{"document":"0f","message":{"kind":"sent","number":1,"isEdited":true}}"#,
    r#"{"document":"0f","message":{"kind":"outcome","number":1,"outcome":{"kind":"answered","status":200,"body":"","isCut":false,"retryAfter":"3"}}}"#,
    r#"{"document":"0f","message":{"kind":"heard","number":1,"url":"wss://a/b","socket":{"number":1,"sessions":0,"session":"{}"},"frame":"{}"}}"#,
];

/// What the browser says about a sender.
const SENDERS: [&str; 2] = [
    r#"{"id":"abc","url":"chrome-extension://abc/panel.html","origin":"chrome-extension://abc","tab":{"id":3},"frameId":0}"#,
    r#"{"id":"abc","url":"about:blank","origin":"https://shop.example:8443","tab":{"id":3,"url":"https://shop.example/x"},"frameId":7}"#,
];

/// A text with a piece of it replaced.
fn damaged(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("null".to_owned()),
        Just("{}".to_owned()),
        Just("[[]]".to_owned()),
        Just("-1e999".to_owned()),
        Just("18446744073709551616".to_owned()),
        Just("\"\\ud800\"".to_owned()),
        "\\PC{0,4}",
    ];
    let places = (any::<prop::sample::Index>(), 0..12_usize);
    (select(texts), places, piece).prop_map(|(text, (at, length), piece)| {
        let start = at.index(text.len());
        let end = (start + length).min(text.len());
        format!("{}{piece}{}", &text[..start], &text[end..])
    })
}

#[test]
fn what_page_scripts_send_is_read() {
    assert!(MESSAGES.iter().all(|message| read_message(message)));
    assert!(SENDERS.iter().all(|sender| read_sender(sender)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_damaged_message_is_read_or_refused(message in damaged(&MESSAGES), sender in damaged(&SENDERS)) {
        read_message(&message);
        read_sender(&sender);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,64}") {
        read_message(&text);
        read_sender(&text);
    }
}
