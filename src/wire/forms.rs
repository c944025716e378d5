//! The JSON form of the standard library's types.

use std::ops::Range;
use std::sync::Arc;

use super::{Raw, Reader, Wire, Writer};
use crate::start::body::json::{Kind, Value};

impl Wire for String {
    fn write(&self, writer: &mut Writer) {
        writer.text(self);
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        json.text().map_or_else(
            || {
                reader.mismatch("a text belongs here");
                Self::new()
            },
            |text| text.into_owned(),
        )
    }
}

impl Wire for bool {
    fn write(&self, writer: &mut Writer) {
        writer.word(if *self { "true" } else { "false" });
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        if json.kind() != Kind::Boolean {
            reader.mismatch("true or false belongs here");
        }
        json.raw() == "true"
    }
}

impl Wire for Raw {
    fn write(&self, writer: &mut Writer) {
        writer.word(&self.0);
    }

    fn read(json: Value<'_>, _reader: &mut Reader) -> Self {
        Self(json.raw().to_owned())
    }
}

macro_rules! wire_integers {
    ($($type:ty: $range:literal),+ $(,)?) => {
        $(impl Wire for $type {
            fn write(&self, writer: &mut Writer) {
                // More than JSON's readers can tell apart in any case.
                writer.word(&i64::try_from(*self).unwrap_or(i64::MAX).to_string());
            }

            fn read(json: Value<'_>, reader: &mut Reader) -> Self {
                let number = json.integer().and_then(|number| Self::try_from(number).ok());
                number.unwrap_or_else(|| {
                    reader.mismatch(concat!("a whole number", $range, " belongs here"));
                    0
                })
            }
        })+
    };
}

wire_integers!(
    u16: " from 0 to 65535",
    u32: " from 0 to 4294967295",
    u64: ", 0 or more,",
    i64: "",
    usize: " from 0 to 4294967295",
);

impl<T: Wire> Wire for Option<T> {
    const MAY_BE_MISSING: bool = true;

    fn write(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.write(writer),
            None => writer.word("null"),
        }
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        if json.kind() == Kind::Null { None } else { Some(T::read(json, reader)) }
    }
}

impl<T: Wire> Wire for Arc<T> {
    fn write(&self, writer: &mut Writer) {
        T::write(self, writer);
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        Self::new(T::read(json, reader))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, writer: &mut Writer) {
        writer.word("[");
        for item in self {
            writer.separate();
            item.write(writer);
        }
        writer.word("]");
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        let mut items = reader.items(json);
        let mut read = Self::new();
        while let Some(item) = reader.next_item(&mut items) {
            read.push(T::read(item, reader));
        }
        read
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, writer: &mut Writer) {
        writer.word("[");
        self.0.write(writer);
        writer.word(",");
        self.1.write(writer);
        writer.word("]");
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        let items = json.items();
        if items.len() != 2 {
            reader.mismatch("a list of two belongs here");
        }
        let item = |index: usize| items.get(index).copied().unwrap_or(Value::NULL);
        (A::read(item(0), reader), B::read(item(1), reader))
    }
}

impl Wire for Range<usize> {
    fn write(&self, writer: &mut Writer) {
        (self.start, self.end).write(writer);
    }

    fn read(json: Value<'_>, reader: &mut Reader) -> Self {
        let (start, end) = Wire::read(json, reader);
        start..end
    }
}
