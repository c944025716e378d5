//! What a page says is hostile until it is read: over generated messages,
//! nothing panics, and what is read is written as it was meant.

mod properties;

use properties::{read_message, read_sender};
use proptest::prelude::*;
use proptest::sample::select;

/// Messages as page scripts send them, to be damaged.
const MESSAGES: [&str; 9] = [
    include_str!("../fuzz/seeds/message/hello.json"),
    include_str!("../fuzz/seeds/message/candidate.json"),
    include_str!("../fuzz/seeds/message/frame.json"),
    include_str!("../fuzz/seeds/message/unasked.json"),
    include_str!("../fuzz/seeds/message/sent.json"),
    include_str!("../fuzz/seeds/message/outcome.json"),
    include_str!("../fuzz/seeds/message/heard.json"),
    include_str!("../fuzz/seeds/message/uncovered.json"),
    include_str!("../fuzz/seeds/message/dropped.json"),
];

/// What the browser says about a sender.
const SENDERS: [&str; 2] =
    [include_str!("../fuzz/seeds/message/sender-page.json"), include_str!("../fuzz/seeds/message/sender-screen.json")];

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
    #![proptest_config(ProptestConfig::with_cases(10_000))]

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
