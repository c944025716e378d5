//! Findings about the body as a whole: what keeps a start from being edited,
//! and how the fields of a form are written.

use crate::start::attributes::{Reading, Untouchable};
use crate::start::body::document::Unreadable;
use crate::start::body::fields::Fault;
use crate::start::body::json::NotJson;
use crate::start::body::multipart::NotMultipart;
use crate::start::candidate::NotEditable;
use crate::start::finding::{Finding, Rule, Severity, add, as_sentence, rules};

rules! {
    RULES:
    /// The body is there and has nothing in it.
    EMPTY = "body-empty", Problem, "The start went out as the page wrote it.",
        "Check what the page passes as the body.";
    /// The JSON of the body ends too early.
    TRUNCATED = "body-truncated", Problem, "The start went out as the page wrote it.",
        "Look for a page that cuts its text, or builds JSON by hand.";
    /// The body is no JSON, and nothing says that it is something else.
    NOT_JSON = "body-not-json", Problem, "The start went out as the page wrote it.",
        "Pass the body through JSON.stringify instead of building it by hand.";
    /// The JSON of the body nests deeper than is read.
    TOO_DEEP = "body-too-deep", Problem, "The start went out as the page wrote it.",
        "Attributes are flat: look for an object that was put inside itself.";
    /// The content type of a multipart body names no boundary, or another.
    BOUNDARY = "multipart-boundary", Problem, "The start went out as the page wrote it.",
        "Pass a FormData and set no Content-Type: the browser writes it, with the boundary that it chose.";
    /// A multipart body is not written as its standard says.
    MALFORMED = "multipart-malformed", Problem, "The start went out as the page wrote it.",
        "Pass a FormData instead of building the body by hand.";
    /// The body is bytes where a text belongs.
    NOT_TEXT = "body-not-text", Problem, "The start went out as the page wrote it.",
        "Send the body as UTF-8 text, and name its kind in Content-Type.";
    /// The body should be of socket.io, and has no event in it.
    NO_EVENT = "body-no-event", Problem, "The start went out as the page wrote it.",
        "Send the start with emit() of socket.io's own client.";
    /// A form has more fields than are read.
    TOO_MANY_FIELDS = "body-too-many-fields", Problem, "The start went out as the page wrote it.",
        "A chat start has about ten: look for what adds them.";
    /// The body is longer than the page script carries.
    TOO_LARGE = "body-too-large", Problem, "The start went out as the page wrote it.",
        "A chat start is a few kilobytes: look for what fills it.";
    /// The body is an object of a kind that is not read, such as `Document`.
    UNSUPPORTED = "body-unsupported", Problem, "The start went out as the page wrote it.",
        "Send the body as a string to have it read and edited.";
    /// Where the attributes belong stands something that is no object.
    NOT_AN_OBJECT = "attributes-not-an-object", Problem, "The start went out as the page wrote it.",
        "Send the attributes as an object of keys and plain values.";
    /// Where a list of attributes belongs stands something else.
    NOT_A_LIST = "attributes-not-a-list", Problem, "The start went out as the page wrote it.",
        "Send the attributes as a list of objects with name and value.";
    /// A CRM ID should be set, and nothing says under which name.
    NOWHERE = "attributes-nowhere", Problem, "The start went out as the page wrote it.",
        "Name the attribute with its namespace in the popup, such as `shop.customerId`, or let the page send one attribute in the namespace that is meant.";
    /// A signature seals the body, the attributes or the CRM ID: by a header such as `x-amz-content-sha256`, a token (JWT) or a hash beside them. A note where nothing should be set.
    SIGNED = "signed", Problem, "The start went out as the page wrote it.",
        "Set the CRM ID where it is signed: on the site's own server, before it makes the token or signature.";
    /// A form's field should hold the attributes as JSON, and holds other text.
    FIELD_NOT_JSON = "field-not-json", Problem, "The start went out as the page wrote it.",
        "Pass the attributes through JSON.stringify before they go into the form.";
    /// A key on the way to the attributes stands more than once.
    AMBIGUOUS = "attributes-ambiguous", Problem, "The start went out as the page wrote it.", "Send this key once.";
    /// What should become the CRM ID is spread over fields, or a file.
    NOT_ONE_VALUE = "attribute-not-one-value", Problem, "The start went out as the page wrote it.",
        "Send this attribute as one plain text.";
    /// The edited body would say something else than what was set.
    NOT_SETTABLE = "attribute-not-settable", Problem, "The start went out as the page wrote it.",
        "Choose another CRM ID or attribute in the popup: letters and digits can always be set.";
    /// A form has a `%` that begins no escape.
    BROKEN_ESCAPE = "field-escape-broken", Warning,
        "Services differ in whether they take such a field, and what they read.",
        "Pass the form through URLSearchParams instead of building it by hand.";
    /// A form's field is not written in UTF-8.
    NOT_UTF8 = "field-not-utf8", Warning,
        "The agent sees other characters in the place of letters such as é. Here they are shown as \u{FFFD}.",
        "Use URLSearchParams or encodeURIComponent, never escape().";
    /// The start goes out by a synchronous XMLHttpRequest. A note where nothing should be set.
    NOT_EDITABLE = "not-editable", Problem,
        "A synchronous XMLHttpRequest stops the page until it is answered, so nobody can be asked first.",
        "Open the request as asynchronous: pass true, or nothing, as the third argument of open().";
    /// The page gives the attributes to a function of the vendor's that cannot wait. A note where nothing should be set.
    CALLED_AT_ONCE = "called-at-once", Problem,
        "The page uses what this function returns, or what it does, in the same moment, so nobody can be asked first.",
        "Look for the start that follows: Callsign can set the CRM ID there, if it knows that start.";
}

