//! Small texts that several screens share: times, masks, results.

use crate::joined::until;
use crate::message::NoVerdict;
use crate::session::record::{Delivery, Record};
use crate::session::uncovered::Uncovered;
use crate::start::finding::Severity;
use crate::start::outcome::Outcome;

/// What a screen shows instead of a value until the tester asks for it.
const MASK: &str = "••••••";

/// A time of day, `14:03:22.125`. `offset_minutes` is what the browser calls
/// the time zone's offset: minutes from local time to UTC.
pub fn clock(at: u64, offset_minutes: i32) -> String {
    let offset = i64::from(offset_minutes) * 60_000;
    let day = i64::try_from(at).unwrap_or_default().wrapping_sub(offset).rem_euclid(86_400_000);
    let (hours, minutes, seconds, millis) = (day / 3_600_000, day / 60_000 % 60, day / 1_000 % 60, day % 1_000);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
}

/// A value, or its mask: of a long one the last four characters stay, so that
/// a tester can tell two customers apart.
pub fn masked(value: &str, is_shown: bool) -> String {
    if is_shown || value.is_empty() {
        return value.to_owned();
    }
    match value.char_indices().nth_back(3) {
        Some((tail, _)) if value.chars().count() > 8 => format!("{MASK}{}", &value[tail..]),
        Some(_) | None => MASK.to_owned(),
    }
}

/// An address, without query and fragment until the tester asks for values.
pub fn address(url: &str, is_shown: bool) -> String {
    let end = until(url, b"?#").len();
    if is_shown || end == url.len() { url.to_owned() } else { format!("{}…", &url[..=end]) }
}

/// A length in bytes, `812 bytes`, `5.0 MB`.
pub fn size(bytes: usize) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// What of a page is not seen; empty where all is.
pub fn uncovered(uncovered: &Uncovered) -> String {
    let mut sentences = Vec::new();
    let hidden = |what| format!("{what} not seen: a chat that starts in there goes out as written, and is not listed.");
    match uncovered.workers {
        0 => {}
        1 => sentences.push(hidden("This page runs a worker, whose traffic is".to_owned())),
        count => sentences.push(hidden(format!("This page runs {count} workers, whose traffic is"))),
    }
    if uncovered.is_frozen {
        sentences.push(hidden("This page has frozen a function that chats start by, so its calls are".to_owned()));
    }
    if uncovered.dropped > 0 {
        sentences.push(format!(
            "This page starts more chats than Callsign looks at: {} or more calls went out as written, and are not listed.",
            uncovered.dropped
        ));
    }
    match uncovered.lost {
        0 => {}
        1 => {
            sentences.push("There was no room to keep 1 start of this page: it went out, and is not listed.".to_owned())
        }
        count => sentences
            .push(format!("There was no room to keep {count} starts of this page: they went out, and are not listed.")),
    }
    sentences.join(" ")
}

/// What came of a start, in a few words, and how good that is.
pub fn result(record: &Record) -> (String, Severity) {
    let Some(outcome) = &record.outcome else {
        return match record.delivery {
            Delivery::Waiting => ("Waiting".to_owned(), Severity::Note),
            Delivery::NoStart => ("Resumed".to_owned(), Severity::Note),
            Delivery::Edited | Delivery::AsWritten | Delivery::Unasked { .. } => ("Sent".to_owned(), Severity::Note),
        };
    };
    match outcome {
        Outcome::Answered { status: 0, .. } => ("Answer hidden".to_owned(), Severity::Note),
        Outcome::Answered { status, is_cut: true, .. } if record.is_accepted && record.conversation_id.is_none() => {
            (format!("{status} Not read"), Severity::Note)
        }
        Outcome::Answered { status, .. } if record.is_accepted => (format!("{status} Accepted"), Severity::Note),
        Outcome::Answered { status, .. } => (format!("{status} Refused"), Severity::Problem),
        Outcome::Refused { .. } => ("Refused".to_owned(), Severity::Problem),
        Outcome::Failed { .. } => ("No answer".to_owned(), Severity::Problem),
        Outcome::Aborted if record.delivery == Delivery::Waiting => ("Not sent".to_owned(), Severity::Warning),
        Outcome::Aborted => ("Given up".to_owned(), Severity::Warning),
        Outcome::TimedOut => ("Timed out".to_owned(), Severity::Warning),
    }
}

/// How a start went out, in one sentence.
pub fn delivery(record: &Record) -> String {
    match &record.delivery {
        Delivery::Waiting if record.outcome.is_some() => "The page gave up before it was sent.".to_owned(),
        Delivery::Waiting => "The page has not reported yet that it was sent.".to_owned(),
        Delivery::Edited if matches!(record.outcome, Some(Outcome::Failed { .. })) => {
            format!("Handed to the browser with `{}` set by Callsign; it may not have left.", record.crm_key)
        }
        Delivery::Edited => format!("Sent with `{}` set by Callsign.", record.crm_key),
        Delivery::AsWritten => "Sent as the page wrote it.".to_owned(),
        Delivery::NoStart => "The page sent no start.".to_owned(),
        Delivery::Unasked { why } => format!("Sent as the page wrote it: {}.", no_verdict(why)),
    }
}

fn no_verdict(why: &NoVerdict) -> &'static str {
    match why {
        NoVerdict::TooLate => "Callsign did not decide within 2 seconds",
        NoVerdict::PageLeft => "the page was left before Callsign decided",
        NoVerdict::BackgroundGone => "the browser stopped Callsign's background",
        NoVerdict::BackgroundFailed { .. } => "Callsign's background could not decide",
        NoVerdict::EditFailed { .. } => "the page did not take the edited body",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_the_testers_local_time() {
        assert_eq!(clock(0, 0), "00:00:00.000");
        assert_eq!(clock(1_700_000_000_125, -60), "23:13:20.125");
        assert_eq!(clock(1_700_000_000_125, 300), "17:13:20.125");
    }

    #[test]
    fn a_mask_hides_short_values_whole_and_keeps_four_characters_of_long_ones() {
        assert_eq!(masked("gold", false), "••••••");
        assert_eq!(masked("WEB-0001-ABC", false), "••••••-ABC");
        assert_eq!(masked("WEB-0001-ABC", true), "WEB-0001-ABC");
        assert_eq!(masked("", false), "");
    }

    #[test]
    fn an_address_hides_what_a_query_may_tell() {
        assert_eq!(address("https://a.example/x?token=1#y", false), "https://a.example/x?…");
        assert_eq!(address("https://a.example/x?token=1#y", true), "https://a.example/x?token=1#y");
        assert_eq!(address("https://a.example/x", false), "https://a.example/x");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_234), "1.2 kB");
        assert_eq!(size(5_000_000), "5.0 MB");
    }
}
