//! The background: takes messages and events to the engine, and performs the
//! effects that come back.

use std::cell::{Cell, RefCell};
use std::mem;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::stored;
use crate::browser::task::{pause, promise, run};
use crate::browser::{Fault, chrome};
use crate::message::{FromRelay, FromScreen, Reply, Sender};
use crate::session::engine::{Effect, Engine, Event, Step};
use crate::session::pending::drop_void;
use crate::session::site::{Site, SitePattern};
use crate::wire::{Mismatches, Wire};

/// Badge colours: some starts; some of them injected.
const SEEN: &str = "#5b6472";
const INJECTED: &str = "#0b7a4b";

/// The records of before are read this long after a start: a candidate that
/// woke the background is there by then, and has its verdict first.
const RECALL_MS: i32 = 20;

/// Effects that belong together, and who waits for them: a screen for its
/// reply, or a page's relay for the end, because a report counts once it is kept.
struct Batch {
    effects: Vec<Effect>,
    waiting: Option<(Function, Option<Reply>)>,
}

/// What happened before the records of before were read, and who waits for
/// what comes of it.
type Early = Vec<(Event, Option<Function>)>;

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
    /// Batches wait for those before them, so that what is stored last is
    /// what was decided last.
    static TO_DO: RefCell<Vec<Batch>> = const { RefCell::new(Vec::new()) };
    /// None where the records of before are read.
    static EARLY: RefCell<Option<Early>> = const { RefCell::new(None) };
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Starts the engine with what is stored; the promise is kept when it runs. It
/// goes on to read the records of before; what needs them waits.
///
/// `baked` gives the text of `baked.json`, and `local` all that is in this area
/// of `chrome.storage`. They are asked for while the module is still being read.
#[wasm_bindgen]
pub fn background_start(baked: Promise, local: Promise) -> Promise {
    EARLY.set(Some(vec![]));
    promise(Box::pin(start(baked, local)))
}

async fn start(baked: Promise, local: Promise) -> Result<(), Fault> {
    let (engine, effects) = Engine::start(stored::found(baked, local).await?);
    ENGINE.set(Some(engine));
    perform(Batch { effects, waiting: None });
    run(Box::pin(recall()), log);
    Ok(())
}

/// Reads the records of before, and applies what has happened since.
async fn recall() -> Result<(), Fault> {
    pause(RECALL_MS).done().await?;
    let (records, uncovered) = stored::recalled().await.unwrap_or_else(|fault| {
        log(fault);
        Default::default()
    });
    if let Some(engine) = ENGINE.with_borrow_mut(Option::take) {
        ENGINE.set(Some(engine.recalling(records, uncovered)));
    }
    for (event, answer) in EARLY.take().into_iter().flatten() {
        let Step { verdict, reply, effects } = apply(event)?;
        match (verdict, answer) {
            (Some(verdict), answer) => {
                answer.into_iter().for_each(|answer| tell(&answer, &verdict.to_text()));
                perform_later(Batch { effects, waiting: None });
            }
            (None, answer) => perform(Batch { effects, waiting: answer.map(|answer| (answer, reply)) }),
        }
    }
    Ok(())
}

/// Notes an event that comes before the records of before are read. The
/// event itself, where they are.
fn note_early(event: Event, answer: Option<Function>) -> Option<Event> {
    EARLY.with_borrow_mut(|early| match early {
        Some(early) => {
            early.push((event, answer));
            None
        }
        None => Some(event),
    })
}

/// Whether something waits that may change what is decided.
fn is_set_early() -> bool {
    EARLY.with_borrow(|early| {
        early.as_ref().is_some_and(|early| early.iter().any(|(event, _)| !matches!(event, Event::Page { .. })))
    })
}

/// Tells one who waits; who is gone meanwhile is no fault.
fn tell(answer: &Function, text: &str) {
    let _ = answer.call1(&JsValue::UNDEFINED, &text.into());
}

