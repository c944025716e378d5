//! Every message between the places where Callsign runs, as JSON text.
//!
//! A page's messages come through the relay, which puts its document's token
//! around them. Who sent a message is never read from the message: the
//! browser says it ([`Sender`]).

use thiserror::Error;

use crate::session::policy::Mode;
use crate::session::site::Site;
use crate::start::body::json::{Json, Value};
use crate::start::candidate::{Candidate, Socket};
use crate::start::outcome::Outcome;
use crate::start::replacement::Replacement;
use crate::wire::{wire_enum, wire_struct};

/// A page's message as the relay sends it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromRelay {
    /// A random token of the document, made by the relay.
    pub document: String,
    /// How long ago the document began, in milliseconds.
    pub age: u64,
    /// What the page script says.
    pub message: FromPage,
}

wire_struct!(FromRelay { document: "document", age: "age" or 0, message: "message" });

/// What a page script says. Numbers count the document's candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromPage {
    /// The relay is here: a page was loaded. No answer.
    Hello,
    /// The tester clicked, and may be about to start a chat: the background is
    /// awake now, which is all that this is for. No answer.
    Wake,
    /// This waits for a [`Verdict`].
    Candidate {
        /// Which one.
        number: u32,
        /// The call.
        candidate: Candidate,
    },
    /// The native function has been called. Answered by [`Verdict::Unknown`],
    /// if at all.
    Sent {
        /// Which one.
        number: u32,
        /// Whether with the verdict's body instead of the page's.
        is_edited: bool,
    },
    /// The native function has been called with what the page wrote, because
    /// no verdict could be had. No answer.
    Unasked {
        /// Which one.
        number: u32,
        /// The call.
        candidate: Candidate,
        /// Why there was no verdict.
        why: NoVerdict,
    },
    /// The relay's own: `Sent` again, with all that an engine needs to make a
    /// record that it does not have. No answer.
    Retold {
        /// Which one.
        number: u32,
        /// The call.
        candidate: Candidate,
        /// The verdict's replacements, where it went out with those.
        replacements: Option<Vec<Replacement>>,
    },
    /// What came of it. No answer.
    Outcome {
        /// Which one.
        number: u32,
        /// What came of it.
        outcome: Outcome,
    },
    /// A socket that might carry a start received a frame that a profile
    /// names. No answer.
    Heard {
        /// The last candidate sent on it; 0 where there is none yet.
        number: u32,
        /// The socket's address.
        url: String,
        /// The socket, this frame included.
        socket: Socket,
        /// The frame.
        frame: String,
    },
    /// What of the document's traffic is not seen. No answer.
    Uncovered {
        /// How many workers it has started so far.
        workers: u32,
        /// Whether a function is frozen, so that its calls are not seen.
        is_frozen: bool,
    },
    /// The relay's own: the document said more than it sends on. No answer.
    Dropped {
        /// How many calls that may be starts were not told of so far, at least.
        starts: u32,
    },
}

wire_enum!(FromPage {
    Hello: "hello",
    Wake: "wake",
    Candidate { number: "number", candidate: "candidate" }: "candidate",
    Sent { number: "number", is_edited: "isEdited" }: "sent",
    Unasked { number: "number", candidate: "candidate", why: "why" }: "unasked",
    Retold { number: "number", candidate: "candidate", replacements: "replacements" }: "retold",
    Outcome { number: "number", outcome: "outcome" }: "outcome",
    Heard { number: "number", url: "url", socket: "socket", frame: "frame" }: "heard",
    Uncovered { workers: "workers", is_frozen: "isFrozen" }: "uncovered",
    Dropped { starts: "starts" }: "dropped",
});

impl FromRelay {
    /// The message with what its candidate carries, which comes beside it: it
    /// is large, and would be quoted and read again at each hop.
    #[must_use]
    pub fn carrying(mut self, carried: String) -> Self {
        if let FromPage::Candidate { candidate, .. }
        | FromPage::Unasked { candidate, .. }
        | FromPage::Retold { candidate, .. } = &mut self.message
        {
            candidate.body = candidate.body.carrying(carried);
        }
        self
    }
}

