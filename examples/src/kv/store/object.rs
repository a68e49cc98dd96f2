//! [`Object`]: what a key can hold.

use super::{Members, Sorted};
use std::collections::{HashMap, VecDeque};

/// A string.
pub type Text = Vec<u8>;

/// A list.
pub type List = VecDeque<Vec<u8>>;

/// Fields and their values.
pub type Hash = HashMap<Vec<u8>, Vec<u8>>;

/// What a key can hold.
#[derive(Debug)]
pub enum Object {
    /// Bytes; a number is kept as its text.
    Text(Text),
    /// Strings in order.
    List(List),
    /// Strings without order, each once.
    Set(Members),
    /// Fields with values.
    Hash(Hash),
    /// Strings ordered by a number each.
    Sorted(Sorted),
}

impl Object {
    /// What `TYPE` says of it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Object::Text(_) => "string",
            Object::List(_) => "list",
            Object::Set(_) => "set",
            Object::Hash(_) => "hash",
            Object::Sorted(_) => "zset",
        }
    }

    /// Whether there is nothing in it, so that its key goes away.
    pub fn is_empty(&self) -> bool {
        match self {
            // An empty string is a value.
            Object::Text(_) => false,
            Object::List(list) => list.is_empty(),
            Object::Set(members) => members.is_empty(),
            Object::Hash(hash) => hash.is_empty(),
            Object::Sorted(sorted) => sorted.is_empty(),
        }
    }
}

/// One of the kinds of objects.
pub trait Kind: Default {
    /// The object as this kind.
    fn of(object: &Object) -> Option<&Self>;
    /// The same, to be changed.
    fn of_mut(object: &mut Object) -> Option<&mut Self>;
    /// The object that it is.
    fn into_object(self) -> Object;
}

macro_rules! kinds {
    ($($kind:ident: $type:ty),* $(,)?) => {$(
        impl Kind for $type {
            fn of(object: &Object) -> Option<&Self> {
                if let Object::$kind(value) = object { Some(value) } else { None }
            }

            fn of_mut(object: &mut Object) -> Option<&mut Self> {
                if let Object::$kind(value) = object { Some(value) } else { None }
            }

            fn into_object(self) -> Object {
                Object::$kind(self)
            }
        }
    )*};
}

kinds! { Text: Text, List: List, Set: Members, Hash: Hash, Sorted: Sorted }
