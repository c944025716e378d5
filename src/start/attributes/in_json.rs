//! Attributes in JSON text: found by the steps of a profile, read and set in
//! the shape that it names.

use std::borrow::Cow;

use super::{Attribute, AttributeKind, Untouchable, place_of};
use crate::start::body::Edit;
use crate::start::body::json::{Json, Kind, Value, quoted};
use crate::start::profile::{Attributes, Profile, Shape, Step, With};
use crate::start::token;

/// What holds the attributes, or the innermost value on the way there that exists.
struct Place<'v, 'p> {
    innermost: Value<'v>,
    /// The steps that lead on from there; none where it holds the attributes.
    missing: &'p [Step],
}

/// The attributes in all places that a profile names.
pub(super) fn read_all(root: Value<'_>, layout: &Attributes) -> Result<Vec<Attribute>, Untouchable> {
    if has_one_way(layout) {
        return read(root, &layout.path, 0, &layout.shape);
    }
    let ways = ways_in(root, layout)?;
    let mut attributes = Vec::new();
    for way in &ways {
        attributes.extend(read_one_of(&ways, root, way, &layout.shape)?);
    }
    Ok(attributes)
}

/// The edits that set an attribute in each of those places that has it; where
/// none has it, beside what has one of the CRM ID's names; else in the first.
pub(super) fn set_all(root: Value<'_>, profile: &Profile, key: &str, value: &str) -> Result<Vec<Edit>, Untouchable> {
    let layout = &profile.attributes;
    if has_one_way(layout) {
        return set(root, &layout.path, 0, &layout.shape, key, value);
    }
    let ways = ways_in(root, layout)?;
    let mut edits = Vec::new();
    let is_it = |attribute: &Attribute| attribute.key == key;
    let is_crm_id = |attribute: &Attribute| profile.crm_id.includes(&attribute.key);
    for is_meant in [&is_it as &dyn Fn(&Attribute) -> bool, &is_crm_id] {
        for way in &ways {
            let held = read_one_of(&ways, root, way, &layout.shape)?;
            if held.iter().any(is_meant) {
                edits.extend(set(root, way, 0, &layout.shape, key, value)?);
            }
        }
        if !edits.is_empty() {
            edits.sort_by_key(|edit| edit.range.start);
            return Ok(edits);
        }
    }
    set(root, &layout.path, 0, &layout.shape, key, value)
}

/// Whether there is one place, as with most profiles: no other is looked for then.
fn has_one_way(layout: &Attributes) -> bool {
    layout.also.is_empty() && !layout.path.contains(&Step::Any)
}

/// The ways to all that may hold attributes, in a profile's order: `path`, with
/// each name in the place of an `any` that has several to choose from, and `also`.
fn ways_in(root: Value<'_>, layout: &Attributes) -> Result<Vec<Vec<Step>>, Untouchable> {
    let path = &layout.path;
    let mut ways = Vec::new();
    if let Some(place) = path.iter().position(|step| *step == Step::Any)
        && let Place { innermost, missing: [] } = follow(root, &path[..place], 0)?
    {
        for member in innermost.members() {
            if member.value.kind() == Kind::Object {
                let mut way = path.to_vec();
                way[place] = Step::Key(member.key.into_owned());
                ways.push(way);
            }
        }
    }
    if ways.len() < 2 {
        ways = vec![path.to_vec()];
    }
    ways.extend_from_slice(&layout.also);
    Ok(ways)
}

/// What one of several ways leads to. Of several, one may lead to `null`: others have the attributes then.
fn read_one_of(
    ways: &[Vec<Step>],
    root: Value<'_>,
    way: &[Step],
    shape: &Shape,
) -> Result<Vec<Attribute>, Untouchable> {
    let null = Kind::Null.name();
    match read(root, way, 0, shape) {
        Err(Untouchable::NotAnObject { found, .. } | Untouchable::NotAList { found, .. })
            if ways.len() > 1 && found == null =>
        {
            Ok(vec![])
        }
        held => held,
    }
}

/// The attributes in the order written, duplicates included; `root` is what
/// the first `from` steps of the path lead to.
pub(super) fn read(root: Value<'_>, path: &[Step], from: usize, shape: &Shape) -> Result<Vec<Attribute>, Untouchable> {
    let Place { innermost, missing } = follow(root, path, from)?;
    let here = &path[..path.len() - missing.len()];
    match missing {
        [Step::Json, ..] => {
            let inside = innermost.plain();
            read(json_in(innermost, here, &inside)?.root(), path, here.len() + 1, shape)
        }
        [_, ..] => Ok(vec![]),
        [] => {
            let wanted = if matches!(shape, Shape::Items { .. }) { Kind::Array } else { Kind::Object };
            match shape {
                Shape::Token { claims } => Ok(in_token(innermost, claims)),
                Shape::Map | Shape::Wrapped { .. } | Shape::Items { .. } => {
                    must_be(wanted, innermost, path)?;
                    Ok(in_shape(innermost, shape))
                }
            }
        }
    }
}