/// Why there was no verdict for a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoVerdict {
    /// None came within the page script's limit, 2 s.
    TooLate,
    /// The page was left before there was one.
    PageLeft,
    /// The background stopped while it was deciding.
    BackgroundGone,
    /// The background could not decide.
    BackgroundFailed {
        /// The error's own words.
        reason: String,
    },
    /// Editing failed in the page.
    EditFailed {
        /// The error's own words.
        reason: String,
    },
}

wire_enum!(NoVerdict {
    TooLate: "tooLate",
    PageLeft: "pageLeft",
    BackgroundGone: "backgroundGone",
    BackgroundFailed { reason: "reason" }: "backgroundFailed",
    EditFailed { reason: "reason" }: "editFailed",
});

/// What the page must do with a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send it as written.
    PassThrough,
    /// Send it as written: it is the start of its session on a socket.
    Begins,
    /// Send it with these parts of its body replaced.
    Replace {
        /// In order and apart.
        replacements: Vec<Replacement>,
        /// Whether it is the start of its session on a socket.
        begins: bool,
    },
    /// No verdict: there is no record of what was sent.
    Unknown,
}

wire_enum!(Verdict {
    PassThrough: "passThrough",
    Begins: "begins",
    Replace { replacements: "replacements", begins: "begins" }: "replace",
    Unknown: "unknown",
});

/// What one of the extension's own screens asks for; answered by a [`Reply`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromScreen {
    /// Enable a site; the browser's permission has been given.
    Enable {
        /// Which site.
        site: Site,
    },
    /// Disable a site.
    Disable {
        /// Which site.
        site: Site,
    },
    /// Set the mode of a site.
    SetMode {
        /// Which site.
        site: Site,
        /// The choice.
        mode: Mode,
    },
    /// Set the CRM ID of a site.
    SetCrmId {
        /// Which site.
        site: Site,
        /// As typed; checked here.
        text: String,
    },
    /// Set the attribute of a site.
    SetAttribute {
        /// Which site.
        site: Site,
        /// As typed; checked here. Blank means the profile's own.
        text: String,
    },
    /// Add a vendor's file; it replaces the tester's own file for the same vendor.
    AddVendor {
        /// As typed; checked here.
        text: String,
        /// Where among the tester's own it goes, if not behind them: a later one counts more.
        place: Option<u32>,
    },
    /// Remove the tester's own file for a vendor.
    RemoveVendor {
        /// The vendor's name.
        vendor: String,
    },
    /// Forget the text that was stored as settings and could not be read.
    ForgetUnreadable,
    /// Say whether a tab's own page is covered; refused where it is not.
    FindRelay {
        /// Which tab.
        tab: i64,
    },
    /// Forget the records of a tab.
    Clear {
        /// Which tab.
        tab: i64,
    },
}

wire_enum!(FromScreen {
    ForgetUnreadable: "forgetUnreadable",
    Enable { site: "site" }: "enable",
    Disable { site: "site" }: "disable",
    SetMode { site: "site", mode: "mode" }: "setMode",
    SetCrmId { site: "site", text: "text" }: "setCrmId",
    SetAttribute { site: "site", text: "text" }: "setAttribute",
    AddVendor { text: "text", place: "place" }: "addVendor",
    RemoveVendor { vendor: "vendor" }: "removeVendor",
    FindRelay { tab: "tab" }: "findRelay",
    Clear { tab: "tab" }: "clear",
});

/// The answer to a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is done and kept.
    Done,
    /// It is not done.
    Refused {
        /// Why, for the tester.
        why: String,
    },
}

wire_enum!(Reply { Done: "done", Refused { why: "why" }: "refused" });

/// Who sent a message, as the browser says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A page's relay.
    Page(PageSender),
    /// One of the extension's own screens.
    Screen,
}

