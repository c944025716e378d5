//! A body in whichever encoding it comes.

use std::borrow::Cow;

use thiserror::Error;

use super::fields::{Fields, MAX_FIELDS};
use super::json::{Json, NotJson};
use super::multipart::NotMultipart;
use crate::start::candidate::Body;

/// A body that can be read.
#[derive(Clone, Debug)]
pub enum Document<'b> {
    /// JSON text.
    Json(Json<'b>),
    /// A form or multipart form data.
    Fields(Fields<'b>),
}

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is not JSON, and nothing says that it is something else.
    #[error("the body {0}")]
    NotJson(#[from] NotJson),
    /// Its content type says multipart, and it is not.
    #[error(transparent)]
    NotMultipart(#[from] NotMultipart),
    /// It is bytes where a text belongs.
    #[error("the body is bytes that are no UTF-8 text")]
    NotText,
    /// It should be of socket.io, and has no event in it.
    #[error("the body has no event of socket.io in it")]
    NoEvent,
    /// More than [`MAX_FIELDS`].
    #[error("the body has more than {MAX_FIELDS} fields")]
    TooManyFields,
    /// It is larger than the page script carries.
    #[error("the body has {characters} characters, more than Callsign reads")]
    TooLarge {
        /// In UTF-16 code units.
        characters: u64,
    },
    /// It is an object of a kind that is not understood.
    #[error("the body is a {name}, which Callsign does not read yet")]
    Unsupported {
        /// The object's name in the page.
        name: String,
    },
}

/// The bytes that a body goes out as.
pub fn bytes_of(body: &Body) -> Result<Cow<'_, [u8]>, Unreadable> {
    match body {
        Body::Nothing => Ok(Cow::Borrowed(&[])),
        Body::Text { text } => Ok(Cow::Borrowed(text.as_bytes())),
        Body::Binary { bytes } => {
            let bytes: Result<Vec<u8>, _> = bytes.chars().map(u8::try_from).collect();
            Ok(Cow::Owned(bytes.map_err(|_| Unreadable::NotText)?))
        }
        Body::TooLarge { characters } => Err(Unreadable::TooLarge { characters: *characters }),
        Body::Unsupported { name } => Err(Unreadable::Unsupported { name: name.clone() }),
    }
}

impl<'b> Document<'b> {
    /// Reads a body by its content type where that says form or multipart,
    /// and else as JSON.
    ///
    /// What looks like JSON is JSON whatever the content type says: jQuery
    /// calls every text a form. And a text that is no JSON, of a type that
    /// says nothing, is a form where one of its fields has `first_key`, the
    /// first key on the way to the attributes.
    pub fn of(bytes: Cow<'b, [u8]>, content_type: Option<&str>, first_key: Option<&str>) -> Result<Self, Unreadable> {
        let content_type = content_type.unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if bytes.is_empty() {
            return Err(NotJson::Empty.into());
        }
        let fields = match essence.as_str() {
            _ if looks_like_json(&bytes) => return Self::of_json(bytes),
            "application/x-www-form-urlencoded" => Fields::of_form(bytes),
            "multipart/form-data" => Fields::of_multipart(bytes, content_type)?,
            _ => {
                let why = match Self::of_json(bytes.clone()) {
                    Ok(json) => return Ok(json),
                    Err(why) => why,
                };
                let form = Fields::of_form(bytes);
                let names_it = form
                    .all()
                    .iter()
                    .any(|field| field.has_equals() && field.keys.first().map(String::as_str) == first_key);
                if !names_it || essence.ends_with("json") {
                    return Err(why);
                }
                form
            }
        };
        if fields.all().len() > MAX_FIELDS {
            return Err(Unreadable::TooManyFields);
        }
        Ok(Self::Fields(fields))
    }

    fn of_json(bytes: Cow<'b, [u8]>) -> Result<Self, Unreadable> {
        // Owned bytes are those of a body that is no text.
        let Cow::Borrowed(bytes) = bytes else {
            return Err(Unreadable::NotText);
        };
        let text = str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
        Ok(Self::Json(Json::parse(text)?))
    }
}

/// Whether it begins as an object, or is an array.
fn looks_like_json(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let is_array = || str::from_utf8(bytes).is_ok_and(|text| Json::parse(text).is_ok());
    start.starts_with(b"{") || start.starts_with(b"[") && is_array()
}