/// The edits that set an attribute.
pub(super) fn set(
    root: Value<'_>,
    path: &[Step],
    from: usize,
    shape: &Shape,
    key: &str,
    value: &str,
) -> Result<Vec<Edit>, Untouchable> {
    let Place { innermost, missing } = follow(root, path, from)?;
    let here = &path[..path.len() - missing.len()];
    let made = |rest| made(rest, shape, key, value).ok_or_else(|| Untouchable::NoNameKnown { place: place_of(path) });
    match missing {
        [Step::Json, ..] => {
            let inside = innermost.plain();
            let edits = set(json_in(innermost, here, &inside)?.root(), path, here.len() + 1, shape, key, value)?;
            Ok(edits.iter().map(|edit| innermost.edited_inside(edit)).collect())
        }
        [Step::Key(_), rest @ ..] if innermost.kind() == Kind::Array => Ok(vec![innermost.with_item(&made(rest)?)]),
        [Step::Key(name), rest @ ..] => Ok(vec![innermost.with_member(name, &made(rest)?)]),
        [Step::Item { .. }, ..] => {
            // What is made for the step itself is a list of the one item.
            let list = made(missing)?;
            Ok(vec![innermost.with_item(&list[1..list.len() - 1])])
        }
        [Step::Any, ..] => Err(Untouchable::NoNameKnown { place: place_of(path) }),
        [] => in_place(innermost, path, shape, key, value),
    }
}

/// The JSON that is made where these steps lead nowhere yet; none where a name
/// on the way is not known.
pub(super) fn made(missing: &[Step], shape: &Shape, key: &str, value: &str) -> Option<String> {
    let held = match shape {
        Shape::Map | Shape::Wrapped { .. } => ["{", &quoted(key), ":", &entry(shape, key, value), "}"].concat(),
        Shape::Items { .. } => ["[", &entry(shape, key, value), "]"].concat(),
        Shape::Token { .. } => return None,
    };
    let mut made = held;
    for step in missing.iter().rev() {
        made = match step {
            Step::Key(name) => ["{", &quoted(name), ":", &made, "}"].concat(),
            Step::Item { key, is } => {
                ["[{", &quoted(key), ":", &quoted(is), ",", made.strip_prefix('{')?, "]"].concat()
            }
            Step::Json => quoted(&made),
            Step::Any => return None,
        };
    }
    Some(made)
}

fn follow<'v, 'p>(root: Value<'v>, path: &'p [Step], from: usize) -> Result<Place<'v, 'p>, Untouchable> {
    let mut innermost = root;
    for (index, step) in path.iter().enumerate().skip(from) {
        let found = match step {
            Step::Json => vec![],
            Step::Key(position) if innermost.kind() == Kind::Array => {
                match innermost.at(std::slice::from_ref(position)) {
                    Some(item) => vec![item],
                    // The next one can be added.
                    None if *position == innermost.items().len().to_string() => vec![],
                    None => return Err(not(Kind::Object, innermost, &path[..index])),
                }
            }
            Step::Item { key, is } => {
                must_be(Kind::Array, innermost, &path[..index])?;
                let mut items = innermost.items();
                items.retain(|item| item.get(key).and_then(|name| name.text()).as_deref() == Some(is));
                items
            }
            Step::Key(_) | Step::Any => {
                must_be(Kind::Object, innermost, &path[..index])?;
                let mut values = Vec::new();
                for member in innermost.members() {
                    let is_meant = match step {
                        Step::Key(key) => member.key == key.as_str(),
                        Step::Item { .. } | Step::Any | Step::Json => member.value.kind() == Kind::Object,
                    };
                    if is_meant {
                        values.push(member.value);
                    }
                }
                values
            }
        };
        match found.as_slice() {
            [] => return Ok(Place { innermost, missing: &path[index..] }),
            [value] => innermost = *value,
            [..] if *step == Step::Any => {
                return Err(Untouchable::SeveralNames { place: place_of(&path[..index]) });
            }
            several => {
                return Err(Untouchable::Ambiguous { place: place_of(&path[..=index]), times: several.len() });
            }
        }
    }
    Ok(Place { innermost, missing: &[] })
}

fn in_shape(holder: Value<'_>, shape: &Shape) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    if let Shape::Items { key, value, .. } = shape {
        for item in holder.items() {
            if let Some(key) = item.get(key) {
                attributes.push(attribute(&key.plain(), item.get(value).unwrap_or(Value::NULL)));
            }
        }
        return attributes;
    }
    for member in holder.members() {
        let inner = match shape {
            Shape::Wrapped { value, .. } => member.value.get(value),
            Shape::Map | Shape::Token { .. } | Shape::Items { .. } => None,
        };
        attributes.push(attribute(&member.key, inner.unwrap_or(member.value)));
    }
    attributes
}

fn in_token(token: Value<'_>, claims: &[String]) -> Vec<Attribute> {
    token.text().map(|token| of_token(&token, claims)).unwrap_or_default()
}

