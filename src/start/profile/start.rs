//! What makes a call a start.

use super::pattern::{HostPattern, PathPattern};
use crate::start::candidate::{Candidate, Transport};
use crate::wire::{wire_names, wire_struct};

/// What makes a call this start; all of it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartPattern {
    /// The page's functions it may come by.
    pub transports: Vec<Transport>,
    /// Its method, in upper case; [`FRAME`](crate::start::candidate::FRAME)
    /// for a frame of a WebSocket, [`CALL`](crate::start::candidate::CALL)
    /// for a call of the vendor's own function.
    pub method: String,
    /// Hosts that it may go to; any where there are none.
    pub hosts: Vec<HostPattern>,
    /// How the path of its address may end; anyhow where there are none.
    pub paths: Vec<PathPattern>,
    /// Query parameters that its address has.
    pub query: Vec<String>,
    /// What stands around the JSON of its body, if anything does.
    pub framing: Option<Framing>,
    /// What its body says, where that is needed to tell it from others: all
    /// conditions of at least one list hold.
    pub body: Vec<Vec<Condition>>,
    /// How the socket tells what a start is, if it goes out on one.
    pub socket: Option<SocketPattern>,
    /// The vendor's own function, if it is a call of that.
    pub call: Option<Call>,
}

wire_struct!(StartPattern {
    transports: "transports",
    method: "method",
    hosts: "hosts" or vec![],
    paths: "paths" or vec![],
    query: "query" or vec![],
    framing: "framing",
    body: "body" or vec![],
    socket: "socket",
    call: "call",
});

/// What stands around the JSON of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// The packets of socket.io, on a WebSocket or by long polling.
    SocketIo,
}

wire_names!(Framing { SocketIo: "socketIo" });

/// What one value of a body must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The keys, and in arrays the positions, that lead to the value.
    pub path: Vec<String>,
    /// What the value may be, as text; anything but `null` where this is empty.
    pub is: Vec<String>,
}

wire_struct!(Condition { path: "path", is: "is" or vec![] });

/// A function that the vendor's script gives the page, such as `Genesys`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name from `window` on, such as `lpTag.sdes.push`.
    pub function: String,
    /// What the address of the script has in it that brings it.
    pub script: String,
    /// Whether it must be called in the moment the page calls it, and so is
    /// only shown: the page uses what it returns, or next calls another
    /// function that needs what this one was given.
    pub is_at_once: bool,
}

wire_struct!(Call { function: "function", script: "script", is_at_once: "atOnce" or false });

/// What is said on a WebSocket before and after a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketPattern {
    /// A frame of the page is looked at where it has one of these texts in it.
    pub sent: Vec<String>,
    /// A frame of the service is looked at where it has one of these texts in it.
    pub heard: Vec<String>,
    /// Whether only the first of the frames that look like a start is one: of
    /// the session that was announced last, or of the socket where none is.
    pub is_only_first: bool,
    /// The texts that mark the service's announcement of a session.
    pub session: Vec<String>,
    /// What the announcement says where the session is an earlier one that goes on: all of at least one list.
    pub resumed: Vec<Vec<Condition>>,
    /// Where it says how many UTF-8 bytes all attributes may have together, keys and values.
    pub max_bytes: Vec<String>,
    /// What an answer says that accepts the start.
    pub accepted: Vec<Condition>,
    /// What an answer says that refuses it. One that has a status in `status`
    /// only refuses with one of 300 and above.
    pub refused: Vec<Condition>,
    /// Where an answer has its status.
    pub status: Vec<String>,
    /// Where a refusal says how long to wait.
    pub retry_after: Vec<String>,
}

wire_struct!(SocketPattern {
    sent: "sent",
    heard: "heard",
    is_only_first: "onlyFirst" or false,
    session: "session" or vec![],
    resumed: "resumed" or vec![],
    max_bytes: "maxBytes" or vec![],
    accepted: "accepted",
    refused: "refused",
    status: "status" or vec![],
    retry_after: "retryAfter" or vec![],
});

impl StartPattern {
    /// Whether a candidate is this start, as far as it says by itself.
    pub(super) fn matches(&self, candidate: &Candidate, first_key: Option<&str>) -> bool {
        self.all_clauses(first_key, &mut |clause| clause.holds(candidate))
    }

    /// Whether it goes to such an address.
    pub(super) fn is_at(&self, url: &str) -> bool {
        self.all_clauses_of_address(&mut |clause| clause.holds_at(url))
    }
}
