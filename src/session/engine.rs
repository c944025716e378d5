//! The engine: the one place where things are decided.
//!
//! [`Engine::apply`] takes an [`Event`] and gives a [`Step`]: the answer, and
//! the [`Effect`]s that the background must perform. It knows no browser and no clock.
//! Verdicts are given here; `reports` has what pages tell afterwards, `screens`
//! what a tester asks for.

mod reports;
mod screens;

use super::earlier;
use super::log::Log;
use super::policy::Policy;
use super::record::{Delivery, Record, RecordId};
use super::settings::{Settings, UnreadableSettings};
use super::sight::Sight;
use super::site::{Site, SitePattern};
use super::uncovered::{Blind, Uncovered};
use crate::message::{FromPage, FromRelay, FromScreen, PageSender, Reply, Verdict};
use crate::start::candidate::{Candidate, Socket};
use crate::start::profile::{self, Profile, Vendor, with_own};
use crate::start::socket::within;
use screens::sites_of;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A page's message.
    Page {
        /// Who the browser says it is from.
        sender: PageSender,
        /// The message.
        message: Box<FromRelay>,
        /// Now, in milliseconds since 1970.
        at: u64,
    },
    /// A screen's message.
    Screen(FromScreen),
    /// The browser refused to keep a record.
    NotKept(RecordId),
    /// The extension was installed or updated, or the browser started.
    Started,
    /// The browser's permission for some sites was taken away.
    PermissionsRemoved {
        /// Their match patterns.
        origins: Vec<String>,
    },
    /// The browser's permission for some sites was given.
    PermissionsAdded {
        /// Their match patterns.
        origins: Vec<String>,
    },
}

/// What comes of an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// The answer to a page that asked.
    pub verdict: Option<Verdict>,
    /// The answer to a screen that asked, once the effects are done.
    pub reply: Option<Reply>,
    /// What to do, in this order.
    pub effects: Vec<Effect>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Keep a record while the browser runs.
    KeepRecord(Box<Record>),
    /// Forget records.
    ForgetRecords(Vec<RecordId>),
    /// Keep the settings.
    KeepSettings(String),
    /// Keep a text that was stored as settings and cannot be read, before the
    /// settings are written anew.
    KeepUnreadable(UnreadableSettings),
    /// Forget that text.
    ForgetUnreadable,
    /// Keep what is not seen of a document, for the screens.
    KeepUncovered(Uncovered),
    /// Forget that for some documents.
    ForgetUncovered(Vec<String>),
    /// Show the number of starts on a tab's badge.
    ShowBadge {
        /// Which tab.
        tab: i64,
        /// How many starts.
        count: usize,
        /// Whether one of them was sent with a CRM ID set.
        is_injected: bool,
    },
    /// Run the relay and the page script on these sites from now on, and on no
    /// others but those granted at build time.
    RunOn {
        /// Which sites.
        sites: Vec<Site>,
        /// What the page script looks for beside what it was built with, where
        /// the tester has profiles of their own.
        own_patterns: Option<String>,
        /// The sites granted at build time, where the page script lacks some of those; none where it has them all.
        granted: Vec<SitePattern>,
    },
    /// Fail where a tab's own page is not covered.
    FindRelay {
        /// Which tab.
        tab: i64,
    },
    /// Give the browser's permission for a site back.
    GiveBack(Site),
}

/// What the background finds when it starts.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What is known about vendors.
    pub vendors: Vec<Vendor>,
    /// The stored settings, if there are any.
    pub settings: Option<String>,
    /// The settings that came with this build, or the defaults.
    pub baked: Settings,
    /// The sites enabled at build time.
    pub grants: Vec<SitePattern>,
}

/// A frame that a socket received.
struct Heard {
    url: String,
    socket: Socket,
    frame: String,
}

/// When a page says something, and since when it is there, in milliseconds since 1970.
#[derive(Clone, Copy)]
struct Moment {
    at: u64,
    since: u64,
}

/// Settings, log and what is known about vendors.
#[derive(Debug)]
pub struct Engine {
    built_in: Vec<Vendor>,
    /// What counts: the built-in ones, and the tester's own before them.
    vendors: Vec<Vendor>,
    settings: Settings,
    grants: Vec<SitePattern>,
    /// The tester's own profiles that came with this build, as they are written: its page script has them.
    built_own: Vec<String>,
    log: Log,
    blind: Blind,
    /// The last starts that are not kept though their pages go on to report on them: there was no room, or the log was
    /// cleared while they were on their way. Another background knows nothing of them, and may be told of one again.
    forgotten: Vec<RecordId>,
}

/// So many of them are remembered.
const MAX_FORGOTTEN: usize = 64;

