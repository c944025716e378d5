//! Which tokens have a session, over all sockets of both origins: a token that has one resumes it.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The most sessions that are remembered; the oldest is forgotten first.
const MOST_SESSIONS: usize = 1_000;

/// The sessions, in memory, for as long as the playground runs.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    sessions: VecDeque<Session>,
    latest_message: u64,
}

#[derive(Debug)]
struct Session {
    token: String,
    is_started: bool,
}

/// What configuring a session came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// The token had none.
    New,
    /// The token had one, which goes on.
    Resumed,
    /// The token had one, which is cleared, and has a new one.
    Replaced,
}

impl Sessions {
    /// Opens the token's session, a new one where there is none or where `is_new_wanted`.
    pub(super) fn open(&self, token: &str, is_new_wanted: bool) -> Opened {
        let mut memory = self.memory();
        let had_one = memory.sessions.iter().any(|session| session.token == token);
        if had_one && !is_new_wanted {
            return Opened::Resumed;
        }
        memory.forget(token);
        memory.sessions.push_back(Session { token: token.to_owned(), is_started: false });
        if memory.sessions.len() > MOST_SESSIONS {
            memory.sessions.pop_front();
        }
        if had_one { Opened::Replaced } else { Opened::New }
    }

    /// Notes that the token's conversation starts; false when it had started before.
    pub(super) fn start(&self, token: &str) -> bool {
        let mut memory = self.memory();
        let session = memory.sessions.iter_mut().find(|session| session.token == token);
        session.is_some_and(|session| !std::mem::replace(&mut session.is_started, true))
    }

    pub(super) fn forget(&self, token: &str) {
        self.memory().forget(token);
    }

    /// Counts from 1 over all sessions.
    pub(super) fn next_message(&self) -> u64 {
        let mut memory = self.memory();
        memory.latest_message += 1;
        memory.latest_message
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn forget(&mut self, token: &str) {
        self.sessions.retain(|session| session.token != token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_resumes_its_session_unless_a_new_one_is_wanted() {
        let sessions = Sessions::default();
        assert_eq!(sessions.open("a", true), Opened::New);
        assert_eq!(sessions.open("b", false), Opened::New);
        assert_eq!(sessions.open("a", false), Opened::Resumed);
        assert_eq!(sessions.open("a", true), Opened::Replaced);
        sessions.forget("a");
        assert_eq!(sessions.open("a", false), Opened::New);
    }

    #[test]
    fn a_session_starts_once() {
        let sessions = Sessions::default();
        assert!(!sessions.start("a"));
        sessions.open("a", false);
        assert_eq!([sessions.start("a"), sessions.start("a")], [true, false]);
        sessions.open("a", true);
        assert!(sessions.start("a"));
    }

    #[test]
    fn the_oldest_session_is_forgotten_first() {
        let sessions = Sessions::default();
        for number in 0..=MOST_SESSIONS {
            sessions.open(&number.to_string(), false);
        }
        assert_eq!(sessions.open("1", false), Opened::Resumed);
        assert_eq!(sessions.open("0", false), Opened::New);
    }
}
