//! The JSON form of the standard library's types.

use std::ops::Range;

use serde_json::Value;

use super::{Reader, Wire};

impl Wire for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        json.as_str().map_or_else(
            || {
                reader.mismatch("a text belongs here");
                Self::new()
            },
            str::to_owned,
        )
    }
}

impl Wire for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        json.as_bool().unwrap_or_else(|| {
            reader.mismatch("true or false belongs here");
            false
        })
    }
}

macro_rules! wire_integers {
    ($($type:ty),+) => {
        $(impl Wire for $type {
            fn to_json(&self) -> Value {
                Value::from(*self)
            }

            fn read(json: &Value, reader: &mut Reader) -> Self {
                let number = json.as_i64().and_then(|number| Self::try_from(number).ok());
                number.unwrap_or_else(|| {
                    reader.mismatch(concat!("a whole number (", stringify!($type), ") belongs here"));
                    0
                })
            }
        })+
    };
}

wire_integers!(u16, u32, u64, i64, usize);

impl<T: Wire> Wire for Option<T> {
    const MAY_BE_MISSING: bool = true;

    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        if json.is_null() { None } else { Some(T::read(json, reader)) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn to_json(&self) -> Value {
        let mut items = Vec::new();
        for item in self {
            items.push(item.to_json());
        }
        Value::Array(items)
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        let mut read = Self::new();
        for (index, item) in reader.items(json).iter().enumerate() {
            let level = reader.enter(&index.to_string());
            read.push(T::read(item, reader));
            reader.leave(level);
        }
        read
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn to_json(&self) -> Value {
        Value::Array(vec![self.0.to_json(), self.1.to_json()])
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        if json.as_array().is_none_or(|items| items.len() != 2) {
            reader.mismatch("a list of two belongs here");
        }
        (A::read(&json[0], reader), B::read(&json[1], reader))
    }
}

impl Wire for Range<usize> {
    fn to_json(&self) -> Value {
        (self.start, self.end).to_json()
    }

    fn read(json: &Value, reader: &mut Reader) -> Self {
        let (start, end) = Wire::read(json, reader);
        start..end
    }
}
