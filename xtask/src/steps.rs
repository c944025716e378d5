//! Runs named steps in order, goes on after a failure, and says at the end how each went.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// One step of a longer task.
pub(crate) struct Step<Context> {
    /// One word, to be chosen by.
    pub(crate) name: &'static str,
    /// What it does, for the tester who waits.
    pub(crate) title: &'static str,
    /// The steps without which it cannot run.
    pub(crate) needs: &'static [&'static str],
    pub(crate) run: fn(&Context) -> Result<()>,
}

/// How one step went.
#[derive(Debug)]
pub(crate) struct Report {
    name: &'static str,
    outcome: Outcome,
    duration: Duration,
}

#[derive(Debug)]
enum Outcome {
    Passed,
    Failed(String),
    /// A step that it needs did not pass.
    NotRun(&'static str),
}

/// The steps whose names a filter is part of, and all that those need, in their order.
pub(crate) fn select<Context>(steps: Vec<Step<Context>>, filters: &[String]) -> Result<Vec<Step<Context>>> {
    if filters.is_empty() {
        return Ok(steps);
    }
    let is_meant = |step: &Step<Context>| filters.iter().any(|filter| step.name.contains(filter.as_str()));
    let mut wanted: Vec<&str> = Vec::new();
    // From the end, because a step only needs earlier ones.
    for step in steps.iter().rev() {
        if is_meant(step) || wanted.contains(&step.name) {
            wanted.push(step.name);
            wanted.extend(step.needs);
        }
    }
    if wanted.is_empty() {
        let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
        bail!("no step is called like {}; there are {}", filters.join(", "), names.join(", "));
    }
    let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
    Ok(steps.into_iter().filter(|step| wanted.iter().any(|name| name == step.name)).collect())
}

/// Runs all steps whose needs passed.
pub(crate) fn perform<Context>(steps: &[Step<Context>], context: &Context) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        println!("\n[{}/{}] {}: {}", index + 1, steps.len(), step.name, step.title);
        let started = Instant::now();
        let passed = |name: &str| {
            let is_it = |report: &&Report| report.name == name;
            reports.iter().find(is_it).is_none_or(|report| matches!(report.outcome, Outcome::Passed))
        };
        let outcome = match step.needs.iter().find(|name| !passed(name)) {
            Some(name) => Outcome::NotRun(name),
            None => match (step.run)(context) {
                Ok(()) => Outcome::Passed,
                Err(error) => Outcome::Failed(format!("{error:#}")),
            },
        };
        let duration = started.elapsed();
        println!("[{}/{}] {} {}", index + 1, steps.len(), step.name, said(&outcome, duration));
        reports.push(Report { name: step.name, outcome, duration });
    }
    reports
}

/// The table of all steps and, on the last line, their numbers.
pub(crate) fn summary(reports: &[Report]) -> String {
    let longest = reports.iter().map(|report| report.name.len()).max().unwrap_or_default();
    let line = |report: &Report| {
        let first = said(&report.outcome, report.duration).lines().next().unwrap_or_default().to_owned();
        format!("  {:longest$}  {first}\n", report.name)
    };
    let lines: String = reports.iter().map(line).collect();
    let count = |is_it: fn(&Outcome) -> bool| reports.iter().filter(|report| is_it(&report.outcome)).count();
    let passed = count(|outcome| matches!(outcome, Outcome::Passed));
    let not_run = count(|outcome| matches!(outcome, Outcome::NotRun(_)));
    let skipped = if not_run == 0 { String::new() } else { format!(", {not_run} skipped") };
    format!("{lines}\n{passed} passed, {} failed{skipped}", reports.len() - passed - not_run)
}

/// Whether every step passed.
pub(crate) fn all_passed(reports: &[Report]) -> bool {
    reports.iter().all(|report| matches!(report.outcome, Outcome::Passed))
}

fn said(outcome: &Outcome, duration: Duration) -> String {
    match outcome {
        Outcome::Passed => format!("passed in {:.1} s", duration.as_secs_f64()),
        Outcome::Failed(why) => format!("FAILED after {:.1} s: {why}", duration.as_secs_f64()),
        Outcome::NotRun(needed) => format!("skipped, because it needs {needed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Vec<Step<()>> {
        let step = |name, needs, run| Step { name, title: "", needs, run };
        vec![
            step("format", &[], |&()| Ok(())),
            step("build", &[], |&()| bail!("no\nreason")),
            step("pack", &["build"], |&()| Ok(())),
            step("browser", &["pack"], |&()| Ok(())),
        ]
    }

    #[track_caller]
    fn check_selected(filters: &[&str], expected: &[&str]) {
        let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
        let selected = select(steps(), &filters).unwrap();
        assert_eq!(selected.iter().map(|step| step.name).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_filter_takes_along_what_is_needed() {
        check_selected(&[], &["format", "build", "pack", "browser"]);
        check_selected(&["format"], &["format"]);
        check_selected(&["brow"], &["build", "pack", "browser"]);
        check_selected(&["pack", "format"], &["format", "build", "pack"]);
        let error = select(steps(), &["nope".to_owned()]).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("no step is called like nope; there are format, build, pack, browser"));
    }

    #[test]
    fn one_run_tells_all() {
        let reports = perform(&steps(), &());
        let summary = summary(&reports);
        assert!(!all_passed(&reports));
        assert!(summary.ends_with("\n1 passed, 1 failed, 2 skipped"), "{summary}");
        assert!(summary.contains("pack     skipped, because it needs build\n"), "{summary}");
        assert!(!summary.contains("reason"), "{summary}");
    }

    #[test]
    fn a_run_without_failure_ends_with_two_numbers() {
        let reports = perform(&select(steps(), &["format".to_owned()]).unwrap(), &());
        assert!(all_passed(&reports));
        assert!(summary(&reports).ends_with("\n1 passed, 0 failed"));
    }
}
