//! What is timed of the Rust alone: natively by the program beside this, and
//! in wasm by `tests/browser/bench/edit.mjs`, through the one function that
//! this exports there.

use std::sync::{Arc, OnceLock};

use callsign::crm_id::{AttributeKey, CrmId};
use callsign::start::attributes::Reading;
use callsign::start::candidate::{Body, Candidate, Transport};
use callsign::start::profile::{PathPattern, Profile, Vendor, read_all};

/// As many profiles as the bar speaks of.
pub const PROFILES: usize = 30;

/// The profile that starts are edited through: a flat object of attributes.
const PROFILE: &str = r#"[{"vendor":"Genesys Cloud","profiles":[{
    "id":"genesys-webchat","name":"Genesys web chat",
    "start":{"transports":["fetch","xhr","beacon"],"method":"POST","paths":["/conversations/webchat"]},
    "attributes":{"path":["attributes"],"values":["string","number","boolean"]},
    "crmId":{"key":"externalId"}}]}]"#;

fn profile() -> Option<&'static Profile> {
    static READ: OnceLock<Vec<Vendor>> = OnceLock::new();
    READ.get_or_init(|| read_all(PROFILE).unwrap_or_default()).first()?.profiles.first().map(|profile| &**profile)
}

/// A body with the attribute set to the CRM ID and read back; none where it cannot be edited.
pub fn edited(body: &str, key: &str, crm_id: &str) -> Option<String> {
    let (key, crm_id) = (AttributeKey::try_from(key.to_owned()).ok()?, CrmId::try_from(crm_id.to_owned()).ok()?);
    let reading = Reading::of_text(body, Some("application/json"), profile()?).ok()?;
    String::from_utf8(reading.inject(&key, &crm_id).ok()?.bytes).ok()
}

/// The same for JavaScript; empty where it cannot be edited.
#[cfg(target_family = "wasm")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn bench_edit(body: &str, key: &str, crm_id: &str) -> String {
    edited(body, key, crm_id).unwrap_or_default()
}

/// So many profiles: the given ones, and variants at other addresses where these are too few.
pub fn as_many(vendors: &[Vendor], count: usize) -> Vec<Vendor> {
    let mut many = Vec::new();
    for round in 0.. {
        for vendor in vendors {
            let mut vendor = vendor.clone();
            vendor.profiles.truncate(count - profiles(&many));
            for profile in vendor.profiles.iter_mut().filter(|_| round > 0) {
                let profile = Arc::make_mut(profile);
                profile.id = format!("{}-{round}", profile.id);
                for path in &mut profile.start.paths {
                    let elsewhere = PathPattern::try_from(format!("/v{round}{}", path.as_str()));
                    *path = elsewhere.unwrap_or_else(|_| path.clone());
                }
            }
            many.push(vendor);
            if profiles(&many) == count {
                return many;
            }
        }
    }
    many
}

fn profiles(vendors: &[Vendor]) -> usize {
    vendors.iter().map(|vendor| vendor.profiles.len()).sum()
}

/// A call that is no start and could be one by all that is cheap to see: its
/// function, its method, and the beginning of its path.
pub fn near_miss(body: &str) -> Candidate {
    Candidate {
        transport: Transport::Fetch,
        method: "POST".to_owned(),
        url: "https://api.shop.example/api/v2/conversations/orders/1234567890/items?session=0123456789abcdef&lang=en"
            .to_owned(),
        content_type: Some("application/json".to_owned()),
        body: Body::Text { text: body.to_owned() },
        not_editable: None,
        socket: None,
        signature: None,
    }
}
