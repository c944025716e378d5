//! The table of built-in profiles in `docs/profiles.md` says what the data says.

use std::fs;

use callsign::start::profile::{Attributes, Profile, Shape, Step, VendorFile};

const BEGIN: &str = "<!-- table -->\n";
const END: &str = "<!-- end of the table -->";

#[test]
fn the_table_of_profiles_is_in_step() {
    let document = read("docs/profiles.md");
    let (_, rest) = document.split_once(BEGIN).expect("a place for the table");
    let (written, _) = rest.split_once(END).expect("an end of the table");
    let table = table();
    assert!(written == table, "this belongs between the marks in docs/profiles.md:\n\n{table}");
}

#[test]
fn the_example_is_a_profile() {
    let document = read("docs/profiles.md");
    let example = document.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    assert_eq!(VendorFile::parse(example).err(), None);
}

fn table() -> String {
    let mut rows = Vec::new();
    for file in fs::read_dir(root().join("src/start/profiles")).expect("a folder").flatten() {
        let vendor = VendorFile::parse(&fs::read_to_string(file.path()).expect("a file")).expect("a vendor").vendor;
        let name = &vendor.vendor;
        rows.extend(vendor.profiles.iter().map(|profile| (name.to_lowercase(), row(name, profile))));
    }
    // Stable: of one vendor they stay in their order.
    rows.sort_by(|(one, _), (other, _)| one.cmp(other));
    let head = "| vendor | profile | goes out by | attributes | CRM ID | how sure | where from |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    rows.into_iter().fold(head.to_owned(), |table, (_, row)| table + &row)
}

fn row(vendor: &str, profile: &Profile) -> String {
    let start = &profile.start;
    let by = match (&start.call, &start.socket) {
        (Some(call), _) => format!("`{}()`", call.function),
        (None, Some(_)) => "WebSocket".to_owned(),
        (None, None) => {
            let paths: Vec<_> = start.paths.iter().map(|path| format!("`{}`", path.as_str())).collect();
            let hosts: Vec<_> = start.hosts.iter().map(|host| format!("`{}`", host.as_str())).collect();
            format!("{} {}", start.method, if paths.is_empty() { hosts } else { paths }.join(" "))
        }
    };
    let sure = profile.confidence.map(|confidence| format!("{confidence:?}").to_lowercase()).unwrap_or_default();
    let place = place(&profile.attributes);
    let (id, key) = (&profile.id, &profile.crm_id.key);
    let source = profile.source.as_deref().unwrap_or_default().replace('|', "\\|");
    format!("| {vendor} | `{id}` | {by} | `{place}` | `{key}` | {sure} | {source} |\n")
}

/// Such as `customFields[] {ident, value}`.
fn place(attributes: &Attributes) -> String {
    let mut place = String::new();
    for step in &attributes.path {
        match step {
            Step::Key(key) if place.is_empty() => place.push_str(key),
            Step::Key(key) => place.push_str(&format!(".{key}")),
            Step::Item { key, is } => place.push_str(&format!("[{key}={is}]")),
            Step::Any => place.push_str(".*"),
            Step::Json => place.push_str(" (JSON)"),
        }
    }
    match &attributes.shape {
        Shape::Map => place,
        Shape::Wrapped { value, .. } => format!("{place}.*.{value}"),
        Shape::Items { key, value, .. } => format!("{place}[] {{{key}, {value}}}"),
        Shape::Token { .. } => format!("{place} (token)"),
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file")
}

fn root() -> std::path::PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}