/// The attributes in what a token claims; none where it is no token.
pub(super) fn of_token(token: &str, claims: &[String]) -> Vec<Attribute> {
    let in_text = |text: &str, path: &[String]| {
        let json = Json::parse(text).ok()?;
        let held = json.root().at(path)?;
        Some((in_shape(held, &Shape::Map), held.text().map(Cow::into_owned)))
    };
    match token::claims(token).and_then(|decoded| in_text(&decoded, claims)) {
        Some((_, Some(text))) => in_text(&text, &[]).map(|(attributes, _)| attributes).unwrap_or_default(),
        Some((attributes, None)) => attributes,
        None => vec![],
    }
}

fn in_place(holder: Value<'_>, path: &[Step], shape: &Shape, key: &str, value: &str) -> Result<Vec<Edit>, Untouchable> {
    let new = || entry(shape, key, value);
    match shape {
        Shape::Token { .. } => Err(Untouchable::Signed { place: place_of(path) }),
        Shape::Map | Shape::Wrapped { .. } => {
            must_be(Kind::Object, holder, path)?;
            let here = [path, &[Step::Key(key.to_owned())]].concat();
            let mut edits = Vec::new();
            for member in holder.members() {
                if member.key == key {
                    edits.push(set_in(member.value, &here, shape, value, &new)?);
                }
            }
            if edits.is_empty() {
                edits.push(holder.with_member(key, &new()));
            }
            Ok(edits)
        }
        Shape::Items { key: name, .. } => {
            must_be(Kind::Array, holder, path)?;
            let here = [path, &[Step::Item { key: name.clone(), is: key.to_owned() }]].concat();
            let mut edits = Vec::new();
            for item in holder.items() {
                let members = item.members();
                if members.iter().any(|member| member.key == name.as_str() && member.value.plain() == key) {
                    only(item, name, &here)?;
                    edits.push(set_in(item, &here, shape, value, &new)?);
                }
            }
            if edits.is_empty() {
                edits.push(holder.with_item(&new()));
            }
            Ok(edits)
        }
    }
}

/// The edit that sets an attribute that is there, `here`.
fn set_in(
    held: Value<'_>,
    here: &[Step],
    shape: &Shape,
    value: &str,
    new: &dyn Fn() -> String,
) -> Result<Edit, Untouchable> {
    Ok(match shape {
        Shape::Wrapped { value: member, .. } | Shape::Items { value: member, .. } if held.kind() == Kind::Object => {
            match only(held, member, here)? {
                Some(inside) => inside.replaced_by(quoted(value)),
                None => held.with_member(member, &quoted(value)),
            }
        }
        Shape::Map | Shape::Wrapped { .. } | Shape::Items { .. } | Shape::Token { .. } => held.replaced_by(new()),
    })
}

/// The one member of a key, if it is there; refused where it stands twice:
/// set in one place only, the service might take the other.
fn only<'v>(held: Value<'v>, key: &str, here: &[Step]) -> Result<Option<Value<'v>>, Untouchable> {
    let mut found = held.members();
    found.retain(|member| member.key == key);
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.value)),
        several => {
            let place = place_of(&[here, &[Step::Key(key.to_owned())]].concat());
            Err(Untouchable::Ambiguous { place, times: several.len() })
        }
    }
}

/// A new attribute: its value in a map, the whole item in a list.
fn entry(shape: &Shape, key: &str, value: &str) -> String {
    let (members, with): (Vec<_>, &[With]) = match shape {
        Shape::Map | Shape::Token { .. } => return quoted(value),
        Shape::Wrapped { value: member, with } => (vec![(member, value)], with),
        Shape::Items { key: name, value: member, with } => (vec![(name, key), (member, value)], with),
    };
    let mut text = String::new();
    for (name, value) in members {
        text.push_str(&format!(",{}:{}", quoted(name), quoted(value)));
    }
    for With { key, value } in with {
        text.push_str(&format!(",{}:{}", quoted(key), value.0));
    }
    format!("{{{}}}", &text[1..])
}

fn attribute(key: &str, value: Value<'_>) -> Attribute {
    let kind = AttributeKind::from(value.kind());
    Attribute { key: key.to_owned(), value: value.plain().into_owned(), kind }
}

/// The JSON that a text is.
fn json_in<'t>(value: Value<'_>, path: &[Step], text: &'t str) -> Result<Json<'t>, Untouchable> {
    must_be(Kind::String, value, path)?;
    Json::parse(text).map_err(|_| Untouchable::NoJson { place: place_of(path), found: "other text" })
}

fn must_be(kind: Kind, value: Value<'_>, path: &[Step]) -> Result<(), Untouchable> {
    if value.kind() == kind { Ok(()) } else { Err(not(kind, value, path)) }
}

fn not(wanted: Kind, value: Value<'_>, path: &[Step]) -> Untouchable {
    let (place, found) = (place_of(path), value.kind().name());
    match wanted {
        Kind::Array => Untouchable::NotAList { place, found },
        Kind::String => Untouchable::NoJson { place, found },
        Kind::Object | Kind::Number | Kind::Boolean | Kind::Null => Untouchable::NotAnObject { place, found },
    }
}