/// Why a start was left alone.
pub fn of_untouchable(why: &Untouchable) -> Finding {
    let rule = match why {
        Untouchable::Unreadable(why) => of_unreadable(why),
        Untouchable::NotAnObject { .. } => &NOT_AN_OBJECT,
        Untouchable::NotAList { .. } => &NOT_A_LIST,
        Untouchable::NoNameKnown { .. } | Untouchable::SeveralNames { .. } => &NOWHERE,
        Untouchable::Signed { .. } => &SIGNED,
        Untouchable::NoJson { .. } => &FIELD_NOT_JSON,
        Untouchable::Ambiguous { .. } => &AMBIGUOUS,
        Untouchable::NotOneValue { .. } => &NOT_ONE_VALUE,
        Untouchable::NotReadBack { .. } => &NOT_SETTABLE,
    };
    rule.says(as_sentence(why))
}

fn of_unreadable(why: &Unreadable) -> &'static Rule {
    match why {
        Unreadable::NotJson(NotJson::Empty) => &EMPTY,
        Unreadable::NotJson(NotJson::Truncated { .. }) => &TRUNCATED,
        Unreadable::NotJson(NotJson::Unexpected { .. }) => &NOT_JSON,
        Unreadable::NotJson(NotJson::TooDeep) => &TOO_DEEP,
        Unreadable::NotMultipart(
            NotMultipart::NoBoundary | NotMultipart::LongBoundary { .. } | NotMultipart::OtherBoundary,
        ) => &BOUNDARY,
        Unreadable::NotMultipart(
            NotMultipart::BareLineFeeds
            | NotMultipart::Unclosed
            | NotMultipart::NoBlankLine { .. }
            | NotMultipart::NoName { .. },
        ) => &MALFORMED,
        Unreadable::NotText => &NOT_TEXT,
        Unreadable::NoEvent => &NO_EVENT,
        Unreadable::TooManyFields => &TOO_MANY_FIELDS,
        Unreadable::TooLarge { .. } => &TOO_LARGE,
        Unreadable::Unsupported { .. } => &UNSUPPORTED,
    }
}

/// What there is to say about how the fields of a form are written.
pub fn of_fields(reading: &Reading<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(name) = reading.faulty(Fault::BrokenEscape) {
        add(&mut findings, BROKEN_ESCAPE.of(&name, " has a % that begins no escape"));
    }
    if let Some(name) = reading.faulty(Fault::NotUtf8) {
        add(&mut findings, NOT_UTF8.of(&name, " is not written in UTF-8"));
    }
    findings
}

/// That a start could be read and not be edited.
pub fn of_not_editable(why: NotEditable, wants_edit: bool) -> Finding {
    let rule = match why {
        NotEditable::Synchronous => &NOT_EDITABLE,
        NotEditable::AtOnce => &CALLED_AT_ONCE,
    };
    let severity = if wants_edit { Severity::Problem } else { Severity::Note };
    rule.says("Callsign sees this start, and cannot edit it".to_owned()).at(severity)
}
