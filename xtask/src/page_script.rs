//! Joins the small files of `extension/page/` into the one script that a page gets.
//!
//! All files end up in one strict function, so that they share a scope and nothing leaks into the page. Lines that only
//! hold a comment, empty lines and indentation are dropped; nothing else is, and no two lines are ever joined, so the
//! script means what its source means. Where a line alone does not tell whether it is code (text in backticks that spans
//! lines, a comment that begins after code and goes on, a line continued by a backslash), the file is refused.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use crate::files::Files;

/// The files of `extension/page/`, in the order in which they run.
const ORDER: [&str; 13] = [
    "natives.js",
    "channel.js",
    "body.js",
    "line.js",
    "candidate.js",
    "answer.js",
    "fetch.js",
    "xhr.js",
    "beacon.js",
    "socket.js",
    "call.js",
    "uncovered.js",
    "main.js",
];

/// What is named often gets a short name where the script is made smaller, if it is the script's own. Nothing is given for
/// the last one, so it is what it says.
const SHORTER: &str = "window, document, undefined";

/// Joins the files, with the declarations of the quick test before them.
pub(crate) fn join(page: &Files, quick_test: &str) -> Result<String> {
    let listed: BTreeSet<&str> = ORDER.into_iter().collect();
    if let Some(stray) = page.keys().find(|name| !listed.contains(name.as_str())) {
        bail!(
            "extension/page/{stray} is not listed in xtask/src/page_script.rs, so it is not known when it should run"
        );
    }
    let mut script = format!("(({SHORTER}) => {{\n\"use strict\";\n");
    for line in quick_test.lines() {
        script.push_str(line);
        script.push('\n');
    }
    for name in ORDER {
        let path = format!("extension/page/{name}");
        let source = page
            .get(name)
            .with_context(|| format!("{path} is listed in xtask/src/page_script.rs, but there is no such file"))?;
        let source = strip(&path, source)?;
        for (index, line) in source.lines().enumerate() {
            if matches!(line, "\"use strict\";" | "'use strict';") {
                continue;
            }
            if line.starts_with("import ") || line.starts_with("export ") {
                bail!("{path}: line {} after stripping: a page script is no module; `{line}`", index + 1);
            }
            script.push_str(line);
            script.push('\n');
        }
    }
    script.push_str("})(window, document);\n");
    Ok(script)
}

/// Drops comments on lines of their own, empty lines and indentation.
pub(crate) fn strip(path: &str, source: &[u8]) -> Result<String> {
    let source = str::from_utf8(source).with_context(|| format!("{path} is not UTF-8"))?;
    let mut stripped = String::new();
    let mut is_in_comment = false;
    for (index, line) in source.lines().enumerate() {
        let mut code = line.trim();
        loop {
            if is_in_comment {
                let Some((_, rest)) = code.split_once("*/") else {
                    code = "";
                    break;
                };
                is_in_comment = false;
                code = rest.trim_start();
            } else if code.starts_with("//") {
                code = "";
            } else if let Some(rest) = code.strip_prefix("/*") {
                is_in_comment = true;
                code = rest;
            } else {
                break;
            }
        }
        if let Some(doubt) = doubt(code) {
            bail!("{path}:{}: {doubt}, so comments cannot be dropped safely; write it on one line", index + 1);
        }
        if !code.is_empty() {
            stripped.push_str(code);
            stripped.push('\n');
        }
    }
    if is_in_comment {
        bail!("{path}: the last comment is not closed");
    }
    Ok(stripped)
}

/// Why the next line may not be what it looks like. Looks at characters only and so may see a reason where there is
/// none, but never overlooks one.
fn doubt(code: &str) -> Option<&'static str> {
    let goes_on = code.rsplit_once("/*").is_some_and(|(_, after)| !after.contains("*/"));
    if code.matches('`').count() % 2 == 1 {
        Some("text in backticks goes on in the next line")
    } else if goes_on {
        Some("a comment that begins after code goes on in the next line")
    } else if code.ends_with('\\') {
        Some("a backslash continues the line")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(strip("x.js", source.as_bytes()).unwrap(), expected);
    }

    #[track_caller]
    fn check_refused(source: &str, expected: &str) {
        let error = strip("x.js", source.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn comments_on_their_own_lines_go() {
        check("// @ts-check\n\n  a();\n", "a();\n");
        check("/** One line. */\na();\n", "a();\n");
        check("/**\n * Many\n * lines with `one backtick.\n */\na();\n", "a();\n");
        check("/* a */ /* b */ // c\na();", "a();\n");
        check("/* a\nb */ /* c\nd */ a();", "a();\n");
    }

    #[test]
    fn a_cast_before_code_goes_and_the_code_stays() {
        check("/** @type {X} */ (a).b();\n", "(a).b();\n");
        check("/**\n * @type {X}\n */ (a).b();\n", "(a).b();\n");
    }

    #[test]
    fn what_follows_code_stays() {
        check("a(); // why\n", "a(); // why\n");
        check("a(/* b */ c);\n", "a(/* b */ c);\n");
        check("const url = 'http://x/*'; // */\n", "const url = 'http://x/*'; // */\n");
        check("`// ${a}`;\n", "`// ${a}`;\n");
    }

    #[test]
    fn lines_are_not_joined() {
        check("return\n// so\na\n", "return\na\n");
        check("a\r\n\r\n  (b)\r\n", "a\n(b)\n");
    }

    #[test]
    fn what_a_line_does_not_tell_is_refused() {
        check_refused("a = `b\n// c`;\n", "x.js:1: text in backticks");
        check_refused("a(); /* b\nc */\n", "x.js:1: a comment");
        check_refused("a = 'b\\\n// c';\n", "x.js:1: a backslash");
        check_refused("/* a", "not closed");
    }

    fn page(extra: &[(&str, &str)]) -> Files {
        let mut files: Files = ORDER
            .iter()
            .map(|name| ((*name).to_owned(), format!("// {name}\n'use strict';\na(\"{name}\");\n").into_bytes()))
            .collect();
        files.extend(extra.iter().map(|(name, source)| ((*name).to_owned(), source.as_bytes().to_vec())));
        files
    }

    #[test]
    fn files_are_joined_in_order_inside_one_strict_function() {
        let script = join(&page(&[]), "const QUICK = 1;").unwrap();
        let calls: String = ORDER.iter().map(|name| format!("a(\"{name}\");\n")).collect();
        assert_eq!(
            script,
            format!(
                "((window, document, undefined) => {{\n\"use strict\";\nconst QUICK = 1;\n{calls}}})(window, document);\n"
            )
        );
    }

    #[test]
    fn the_list_and_the_folder_must_agree() {
        let error = join(&page(&[("new.js", "")]), "").unwrap_err().to_string();
        assert!(error.contains("extension/page/new.js is not listed"), "{error}");
        let mut missing = page(&[]);
        missing.remove(ORDER[0]);
        let error = join(&missing, "").unwrap_err().to_string();
        assert!(error.contains("there is no such file"), "{error}");
        let error = join(&page(&[(ORDER[0], "import x from 'x';\n")]), "").unwrap_err().to_string();
        assert!(error.contains("no module"), "{error}");
    }
}
