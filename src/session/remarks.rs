//! Findings about what Callsign itself did, and about how a start stands to
//! the session and to the starts before it.

use crate::message::NoVerdict;
#[cfg(not(target_family = "wasm"))]
use crate::start::finding::Rule;
use crate::start::finding::{Finding, rules, text};
#[cfg(not(target_family = "wasm"))]
use crate::start::{lint, outcome};

rules! {
    RULES:
    /// The mode is Inject, and no CRM ID is set in the popup.
    NO_CRM_ID = "no-crm-id-chosen", Warning, "The start went out as the page wrote it.", "Enter a CRM ID in the popup.";
    /// A chat goes on with an earlier session: over a socket without any start, over HTTP with one that names it.
    RESUMED = "session-resumed", Note,
        "The page kept the token of an earlier chat, and the service still knows that session.",
        "To see a start, end the chat, clear the page's site data, or open it in a private window.";
    /// The page sent the same body to the same address, after the service refused it or no answer came.
    RETRY = "retry", Note,
        "The page, its client, or whoever clicked again sent the same once more. Each try is a request of its own, and gets the CRM ID like the first.",
        "Look at the first try for what went wrong.";
    /// Three or more starts of one kind went out within five seconds from one page; retries do not count, nor does what opens no conversation.
    IN_A_LOOP = "starts-in-a-loop", Warning,
        "Each opens a conversation, until the service takes no more of them.",
        "Look for a start inside a render loop, an effect without dependencies, or a button that is not disabled.";
    /// A page API set attributes after a start of the same vendor had left the page.
    TOO_LATE = "set-too-late", Warning,
        "Attributes go out with the start; what is set later reaches this conversation only if the vendor's script sends it on.",
        "Set them before the chat starts: as soon as the vendor's script says that it is ready.";
    /// A start was refused as not allowed, and ran in a frame of another site than the page.
    OTHER_SITE = "third-party-frame", Note,
        "Browsers keep storage and cookies from such a frame, so a chat may lose its session or token there.",
        "Try it with third-party cookies allowed, or open the frame's address in a tab of its own.";
    /// Callsign did not decide within two seconds.
    TOO_SLOW = "no-verdict-in-time", Problem, "The start went out as the page wrote it.",
        "Start again. If it stays so, the machine may be busy or the extension stopped in a debugger.";
    /// The page was left before Callsign decided.
    LEFT = "page-left", Problem, "The start went out as the page wrote it.",
        "Start the chat and stay on the page until it has begun.";
    /// The browser stopped Callsign's background while it was deciding.
    GONE = "background-gone", Problem, "The start went out as the page wrote it.",
        "Start again: the background starts by itself.";
    /// Callsign's background could not decide.
    BROKEN = "background-failed", Problem, "The start went out as the page wrote it.",
        "Reload the extension on the browser's extensions page, and report this.";
    /// The page did not take the edited body.
    NOT_TAKEN = "edit-failed", Problem, "The start went out as the page wrote it.",
        "Report this with the page's address.";
}

/// All rules of all findings, by module.
#[cfg(not(target_family = "wasm"))]
pub fn all_rules() -> Vec<&'static Rule> {
    [lint::RULES.concat(), RULES.to_vec(), outcome::RULES.concat()].concat()
}

pub(super) fn no_crm_id() -> Finding {
    NO_CRM_ID.says("The mode is Inject, and no CRM ID is set".to_owned())
}

/// A chat that goes on; with a start that says so, or without any.
pub(super) fn resumed(has_start: bool) -> Finding {
    RESUMED.says(
        if has_start {
            "This start goes on with an earlier chat, and the service may not look at its attributes"
        } else {
            "This chat is resumed, and so the page sends no start"
        }
        .to_owned(),
    )
}

/// The first try is attempt 1.
pub(super) fn retry(attempt: u32, before: &str) -> Finding {
    RETRY.says(text(&[
        "This is attempt ",
        &i64::from(attempt).to_string(),
        " at the same start: the one before ",
        before,
    ]))
}

pub(super) fn in_a_loop(count: usize, seconds: u64) -> Finding {
    let (count, seconds) = (count.to_string(), seconds.to_string());
    IN_A_LOOP.says(text(&["The page made ", &count, " starts within ", &seconds, " seconds"]))
}

pub(super) fn is_in_a_loop(finding: &Finding) -> bool {
    finding.id == IN_A_LOOP.id
}

pub(super) fn too_late() -> Finding {
    TOO_LATE.says("The page set these attributes after it had started a chat".to_owned())
}

pub(super) fn of_other_site() -> Finding {
    OTHER_SITE.says("The chat runs in a frame of another site than the page".to_owned())
}

pub(super) fn no_verdict(why: &NoVerdict) -> Finding {
    match why {
        NoVerdict::TooLate => TOO_SLOW.says("Callsign did not decide within 2 seconds".to_owned()),
        NoVerdict::PageLeft => LEFT.says("The page was left before Callsign decided".to_owned()),
        NoVerdict::BackgroundGone => {
            GONE.says("The browser stopped Callsign's background while it was deciding".to_owned())
        }
        NoVerdict::BackgroundFailed { reason } => {
            BROKEN.says(text(&["Callsign's background could not decide: ", reason]))
        }
        NoVerdict::EditFailed { reason } => NOT_TAKEN.says(text(&["The page did not take the edited body: ", reason])),
    }
}