/// Takes a message and gives the answer to it, empty where there is none. A
/// page that waits for a verdict is answered at once; others get a promise
/// that is kept when all is done and stored.
///
/// `carried` is what the message's candidate carries, in UTF-8, where it has
/// one that does; `sender` is the browser's word about who sent it, as JSON; `home` is what
/// the extension's own addresses begin with; `now` is in milliseconds.
#[wasm_bindgen]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of this century in milliseconds")]
pub fn background_hear(
    text: &str,
    carried: Option<Vec<u8>>,
    sender: &str,
    home: &str,
    now: f64,
) -> Result<JsValue, JsValue> {
    let unreadable = |mismatches: Mismatches| Fault::new(format!("a message does not parse: {mismatches}"));
    let event = match Sender::read(sender, home).map_err(|stranger| Fault::new(stranger.to_string()))? {
        Sender::Screen => Event::Screen(FromScreen::from_text(text).map_err(unreadable)?),
        Sender::Page(sender) => {
            let mut message = FromRelay::from_text(text).map_err(unreadable)?;
            if let Some(carried) = carried {
                // The browser encoded it.
                message = message.carrying(String::from_utf8(carried).unwrap_or_default());
            }
            Event::Page { sender, message: Box::new(message), at: now as u64 }
        }
    };
    if EARLY.with_borrow(Option::is_some) {
        // What a screen has set in the meantime counts first.
        let verdict =
            if is_set_early() { None } else { ENGINE.with_borrow(|engine| engine.as_ref()?.early_verdict(&event)) };
        if let Some(verdict) = verdict {
            note_early(event, None);
            return Ok(verdict.to_text().into());
        }
        let mut event = Some(event);
        return Ok(Promise::new(&mut |answer, _| {
            event.take().and_then(|event| note_early(event, Some(answer)));
        })
        .into());
    }
    let Step { verdict, reply, effects } = apply(event)?;
    if let Some(verdict) = verdict {
        perform_later(Batch { effects, waiting: None });
        return Ok(verdict.to_text().into());
    }
    let mut decided = Some((effects, reply));
    Ok(Promise::new(&mut |answer, _| {
        if let Some((effects, reply)) = decided.take() {
            perform(Batch { effects, waiting: Some((answer, reply)) });
        }
    })
    .into())
}

/// Takes one of the browser's notices: `started`, `permissionsAdded` or
/// `permissionsRemoved` with the match patterns as JSON.
#[wasm_bindgen]
pub fn background_notice(what: &str, origins: &str) -> Result<(), JsValue> {
    let origins = Vec::from_text(origins).unwrap_or_default();
    let event = match what {
        "permissionsAdded" => Event::PermissionsAdded { origins },
        "permissionsRemoved" => Event::PermissionsRemoved { origins },
        _ => Event::Started,
    };
    if let Some(event) = note_early(event, None) {
        perform(Batch { effects: apply(event)?.effects, waiting: None });
    }
    Ok(())
}

fn apply(event: Event) -> Result<Step, Fault> {
    ENGINE.with_borrow_mut(|engine| match engine {
        Some(engine) => Ok(engine.apply(event)),
        None => Err(Fault::new("the engine has not started")),
    })
}

/// Performs a batch, after those that are still under way.
fn perform(batch: Batch) {
    TO_DO.with_borrow_mut(|batches| batches.push(batch));
    if IS_BUSY.replace(true) {
        return;
    }
    run(Box::pin(perform_batches()), log);
}

/// A verdict's effects wait this long for the report of what came of it: they
/// are done together then, and not while the page makes its request.
const PATIENCE_MS: i32 = 50;

/// Performs a batch with the next one, or soon.
fn perform_later(batch: Batch) {
    TO_DO.with_borrow_mut(|batches| batches.push(batch));
    let soon = async {
        pause(PATIENCE_MS).done().await?;
        perform(Batch { effects: vec![], waiting: None });
        Ok(())
    };
    run(Box::pin(soon), log);
}

async fn perform_batches() -> Result<(), Fault> {
    loop {
        let mut batches = TO_DO.take();
        if batches.is_empty() {
            IS_BUSY.set(false);
            return Ok(());
        }
        drop_void(batches.iter_mut().map(|batch| &mut batch.effects));
        for Batch { effects, waiting } in &mut batches {
            if let Err(fault) = perform_all(mem::take(effects)).await {
                match waiting {
                    Some((_, Some(reply))) => *reply = Reply::Refused { why: fault.to_string() },
                    Some((_, None)) | None => log(fault),
                }
            }
        }
        // What is not done of one batch is done with a later one, so all are told at the end.
        for (answer, reply) in batches.into_iter().filter_map(|batch| batch.waiting) {
            tell(&answer, &reply.map(|reply| reply.to_text()).unwrap_or_default());
        }
    }
}

