//! Pasted requests in `tests/samples/`: in a folder a format, `x.txt` is what
//! a tester pastes. `x.json` beside it has the candidates that it is, or
//! `x.refused` the words with which it is refused.

use std::fs;
use std::path::{Path, PathBuf};

use callsign::start::candidate::Candidate;
use callsign::start::sample::{Format, Sample};
use callsign::wire::Wire;

#[test]
fn every_sample_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let (mut failures, mut count) = (Vec::new(), 0);
    for folder in entries(&root) {
        for path in entries(&folder).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "txt")) {
            count += 1;
            failures.extend(failure(&path).map(|why| format!("{}: {why}", path.display())));
        }
    }
    assert!(failures.is_empty(), "{} of {count} samples failed\n{}", failures.len(), failures.join("\n"));
    assert!(count > 40, "there are samples");
}

fn failure(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let (name, got) = match Sample::parse(&text) {
        Ok(Sample { format, candidates }) => {
            let folder = match format {
                Format::Http => "http",
                Format::Curl => "curl",
                Format::FetchCall => "fetch",
                Format::Har => "har",
                Format::UrlAndBody => "url",
            };
            if path.parent()?.file_name()? != folder {
                return Some(format!("it was taken for {}", format.name()));
            }
            ("json", candidates.iter().map(|candidate| candidate.to_text() + "\n").collect::<String>())
        }
        Err(why) => ("refused", format!("{why}\n")),
    };
    match fs::read_to_string(path.with_extension(name)) {
        Ok(expected) if is_same(name, &expected, &got) => None,
        Ok(expected) => Some(format!("{name} says\n{expected}and it is\n{got}")),
        Err(_) => Some(format!("there is no {name}, and it would be\n{got}")),
    }
}

/// Candidates are compared as what they say, so that their file may be laid out for the eye.
fn is_same(name: &str, expected: &str, got: &str) -> bool {
    let read = |text: &str| -> Vec<Candidate> {
        text.lines().map(|line| Candidate::from_text(line).expect("a candidate a line")).collect()
    };
    if name == "json" { read(expected) == read(got) } else { expected == got }
}

fn entries(path: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}
