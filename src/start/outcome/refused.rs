//! A start that the service refused: what the vendor's own code means, and
//! what its status means where no code is known.

use crate::joined::until;
use crate::start::body::json::{Json, value_at};
use crate::start::finding::{Finding, Rule, of_others, rules, text};
use crate::start::profile::{KnownError, Vendor};

rules! {
    RULES:
    /// The service refused the start, and no other of these says why. With a code that is known, the vendor's own cause and remedy.
    REFUSED = "refused", Problem, "", "Look the code up in the vendor's documentation.";
    /// The status says success, and the answer is an error.
    IN_BODY = "refused-in-answer", Problem,
        "The service puts its errors into answers that say success, so a page that looks at the status alone waits for a chat.",
        "Look the code up in the vendor's documentation, and let the page read the answer and not its status alone.";
    /// The service says 400 or 404, and speaks of a configuration or deployment.
    CONFIGURATION = "refused-configuration", Problem,
        "It does not exist, is disabled or unpublished, or belongs to another organisation or region.",
        "Check that it is published, copy its ID and not its name, check the region in the address, and that the page's \
         domain is among its allowed origins.";
    /// The service says 401 or 403.
    NOT_ALLOWED = "refused-not-allowed", Problem,
        "The page's origin is not among the allowed ones, or a token or key is missing, wrong or expired.",
        "Add the page's origin to the configuration's allowed origins, save and publish; then look at who signs the customer in.";
    /// The service says 413, or 4013 in a frame.
    TOO_LARGE = "refused-too-large", Problem, "The body is larger than the service takes.",
        "Send fewer or shorter attributes.";
    /// The service says 429, or 4029 in a frame.
    RATE_LIMITED = "rate-limited", Problem,
        "Too many starts came from one address, client or session: a start in a render loop or in an effect without \
         dependencies, or several customers behind one session.",
        "";
    /// The service says 500 or more.
    FAILED = "service-failed", Problem, "The service is at fault, or what is in front of it.",
        "Look at the service's status page and try again later; if it stays so, send the vendor the answer below.";
}

/// The waits to suggest where the service names none, in seconds.
const FIRST_WAIT: u64 = 1;

/// A wait longer than this is told, and not doubled, in seconds.
const LONG_WAIT: u64 = 600;

/// What a refusal means. The status comes with whether it is a frame's, which
/// is none of HTTP.
pub(super) fn finding(status: Option<(u16, bool)>, body: &str, retry_after: Option<&str>, vendor: &Vendor) -> Finding {
    let json = Json::parse(body).ok();
    let text_at = |paths: &[Vec<String>]| first_at(json.as_ref()?, paths).map(|(_, words)| of_others(&words));
    let code = text_at(&vendor.error_body.code);
    let message = text_at(&vendor.error_body.message);
    let number = status.map(|(status, _)| status);
    let rule = rule(number, &[code.as_deref().unwrap_or_default(), message.as_deref().unwrap_or(body)]);
    let status = status.map(|(status, is_frame)| text(&[if is_frame { "" } else { "HTTP " }, &status.to_string()]));

    // An error inside a success has its status there, if it has one.
    let told = code.as_deref().and_then(|code| u16::try_from(code.parse::<i64>().ok()?).ok());
    let by_told = if let Some(200..=299) = number { known_error(vendor, told, None) } else { None };
    let known = by_told.or_else(|| known_error(vendor, number, code.as_deref()));
    let mut sentence = match (known, &status) {
        (Some(error), Some(status)) => text(&[&error.sentence, " (", status, ")"]),
        (Some(error), None) => error.sentence.clone(),
        (None, Some(status)) => text(&["The service answered ", status]),
        (None, None) => "The service refused this start".to_owned(),
    };
    let mut say = |parts: &[&str]| {
        sentence.push_str(". ");
        sentence.push_str(&text(parts));
    };
    match (&message, &code) {
        (Some(message), Some(code)) => say(&["It says: ", message, " (", code, ")"]),
        (Some(said), None) | (None, Some(said)) => say(&["It says: ", said]),
        (None, None) => {}
    }
    if let Some(after) = retry_after {
        say(&["Retry-After: ", after]);
    }
    if known.is_some() || message.is_some() || code.is_some() || retry_after.is_some() {
        sentence.push('.');
    }

    let mut finding = rule.says(sentence);
    if let Some(error) = known {
        finding = finding.because(error.cause.clone()).remedy(error.remedy.clone());
    }
    if rule.id == RATE_LIMITED.id {
        let remedy = [back_off(retry_after), finding.remedy].concat();
        finding = Finding { remedy: remedy.trim_end().to_owned(), ..finding };
    }
    finding
}

