//! The page script's quick test, made of profiles: "might this call be a start?"
//!
//! It is looser than [`find`](super::find): what Rust would find it never
//! misses, and what it lets through only Rust decides. An address is looked at
//! twice. First its text, as the page wrote it, for one of a few short marks;
//! then, resolved, host and path together.

use super::{Call as StartCall, HostPattern, PathPattern, Profile, SocketPattern, StartPattern, Vendor, all};
use crate::wire::{Wire, wire_struct};

/// What the quick test looks for. Each page reads it as it begins, so its names are short on the wire
/// (`generated.d.ts` has them for readers), and an address is one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Patterns {
    /// Methods that a start may come by, in upper case.
    methods: Vec<String>,
    /// Short texts in lower case, of which an address has one, or the address that it is relative to.
    marks: Vec<String>,
    /// Host and path; where a `*` stands there may be anything.
    addresses: Vec<String>,
    sockets: Vec<Socket>,
    calls: Vec<Call>,
}

wire_struct!(Patterns { methods: "m", marks: "k", addresses: "a", sockets: "s", calls: "c" });

/// A socket that may carry a start.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Socket {
    /// Its addresses.
    at: Vec<String>,
    /// Query parameters that it has.
    query: Vec<String>,
    /// A frame of the page that may be a start has one of these.
    sent: Vec<String>,
    /// A frame of the service that is worth telling has one of these.
    heard: Vec<String>,
    /// What announces a session.
    sessions: Vec<String>,
}

wire_struct!(Socket { at: "a", query: "q", sent: "s", heard: "h", sessions: "n" });

/// A function that the vendor's script gives the page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    /// Its names from `window` on, with dots between.
    name: String,
    /// What the addresses of scripts that bring it have in them.
    scripts: Vec<String>,
    /// What its arguments are in a start: all of at least one list, each a position and the texts that may stand there.
    when: Vec<Vec<Vec<String>>>,
    /// Whether no call of it may wait.
    is_at_once: bool,
}

wire_struct!(Call { name: "n", scripts: "s", when: "w", is_at_once: "o" });

/// The patterns of these vendors as JSON, for the page script.
pub fn patterns(vendors: &[Vendor]) -> String {
    Patterns::of(vendors).to_text()
}

/// The declarations that the page script begins with: the patterns of the
/// built-in profiles and of a tester's `own`, and what else it has of Rust.
#[cfg(not(target_family = "wasm"))]
pub fn quick_test(own: &[super::VendorFile]) -> String {
    declarations(&Patterns::of(&super::with_own(&super::built_in(), own)))
}

/// A quick test that every call passes. For tests: nothing that a page can
/// see may change even then.
#[cfg(not(target_family = "wasm"))]
pub fn every_call() -> String {
    let anything = || vec!["*".to_owned()];
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(str::to_owned).to_vec();
    let some = || vec![String::new()];
    let socket = Socket { at: anything(), query: vec![], sent: some(), heard: some(), sessions: vec![] };
    declarations(&Patterns { methods, marks: some(), addresses: anything(), sockets: vec![socket], calls: vec![] })
}

#[cfg(not(target_family = "wasm"))]
fn declarations(patterns: &Patterns) -> String {
    use crate::start::candidate::{MAX_BODY_CHARACTERS, SIGNATURES};
    format!(
        "const BUILT_IN = {};\nconst SIGNATURES = {};\nconst MAX_BODY_CHARACTERS = {MAX_BODY_CHARACTERS};",
        shorter(patterns),
        SIGNATURES.map(|(name, begins)| format!("{name}:{begins}")).to_vec().to_text()
    )
}

