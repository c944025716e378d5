//! What the options page shows: the tester's own profiles, and those that
//! come with Callsign.

use crate::joined::joined;
use crate::start::candidate::Transport;
use crate::start::profile::{Confidence, Profile, VendorFile, by_id};

/// The options page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsView {
    /// The tester's own files.
    pub own: Vec<VendorRow>,
    /// The built-in ones.
    pub built_in: Vec<VendorRow>,
}

/// One vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorRow {
    /// Its name.
    pub vendor: String,
    /// Its profiles.
    pub profiles: Vec<ProfileRow>,
}

/// One profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// Its name.
    pub name: String,
    /// Its ID.
    pub id: String,
    /// How its starts go out.
    pub way: String,
    /// The attribute that gets the CRM ID.
    pub crm_key: String,
    /// How sure it is, or what it stands for; may be empty.
    pub remark: &'static str,
}

impl OptionsView {
    /// The page for what is stored.
    pub fn of(own: &[VendorFile], built_in: &[VendorFile]) -> Self {
        let is_in = |files: &[VendorFile], profile: &Profile| files.iter().any(|file| has(file, &profile.id));
        Self {
            own: rows(own, &|place, profile| match () {
                () if is_in(&own[place + 1..], profile) => "Replaced by a later one of yours",
                () if is_in(built_in, profile) => "Replaces the built-in one",
                () => "",
            }),
            built_in: rows(built_in, &|_, profile| match profile.confidence {
                _ if is_in(own, profile) => "Replaced by yours",
                Some(Confidence::Confirmed) => "Confirmed with a real client",
                Some(Confidence::Source) => "From the vendor's source",
                Some(Confidence::Lead) => "A lead, not yet confirmed",
                None => "",
            }),
        }
    }
}

fn has(file: &VendorFile, id: &str) -> bool {
    by_id(std::slice::from_ref(&file.vendor), id).is_some()
}

/// The rows of files; a remark is made of a profile and its file's place.
fn rows(files: &[VendorFile], remark: &dyn Fn(usize, &Profile) -> &'static str) -> Vec<VendorRow> {
    let row = |place, profile: &Profile| ProfileRow {
        name: profile.name.clone(),
        id: profile.id.clone(),
        way: way(profile),
        crm_key: profile.crm_id.key.clone(),
        remark: remark(place, profile),
    };
    let mut rows = Vec::new();
    for (place, VendorFile { vendor, .. }) in files.iter().enumerate() {
        let mut profiles = Vec::new();
        for profile in &vendor.profiles {
            profiles.push(row(place, profile));
        }
        rows.push(VendorRow { vendor: vendor.vendor.clone(), profiles });
    }
    rows
}

fn way(profile: &Profile) -> String {
    let start = &profile.start;
    if let Some(call) = &start.call {
        return format!("{}()", call.function);
    }
    let place = match (start.paths.first(), start.hosts.first()) {
        (Some(path), _) => path.as_str(),
        (None, Some(host)) => host.as_str(),
        (None, None) => "",
    };
    let method = if start.transports == [Transport::WebSocket] { "WebSocket" } else { &start.method };
    joined(&[method, place], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::start::profile::built_in;
    use crate::wire::Wire;

    #[test]
    fn a_tester_s_own_profile_says_what_it_replaces() {
        let files: Vec<_> =
            built_in().iter().map(|vendor| VendorFile::parse(&vendor.to_text()).unwrap()).take(1).collect();
        let mut own = files.clone();
        own[0].vendor.profiles.truncate(1);
        let view = OptionsView::of(&own, &files);
        let of = |row: &VendorRow, place: usize| {
            let row = &row.profiles[place];
            (row.id.clone(), row.way.clone(), row.remark)
        };
        let webchat = ("genesys-webchat".to_owned(), "POST /conversations/webchat".to_owned());
        assert_eq!(of(&view.own[0], 0), (webchat.0.clone(), webchat.1.clone(), "Replaces the built-in one"));
        assert_eq!(of(&view.built_in[0], 0), (webchat.0, webchat.1, "Replaced by yours"));
        let mut other = own[0].clone();
        other.vendor.vendor = "Acme".to_owned();
        let view_of_two = OptionsView::of(&[own[0].clone(), other], &files);
        assert_eq!(of(&view_of_two.own[0], 0).2, "Replaced by a later one of yours");
        assert_eq!(of(&view_of_two.own[1], 0).2, "Replaces the built-in one");
        let socket = view.built_in[0].profiles.iter().find(|row| row.id == "genesys-web-messaging").unwrap();
        assert_eq!((socket.way.as_str(), socket.remark), ("WebSocket /v1", "From the vendor's source"));
    }
}