/// A page, as the browser says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSender {
    /// The tab it is in.
    pub tab: i64,
    /// The frame it is in; 0 is the tab's own page.
    pub frame: i64,
    /// What stays the same while it lives: the browser's name for the document,
    /// or its frame where it gives none. The frame alone does not, since a page
    /// that Chromium makes ready is in one of its own until it is shown.
    pub place: String,
    /// The frame's address.
    pub url: String,
    /// The frame's site; none for a sandboxed frame.
    pub site: Option<Site>,
    /// The site in the tab's address bar, where the browser shows it to us.
    pub tab_site: Option<Site>,
}

/// A message that nobody of ours could have sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Stranger {
    /// The browser's words about the sender cannot be read.
    #[error("the sender {0}")]
    Unreadable(String),
    /// Neither a page in a tab nor one of our screens.
    #[error("the sender is neither a page nor a screen of Callsign")]
    Unknown,
}

impl Sender {
    /// Reads the browser's `MessageSender`. `home` is the address that all of
    /// the extension's own pages begin with.
    pub fn read(json: &str, home: &str) -> Result<Self, Stranger> {
        let sender = Json::parse(json).map_err(|why| Stranger::Unreadable(why.to_string()))?.root();
        let text = |value: Option<Value<'_>>| Some(value?.text()?.into_owned());
        let url = text(sender.get("url")).unwrap_or_default();
        if url.starts_with(home) {
            return Ok(Self::Screen);
        }
        let tab = sender.get("tab").unwrap_or(Value::NULL);
        let integer = |value: Option<Value<'_>>| value?.integer();
        let (Some(tab_id), Some(frame)) = (integer(tab.get("id")), integer(sender.get("frameId"))) else {
            return Err(Stranger::Unknown);
        };
        // An about:blank or srcdoc frame has its creator's origin, and only `origin` says so.
        let site = text(sender.get("origin")).and_then(|origin| Site::of_url(&origin)).or_else(|| Site::of_url(&url));
        let tab_site = text(tab.get("url")).and_then(|url| Site::of_url(&url));
        let place = text(sender.get("documentId")).unwrap_or_else(|| frame.to_string());
        Ok(Self::Page(PageSender { tab: tab_id, frame, place, url, site, tab_site }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::candidate::Body;
    use crate::wire::Wire;

    const HOME: &str = "chrome-extension://abc/";

    #[track_caller]
    fn check_wire<M: Wire>(json: &str) {
        let value = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(value(&M::from_text(json).unwrap().to_text()), value(json));
    }

    #[test]
    fn the_wire_is_pinned() {
        check_wire::<FromRelay>(r#"{"document":"0f","age":0,"message":{"kind":"hello"}}"#);
        check_wire::<FromPage>(
            r#"{"kind":"candidate","number":1,"candidate":{"transport":"fetch","method":"POST","url":"https://a/b","body":{"kind":"text","text":"{}"}}}"#,
        );
        check_wire::<FromPage>(
            r#"{"kind":"candidate","number":1,"candidate":{"transport":"webSocket","method":"FRAME","url":"wss://a/b","body":{"kind":"binary","bytes":"\u00ff"},"socket":{"number":1,"sessions":1,"session":"{}","hasBegun":true}}}"#,
        );
        check_wire::<FromPage>(
            r#"{"kind":"candidate","number":1,"candidate":{"transport":"xhr","method":"POST","url":"https://a/b","contentType":"a/b","body":{"kind":"nothing"},"notEditable":"synchronous"}}"#,
        );
        check_wire::<FromPage>(
            r#"{"kind":"heard","number":1,"url":"wss://a/b","socket":{"number":1,"sessions":0,"hasBegun":false},"frame":"{}"}"#,
        );
        check_wire::<FromPage>(r#"{"kind":"uncovered","workers":2,"isFrozen":false}"#);
        check_wire::<FromPage>(
            r#"{"kind":"retold","number":1,"candidate":{"transport":"fetch","method":"POST","url":"https://a/b","body":{"kind":"nothing"}},"replacements":[{"at":1,"length":0,"text":"{}"}]}"#,
        );
        check_wire::<Verdict>(r#"{"kind":"unknown"}"#);
        check_wire::<FromPage>(r#"{"kind":"dropped","starts":2}"#);
        check_wire::<FromPage>(r#"{"kind":"sent","number":1,"isEdited":true}"#);
        check_wire::<FromPage>(
            r#"{"kind":"unasked","number":1,"candidate":{"transport":"xhr","method":"POST","url":"https://a/b","body":{"kind":"tooLarge","characters":5000000}},"why":{"kind":"tooLate"}}"#,
        );
        check_wire::<FromPage>(
            r#"{"kind":"outcome","number":1,"outcome":{"kind":"answered","status":200,"body":"","isCut":false}}"#,
        );
        check_wire::<Verdict>(r#"{"kind":"passThrough"}"#);
        check_wire::<Verdict>(r#"{"kind":"replace","replacements":[{"at":1,"length":2,"text":"{}"}],"begins":false}"#);
        check_wire::<Verdict>(r#"{"kind":"begins"}"#);
        check_wire::<FromScreen>(r#"{"kind":"setCrmId","site":"https://a.example","text":"CRM-1"}"#);
        check_wire::<FromScreen>(r#"{"kind":"setMode","site":"https://a.example","mode":"inject"}"#);
        check_wire::<FromScreen>(r#"{"kind":"clear","tab":7}"#);
        check_wire::<FromScreen>(r#"{"kind":"addVendor","text":"{}"}"#);
        check_wire::<FromScreen>(r#"{"kind":"removeVendor","vendor":"Yext"}"#);
        check_wire::<Reply>(r#"{"kind":"done"}"#);
        check_wire::<Reply>(r#"{"kind":"refused","why":"no"}"#);
    }

    #[test]
    fn what_a_candidate_carries_comes_beside_its_message() {
        let carried = |body: &str| {
            let text = format!(
                r#"{{"document":"0f","message":{{"kind":"candidate","number":1,"candidate":{{"transport":"fetch","method":"POST","url":"https://a/b","body":{body}}}}}}}"#
            );
            let message = FromRelay::from_text(&text).unwrap().carrying("\u{ff}".to_owned()).message;
            let FromPage::Candidate { candidate, .. } = message else {
                panic!("{message:?}");
            };
            candidate.body
        };
        let text = "\u{ff}".to_owned();
        assert_eq!(carried(r#"{"kind":"text","text":""}"#), Body::Text { text: text.clone() });
        assert_eq!(carried(r#"{"kind":"binary","bytes":""}"#), Body::Binary { bytes: text });
        assert_eq!(carried(r#"{"kind":"nothing"}"#), Body::Nothing);
    }

    #[test]
    fn the_browser_says_who_sent_a_message() {
        let screen = r#"{"id":"abc","url":"chrome-extension://abc/panel.html?tab=1","origin":"chrome-extension://abc","tab":{"id":3},"frameId":0}"#;
        assert_eq!(Sender::read(screen, HOME), Ok(Sender::Screen));
        let blank = r#"{"id":"abc","url":"about:blank","origin":"https://shop.example:8443","tab":{"id":3,"url":"https://shop.example:8443/x"},"frameId":7}"#;
        let site = Site::of_url("https://shop.example");
        let (frame, place, url) = (7, "7".to_owned(), "about:blank".to_owned());
        let page = PageSender { tab: 3, frame, place, url, site: site.clone(), tab_site: site };
        assert_eq!(Sender::read(blank, HOME), Ok(Sender::Page(page.clone())));
        let named = blank.replace(r#""frameId":7"#, r#""frameId":7,"documentId":"0A""#);
        assert_eq!(Sender::read(&named, HOME), Ok(Sender::Page(PageSender { place: "0A".to_owned(), ..page })));
        assert_eq!(Sender::read(r#"{"id":"abc","url":"https://a.example"}"#, HOME), Err(Stranger::Unknown));
        assert!(matches!(Sender::read("[", HOME), Err(Stranger::Unreadable(_))));
    }
}