/// The patterns as JavaScript, in fewer characters: addresses as one text, positions as numbers, and without what a
/// socket or a call usually has, which the page script takes as said where it is missing. No text in JSON has such a
/// piece in it, because its quotes would be escaped.
#[cfg(not(target_family = "wasm"))]
fn shorter(patterns: &Patterns) -> String {
    const USUAL: [&str; 5] = [r#","w":[[]]"#, r#","o":false"#, r#","q":[]"#, r#","h":[]"#, r#","n":[]"#];
    let json = USUAL.iter().fold(patterns.to_text(), |json, usual| json.replace(usual, ""));
    let json = (0..10).fold(json, |json, place| json.replace(&format!(r#"["{place}","#), &format!("[{place},")));
    if patterns.addresses.iter().any(|address| address.contains(' ')) {
        return json;
    }
    let listed = format!(r#","a":{}"#, patterns.addresses.to_text());
    let joined = format!(r#","a":{}.split(" ")"#, fewer(patterns.addresses.clone()).join(" ").to_text());
    json.replacen(&listed, &joined, 1)
}

/// Addresses of which one has a piece more in its middle than another, as one with a star there.
#[cfg(not(target_family = "wasm"))]
fn fewer(mut addresses: Vec<String>) -> Vec<String> {
    let both = |one: &str, other: &str| {
        let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
        let (start, end) = one.split_at_checked(same)?;
        let more = other.strip_prefix(start)?.strip_suffix(end)?;
        let is_piece = !start.is_empty() && !end.is_empty() && more.ends_with(['.', '/']);
        is_piece.then(|| format!("{start}*{end}"))
    };
    let mut next = 0;
    while let Some(one) = addresses.get(next) {
        match addresses.iter().enumerate().find_map(|(place, other)| Some((place, both(one, other)?))) {
            Some((place, merged)) => {
                addresses[next] = merged;
                addresses.remove(place);
                next = 0;
            }
            None => next += 1,
        }
    }
    addresses
}

impl Patterns {
    fn of(vendors: &[Vendor]) -> Self {
        let mut patterns = Self::default();
        for (_, Profile { start, .. }) in all(vendors) {
            match (&start.call, &start.socket) {
                (Some(call), _) => patterns.add_call(call, start),
                (None, Some(socket)) => patterns.add_socket(start, socket),
                (None, None) => patterns.add_request(start),
            }
        }
        let Self { methods, marks, addresses, .. } = &mut patterns;
        each_once(methods);
        each_once(marks);
        each_once(addresses);
        let all = marks.clone();
        marks.retain(|mark| !all.iter().any(|other| other != mark && mark.contains(other.as_str())));
        patterns
    }

    fn add_request(&mut self, start: &StartPattern) {
        self.methods.push(start.method.clone());
        self.addresses.extend(addresses(start));
        match (start.paths.as_slice(), start.hosts.as_slice()) {
            // Any address may be one.
            ([], []) => self.marks.push(String::new()),
            ([], hosts) => self.marks.extend(hosts.iter().map(mark_of_host)),
            (paths, _) => self.marks.extend(paths.iter().map(mark_of_path)),
        }
    }

    /// A page looks at a socket once, so those that only differ in what is said on them are one.
    fn add_socket(&mut self, start: &StartPattern, said: &SocketPattern) {
        let at: Vec<_> = addresses(start).collect();
        let same = |socket: &&mut Socket| socket.at == at && socket.query == start.query;
        if let Some(socket) = self.sockets.iter_mut().find(same) {
            socket.sent.extend(said.sent.clone());
            socket.heard.extend(said.heard.clone());
            socket.sessions.extend(said.session.clone());
            each_once(&mut socket.sent);
            each_once(&mut socket.heard);
            each_once(&mut socket.sessions);
            return;
        }
        self.sockets.push(Socket {
            at,
            query: start.query.clone(),
            sent: said.sent.clone(),
            heard: said.heard.clone(),
            sessions: said.session.clone(),
        });
    }

    fn add_call(&mut self, StartCall { function, script, is_at_once }: &StartCall, start: &StartPattern) {
        let lists = start.body.iter().map(|conditions| {
            let of_argument =
                conditions.iter().filter(|condition| condition.path.len() == 1 && !condition.is.is_empty());
            of_argument.map(|condition| [&condition.path[..], &condition.is].concat()).collect()
        });
        // Where nothing is asked of a call, any may be a start.
        let when: Vec<Vec<_>> = if start.body.is_empty() { vec![vec![]] } else { lists.collect() };
        match self.calls.iter_mut().find(|call| call.name == *function) {
            Some(call) => {
                call.scripts.push(script.clone());
                call.when.extend(when);
                call.is_at_once |= is_at_once;
                each_once(&mut call.scripts);
                each_once(&mut call.when);
            }
            None => self.calls.push(Call {
                name: function.clone(),
                scripts: vec![script.clone()],
                when,
                is_at_once: *is_at_once,
            }),
        }
    }
}

/// The addresses of a pattern: each host with each path.
fn addresses(start: &StartPattern) -> impl Iterator<Item = String> {
    let any = |texts: Vec<String>, any: &str| if texts.is_empty() { vec![any.to_owned()] } else { texts };
    let hosts = any(start.hosts.iter().map(|host| host.as_str().to_owned()).collect(), "*");
    // Before the end of a path there may be more of it.
    let paths = any(start.paths.iter().map(|path| format!("*{}", path.as_str())).collect(), "/*");
    hosts.into_iter().flat_map(move |host| {
        paths.clone().into_iter().map(move |path| {
            let mut address = format!("{host}{path}");
            // One star may stand for many, so these say the same.
            for (longer, shorter) in [("**", "*"), ("/*/*", "/*")] {
                while address.contains(longer) {
                    address = address.replace(longer, shorter);
                }
            }
            address
        })
    })
}

/// The longest segment of a path that is no `*`: a whole one, because before
/// an address is resolved anything may stand where a slash will be.
fn mark_of_path(path: &PathPattern) -> String {
    longest(path.as_str().split('/').filter(|segment| *segment != "*"))
}

fn mark_of_host(host: &HostPattern) -> String {
    longest(host.as_str().split('*'))
}

fn longest<'p>(pieces: impl Iterator<Item = &'p str>) -> String {
    pieces.max_by_key(|piece| piece.len()).unwrap_or_default().to_lowercase()
}

fn each_once<T: Ord>(list: &mut Vec<T>) {
    list.sort();
    list.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::profile::{built_in, read_all};

    /// The patterns of one vendor with these starts.
    fn patterns_of(starts: &[&str]) -> Patterns {
        let profiles: Vec<_> = starts
            .iter()
            .enumerate()
            .map(|(index, start)| {
                format!(
                    r#"{{"id":"p{index}","name":"P","start":{start},"attributes":{{"path":["a"],"values":["string"]}},"crmId":{{"key":"k"}}}}"#
                )
            })
            .collect();
        Patterns::of(&read_all(&format!(r#"[{{"vendor":"V","profiles":[{}]}}]"#, profiles.join(","))).unwrap())
    }

    #[track_caller]
    fn check_address(start: &str, addresses: &[&str], marks: &[&str]) {
        let patterns = patterns_of(&[&format!(r#"{{"transports":["fetch"],"method":"POST",{start}}}"#)]);
        assert_eq!(patterns.addresses, addresses);
        assert_eq!(patterns.marks, marks);
    }

    #[test]
    fn host_and_path_are_one_text_and_marked_by_a_part_of_it() {
        check_address(r#""paths":["/chat/start"]"#, &["*/chat/start"], &["start"]);
        check_address(r#""paths":["/Chats/*/new"]"#, &["*/Chats/*/new"], &["chats"]);
        check_address(r#""paths":["/init/*/*","/init/*/*/*"]"#, &["*/init/*"], &["init"]);
        check_address(
            r#""hosts":["*.a.example","b.example"]"#,
            &["*.a.example/*", "b.example/*"],
            &[".a.example", "b.example"],
        );
        check_address(r#""hosts":["*.a.example"],"paths":["/x/*"]"#, &["*.a.example*/x/*"], &["x"]);
    }

    #[test]
    fn a_mark_stands_for_those_that_have_it_in_them() {
        check_address(
            r#""paths":["/webchat","/chats/new","/chat"]"#,
            &["*/chat", "*/chats/new", "*/webchat"],
            &["chat"],
        );
    }

    /// Whether a text fits an address in which each `*` stands for any text.
    fn fits(place: &str, address: &str) -> bool {
        match address.split_once('*') {
            None => place == address,
            Some((beginning, rest)) => place.strip_prefix(beginning).is_some_and(|behind| {
                (0..=behind.len()).any(|at| behind.is_char_boundary(at) && fits(&behind[at..], rest))
            }),
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]

        #[test]
        fn what_fits_one_of_many_addresses_fits_one_of_fewer(
            addresses in proptest::collection::vec("[ab*./]{1,8}", 1..8),
            which in proptest::sample::select((0..8_usize).collect::<Vec<_>>()),
            texts in proptest::collection::vec("[ab./]{0,4}", 8),
        ) {
            let mut texts = texts.iter();
            let any = |character| if character == '*' { texts.next().unwrap().clone() } else { String::from(character) };
            let place: String = addresses[which % addresses.len()].chars().map(any).collect();
            let fewer = fewer(addresses.clone());
            proptest::prop_assert!(fewer.len() <= addresses.len());
            proptest::prop_assert!(fewer.iter().any(|address| fits(&place, address)), "{place} is none of {fewer:?}");
        }
    }

    #[test]
    fn a_socket_is_looked_at_for_all_profiles_at_once() {
        let socket = |sent: &str| {
            format!(
                r#"{{"transports":["webSocket"],"method":"FRAME","hosts":["a.example"],"query":["v"],"socket":{{"sent":["{sent}"],"heard":["h"],"session":["s {sent}"],"accepted":[],"refused":[]}}}}"#
            )
        };
        let Patterns { sockets, methods, .. } = patterns_of(&[&socket("one"), &socket("two")]);
        assert_eq!(
            sockets.to_text(),
            r#"[{"a":["a.example/*"],"q":["v"],"s":["one","two"],"h":["h"],"n":["s one","s two"]}]"#
        );
        assert_eq!(methods, [""; 0]);
    }

    #[test]
    fn a_call_is_asked_for_the_arguments_that_are_texts() {
        let call = |function: &str, body: &str| {
            format!(
                r#"{{"transports":["pageApi"],"method":"CALL","call":{{"function":{function},"script":"s.js"}},"body":{body}}}"#
            )
        };
        let asked = r#"[[{"path":["0"],"is":["set","update"]},{"path":["1","chat"]}],[{"path":["1"]}]]"#;
        let Patterns { calls, .. } = patterns_of(&[&call(r#""V.x.push""#, asked), &call(r#""W","atOnce":true"#, "[]")]);
        assert_eq!(
            calls.to_text(),
            r#"[{"n":"V.x.push","s":["s.js"],"w":[[["0","set","update"]],[]],"o":false},{"n":"W","s":["s.js"],"w":[[]],"o":true}]"#
        );
    }

    #[test]
    fn addresses_that_differ_by_a_piece_in_the_middle_are_one() {
        let fewer = |addresses: &str| fewer(addresses.split(' ').map(str::to_owned).collect()).join(" ");
        assert_eq!(fewer("api.a.io*/ping api.*.a.io*/ping"), "api.*a.io*/ping");
        assert_eq!(fewer("*/x/auth/init/* */x/init/* */y/init"), "*/x/*init/* */y/init");
        assert_eq!(fewer("*/chat */chat/*/message */webchat"), "*/chat */chat/*/message */webchat");
    }

    #[test]
    fn the_page_script_begins_with_what_is_known() {
        let text = quick_test(&[]);
        let (patterns, rest) = text.split_once(";\n").unwrap();
        assert_eq!(patterns.strip_prefix("const BUILT_IN = "), Some(shorter(&Patterns::of(&built_in())).as_str()));
        assert!(patterns.contains(r#" */conversations/chats */conversations/webchat "#), "{patterns}");
        assert!(
            patterns.contains(r#"{"n":"connect.ChatInterface.initiateChat","s":["amazon-connect-chat-interface"]}"#),
            "{patterns}"
        );
        assert!(patterns.contains(r#""w":[[[0,"command"],[1,"Database.set","Database.update"]]]"#), "{patterns}");
        assert!(rest.starts_with(r#"const SIGNATURES = ["x-amz-content-sha256:","#), "{rest}");
        assert!(rest.ends_with("const MAX_BODY_CHARACTERS = 4000000;"), "{rest}");
    }

    #[test]
    fn no_pattern_that_comes_with_callsign_lets_any_address_through() {
        let Patterns { marks, addresses, .. } = Patterns::of(&built_in());
        assert!(marks.iter().all(|mark| mark.len() > 2), "{marks:?}");
        assert!(marks.len() <= 16, "each mark costs every call of a page: {marks:?}");
        assert!(addresses.iter().all(|address| address.trim_matches('*').len() > 2), "{addresses:?}");
    }
}