impl Engine {
    /// An engine over what the background found.
    pub fn start(found: Found) -> (Self, Vec<Effect>) {
        let built_own = found.baked.own_vendors.iter().map(|file| file.text.clone()).collect();
        let stored = found.settings.map(|json| Settings::parse(&json).map_err(|why| (json, why.to_string())));
        let keep = |settings: &Settings| Effect::KeepSettings(settings.to_text());
        let (settings, effects) = match stored {
            Some(Ok(settings)) => (settings, vec![]),
            Some(Err((text, why))) => {
                let effects = vec![Effect::KeepUnreadable(UnreadableSettings { text, why }), keep(&found.baked)];
                (found.baked, effects)
            }
            None => {
                let effects = vec![keep(&found.baked)];
                (found.baked, effects)
            }
        };
        let (log, blind) = (Log::default(), Blind::default());
        let built_in = found.vendors;
        let vendors = with_own(&built_in, &settings.own_vendors);
        (Self { built_in, vendors, settings, grants: found.grants, built_own, log, blind, forgotten: vec![] }, effects)
    }

    /// The engine with what survived of the one before: its records, and what
    /// is known of what is not seen.
    #[must_use]
    pub fn recalling(self, log: Log, uncovered: Vec<Uncovered>) -> Self {
        Self { log, blind: Blind::of(uncovered), ..self }
    }

    /// The verdict that an event asks for, where the log has no part in it: it
    /// can be given while the log is still being read.
    pub fn early_verdict(&self, event: &Event) -> Option<Verdict> {
        let Event::Page { sender, message, .. } = event else { return None };
        let FromPage::Candidate { candidate, .. } = &message.message else { return None };
        if candidate.socket.is_some() {
            return None;
        }
        let sight = self.enabled_site(sender).and_then(|site| {
            let policy = self.settings.site(&site).policy();
            Sight::of(&self.vendors, candidate, &policy)
        });
        Some(sight.map_or(Verdict::PassThrough, |sight| sight.verdict(candidate)))
    }

    /// Takes one event and says what to do.
    pub fn apply(&mut self, event: Event) -> Step {
        match event {
            Event::Page { sender, message, at } => self.hear_page(&sender, *message, at),
            Event::Screen(message) => self.hear_screen(message),
            Event::NotKept(id) => Step::doing(self.give_up(&id)),
            Event::Started => Step::doing(vec![self.run_on()]),
            Event::PermissionsAdded { origins } => Step::doing(self.set_enabled(sites_of(origins), true)),
            Event::PermissionsRemoved { origins } => Step::doing(self.set_enabled(sites_of(origins), false)),
        }
    }

    fn hear_page(&mut self, sender: &PageSender, message: FromRelay, at: u64) -> Step {
        let at = Moment { at, since: at.saturating_sub(message.age) };
        let id = |number| RecordId(format!("{}.{}.{}.{number}", sender.tab, sender.place, message.document));
        let Some(site) = self.enabled_site(sender) else {
            return Step::pass_through();
        };
        Step::doing(match message.message {
            FromPage::Candidate { number, candidate } => {
                return self.decide(sender, id(number), &site, &candidate, at);
            }
            FromPage::Hello if sender.frame == 0 => self.greet(sender.tab, &message.document),
            FromPage::Hello | FromPage::Wake => vec![],
            FromPage::Sent { number, .. } if !self.log.has(&id(number)) && !self.forgotten.contains(&id(number)) => {
                return Step { verdict: Some(Verdict::Unknown), ..Step::default() };
            }
            FromPage::Sent { number, is_edited } => self.note_sent(&id(number), is_edited),
            FromPage::Retold { number, candidate, replacements } => {
                self.note_retold(sender, id(number), &site, &candidate, replacements, at)
            }
            FromPage::Unasked { number, candidate, why } => self.note_unasked(sender, id(number), &candidate, why, at),
            FromPage::Outcome { number, outcome } => self.note_outcome(sender, &id(number), outcome),
            FromPage::Heard { number, url, socket, frame } => {
                self.note_heard(sender, id(number), &Heard { url, socket, frame }, at)
            }
            FromPage::Uncovered { workers, is_frozen } => {
                self.note_uncovered(sender.tab, &message.document, |uncovered| {
                    (uncovered.workers, uncovered.is_frozen) = (workers, is_frozen);
                })
            }
            FromPage::Dropped { starts } => {
                self.note_uncovered(sender.tab, &message.document, |uncovered| uncovered.dropped = starts)
            }
        })
    }

    /// The site whose policy holds for a page: the one in the address bar;
    /// for a frame elsewhere the frame's own, where the address bar's is not
    /// enabled. None where the page must not be touched.
    fn enabled_site(&self, sender: &PageSender) -> Option<Site> {
        // While a page is being left, the tab may have the next one's address already.
        let above = if sender.frame == 0 { None } else { sender.tab_site.as_ref() };
        let tab_site = above.filter(|site| self.is_enabled(site));
        match &sender.site {
            Some(site) if self.is_enabled(site) => Some(tab_site.unwrap_or(site).clone()),
            Some(_) => None,
            None => tab_site.cloned(),
        }
    }