/// Whether an answer is an error by what it says, whatever its status: a code that is known, a number such as an HTTP
/// error's, or something where only an error has it. A code that is none of these outweighs a message.
pub(super) fn is_error(json: &Json<'_>, vendor: &Vendor) -> bool {
    let is_known = |code: &str| vendor.errors.iter().any(|error| error.codes.iter().any(|known| known == code));
    let is_bad = |path: &[String], code: &str| {
        is_known(code) || names_an_error(path) || code.parse::<i64>().is_ok_and(|number| (400..600).contains(&number))
    };
    let mut has_code = false;
    for path in &vendor.error_body.code {
        if let Some(code) = value_at(json.root(), path) {
            has_code = true;
            if says_something(&code) && is_bad(path, &code) {
                return true;
            }
        }
    }
    let message = first_at(json, &vendor.error_body.message);
    !has_code && message.is_some_and(|(path, message)| names_an_error(path) && says_something(&message))
}

/// Whether only an error has something in this place.
fn names_an_error(path: &[String]) -> bool {
    path.iter().any(|key| {
        let key = key.to_ascii_lowercase();
        key.contains("error") || key.contains("exception")
    })
}

fn says_something(value: &str) -> bool {
    !matches!(value, "" | "0" | "false")
}

/// What the first of these paths that leads somewhere leads to, and the path.
fn first_at<'p>(json: &Json<'_>, paths: &'p [Vec<String>]) -> Option<(&'p [String], String)> {
    paths.iter().find_map(|path| Some((path.as_slice(), value_at(json.root(), path)?)))
}

/// The status may be a frame's: Genesys Web Messaging says 4013 and 4029 where HTTP says 413 and 429.
fn rule(status: Option<u16>, said: &[&str]) -> &'static Rule {
    let speaks_of_it = said.iter().any(|text| {
        let lower = text.to_ascii_lowercase();
        // `attribute widgetColor is invalid`
        !lower.contains("attribute")
            && ["configuration", "deployment", "snippet", "widget"].iter().any(|word| lower.contains(word))
    });
    match status {
        Some(200..=299) => &IN_BODY,
        Some(400 | 404) if speaks_of_it => &CONFIGURATION,
        Some(401 | 403) => &NOT_ALLOWED,
        Some(413 | 4013) => &TOO_LARGE,
        Some(429 | 4029) => &RATE_LIMITED,
        Some(500..=599) => &FAILED,
        Some(_) | None => &REFUSED,
    }
}

/// Waits that double from the one that the service asks for.
fn back_off(retry_after: Option<&str>) -> String {
    let named = retry_after.map(str::trim);
    let seconds = named.and_then(|after| until(after, b".").parse::<u64>().ok());
    // A date begins with a letter; what is neither that nor seconds says nothing.
    let named = named.filter(|after| after.starts_with(|first: char| first.is_ascii_alphabetic()));
    let first = match (named, seconds) {
        (Some(until), None) => return text(&["Wait until ", until, ", then back off exponentially with jitter. "]),
        (_, Some(seconds @ LONG_WAIT..)) => {
            return text(&["Wait for ", &seconds.to_string(), " s, and do not try before. "]);
        }
        (_, seconds) => seconds.unwrap_or(FIRST_WAIT).max(FIRST_WAIT),
    };
    let waits = [first, first * 2, first * 4, first * 8].map(|wait| wait.to_string());
    let [first, second, third, fourth] = &waits;
    let waits = [first, " s before the next try, then ", second, ", ", third, " and ", fourth, " s"];
    text(&["Wait ", &text(&waits), ", each time longer by up to a half at random, then give up. "])
}

fn known_error<'v>(vendor: &'v Vendor, status: Option<u16>, code: Option<&str>) -> Option<&'v KnownError> {
    let by_code = vendor.errors.iter().find(|error| error.codes.iter().any(|known| Some(known.as_str()) == code));
    by_code.or_else(|| vendor.errors.iter().find(|error| status.is_some_and(|status| error.statuses.contains(&status))))
}