/// What a panel says about a page that no relay is in.
const NOT_COVERED: &str = "Callsign is not in this page, so its starts go out as written and are not seen here. Enable \
                           the site in the popup, or reload the page if it was open before.";

fn log(fault: Fault) {
    web_sys::console::error_1(&format!("Callsign: {fault}").into());
}

/// Performs effects in order; one that fails does not keep the others back.
async fn perform_all(effects: Vec<Effect>) -> Result<(), Fault> {
    let mut done = Ok(());
    for effect in effects {
        done = done.and(perform_one(effect).await);
    }
    done
}

async fn perform_one(effect: Effect) -> Result<(), Fault> {
    // A tab may be closed by now, and a permission that the manifest itself asks for cannot be given back.
    let may_fail = matches!(effect, Effect::ShowBadge { .. } | Effect::GiveBack(_));
    let asked = match effect {
        Effect::KeepRecord(record) => {
            let kept = stored::keep_record(&record).done().await;
            if kept.is_err() {
                let effects = apply(Event::NotKept(record.id))?.effects;
                perform(Batch { effects, waiting: None });
            }
            return kept;
        }
        Effect::ForgetRecords(ids) => stored::forget_records(&ids),
        Effect::KeepSettings(json) => stored::keep_settings(&json),
        Effect::KeepUnreadable(settings) => stored::keep_unreadable(&settings),
        Effect::ForgetUnreadable => stored::forget_unreadable(),
        Effect::KeepUncovered(uncovered) => stored::keep_uncovered(&uncovered),
        Effect::ForgetUncovered(documents) => stored::forget_uncovered(&documents),
        Effect::ShowBadge { tab, count, is_injected } => {
            let text = if count == 0 { String::new() } else { count.to_string() };
            chrome::show_badge(tab, &text, if is_injected { INJECTED } else { SEEN })
        }
        Effect::RunOn { sites, own_patterns, granted } => {
            stored::keep_own_patterns(own_patterns.as_deref()).done().await?;
            return chrome::run_scripts(&scripts(&sites, own_patterns.is_some(), &granted)).await;
        }
        Effect::FindRelay { tab } => {
            return if chrome::has_relay(tab).await { Ok(()) } else { Err(Fault::new(NOT_COVERED)) };
        }
        Effect::GiveBack(site) => chrome::give_permission_back(&site.pattern()),
    };
    let done = asked.done().await;
    if may_fail { Ok(()) } else { done }
}

/// The relay and then the page script, on every frame of these sites, as JSON. Where a tester has profiles of their own,
/// their patterns last, on the sites that were `granted` at build time too: the manifest runs the others there.
fn scripts(sites: &[Site], has_own_patterns: bool, granted: &[SitePattern]) -> String {
    let sites: Vec<_> = sites.iter().map(Site::pattern).collect();
    // The relay must be there first, and Chromium runs registered scripts in the order of their IDs.
    let mut scripts = vec![];
    if !sites.is_empty() {
        scripts.push(script("1-relay", "relay.js", "ISOLATED", &sites));
        scripts.push(script("2-page", "page.js", "MAIN", &sites));
    }
    let mut everywhere = sites;
    everywhere.extend(granted.iter().map(|pattern| pattern.as_str().to_owned()));
    if has_own_patterns && !everywhere.is_empty() {
        scripts.push(script("3-own", "own_patterns.js", "ISOLATED", &everywhere));
    }
    format!("[{}]", scripts.join(","))
}

fn script(id: &str, file: &str, world: &str, matches: &Vec<String>) -> String {
    format!(
        r#"{{"id":"{id}","js":["{file}"],"world":"{world}","matches":{},"runAt":"document_start","allFrames":true,"matchOriginAsFallback":true,"persistAcrossSessions":true}}"#,
        matches.to_text()
    )
}