    fn is_enabled(&self, site: &Site) -> bool {
        self.settings.site(site).is_enabled || self.grants.iter().any(|grant| grant.covers(site))
    }

    fn decide(&mut self, sender: &PageSender, id: RecordId, site: &Site, candidate: &Candidate, at: Moment) -> Step {
        if self.log.has(&id) {
            // No page script of ours numbers two candidates alike.
            return Step::pass_through();
        }
        let policy = self.settings.site(site).policy();
        let Some(sight) = self.sight_of(&id, candidate, &policy) else {
            return Step::pass_through();
        };
        let verdict = sight.verdict(candidate);
        let record = sight.record(sender, id, candidate, at.at, self.log.next_sequence());
        Step { verdict: Some(verdict), ..Step::doing(self.add(record, at)) }
    }

    /// What there is to see in a candidate; none where it is no start, or a
    /// frame of a chat that has begun, without attributes of its own.
    fn sight_of(&self, id: &RecordId, candidate: &Candidate, policy: &Policy) -> Option<Sight<'_>> {
        let sight = Sight::of(&self.vendors, candidate, policy)?;
        (sight.has_attributes() || !self.is_within_chat(id, candidate, sight.profile)).then_some(sight)
    }

    /// Whether a frame belongs to a chat that has begun: an earlier one was its
    /// start, or it began before this page.
    fn is_within_chat(&self, id: &RecordId, candidate: &Candidate, profile: &Profile) -> bool {
        let (Some(socket), Some(pattern)) = (&candidate.socket, &profile.start.socket) else {
            return false;
        };
        // The page was not told of a start whose verdict came too late, or is still on its way.
        let is_its_start = |record: &Record| {
            let found = profile::by_id(&self.vendors, &record.profile);
            let said = found.and_then(|(_, profile)| profile.start.socket.as_ref());
            record.socket == Some((socket.number, socket.sessions)) && said.is_some_and(|said| said.is_only_first)
        };
        within(socket, pattern).is_some()
            || pattern.is_only_first && self.log.on_socket(id, socket.number).any(is_its_start)
    }

    fn add(&mut self, mut record: Record, at: Moment) -> Vec<Effect> {
        earlier::compare(&mut record, &self.log, &self.vendors, at.since);
        let (tab, id) = (record.tab, record.id.clone());
        let mut effects = Vec::new();
        match self.log.add(record.clone()) {
            // First of all: what is kept must find room.
            Some(gone) if !gone.is_empty() => effects.push(Effect::ForgetRecords(gone)),
            Some(_) => {}
            None => return self.lose(tab, &id),
        }
        effects.extend(keep(record, &self.log));
        effects
    }

    /// A record that is not kept: what is there of it from before is forgotten
    /// too, because it does not say what came later.
    fn give_up(&mut self, id: &RecordId) -> Vec<Effect> {
        let Some(record) = self.log.remove(id) else {
            return vec![];
        };
        let mut effects = vec![Effect::ForgetRecords(vec![id.clone()])];
        effects.extend(self.lose(record.tab, id));
        let nothing = Effect::ShowBadge { tab: record.tab, count: 0, is_injected: false };
        effects.push(badge(&self.log, record.tab).unwrap_or(nothing));
        effects
    }

    /// Counts a start that there is no room for.
    fn lose(&mut self, tab: i64, id: &RecordId) -> Vec<Effect> {
        if self.forgotten.contains(id) {
            return vec![];
        }
        self.forget(id.clone());
        self.note_uncovered(tab, id.document(), |uncovered| uncovered.lost += 1)
    }

    fn forget(&mut self, id: RecordId) {
        if self.forgotten.len() == MAX_FORGOTTEN {
            self.forgotten.remove(0);
        }
        self.forgotten.push(id);
    }
}

impl Step {
    fn pass_through() -> Self {
        Self { verdict: Some(Verdict::PassThrough), ..Self::default() }
    }

    fn doing(effects: Vec<Effect>) -> Self {
        Self { effects, ..Self::default() }
    }
}

/// Keeps a record of the log as it is now.
fn keep(record: Record, log: &Log) -> Vec<Effect> {
    let badge = badge(log, record.tab);
    let mut effects = vec![Effect::KeepRecord(Box::new(record))];
    effects.extend(badge);
    effects
}

fn badge(log: &Log, tab: i64) -> Option<Effect> {
    let count = log.of_tab(tab).filter(|record| record.is_start()).count();
    let is_injected = log.of_tab(tab).any(|record| record.delivery == Delivery::Edited);
    (count > 0).then_some(Effect::ShowBadge { tab, count, is_injected })
}
