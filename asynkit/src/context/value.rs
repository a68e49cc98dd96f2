//! [`Value`]: the value of some variable, and [`Var`]: which one.

use alloc::sync::Arc;
use core::{any::Any, time::Duration};
use std::time::Instant;

/// What a variable is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Var(usize);

impl Var {
    /// The variable of no value.
    pub(super) const NONE: Var = Var(0);

    /// Of a number that is not 0, unless there are too many; `inherited`: whether a spawned task gets the value.
    pub(super) fn numbered(number: usize, inherited: bool) -> Option<Var> {
        Some(Var(number.checked_mul(2)? | usize::from(inherited)))
    }

    #[inline]
    pub(super) fn of_word(word: usize) -> Option<Var> {
        if word == 0 { None } else { Some(Var(word)) }
    }

    #[inline]
    pub(super) fn word(self) -> usize {
        self.0
    }

    pub(super) fn is_inherited(self) -> bool {
        self.0 & 1 == 1
    }
}

/// A value that contexts share.
#[derive(Clone)]
pub(super) enum Value {
    Plain(Plain),
    Shared(Arc<dyn Any + Send + Sync>),
}

/// The types of which a copy is as good as the value: they do not change in place, and copying them costs no more than
/// a reference count.
macro_rules! plain {
    ($($name:ident: $type:ty;)+) => {
        #[derive(Clone, Copy)]
        pub(super) enum Plain {
            $($name($type),)+
        }

        impl Plain {
            /// What the type is, is known when this is compiled.
            #[inline]
            fn new(value: &dyn Any) -> Option<Self> {
                $(if let Some(&value) = value.downcast_ref() {
                    return Some(Plain::$name(value));
                })+
                None
            }

            #[inline]
            fn get<T: 'static>(&self) -> Option<&T> {
                match self {
                    $(Plain::$name(value) => (value as &dyn Any).downcast_ref(),)+
                }
            }
        }
    };
}

plain! {
    Bool: bool;
    Char: char;
    U8: u8;
    U16: u16;
    U32: u32;
    U64: u64;
    Usize: usize;
    I8: i8;
    I16: i16;
    I32: i32;
    I64: i64;
    Isize: isize;
    F32: f32;
    F64: f64;
    Str: &'static str;
    Duration: Duration;
    Instant: Instant;
}

impl Value {
    #[inline]
    pub(super) fn new<T: Send + Sync + 'static>(value: T) -> Self {
        match Plain::new(&value) {
            Some(plain) => Value::Plain(plain),
            None => Value::Shared(Arc::new(value)),
        }
    }

    /// The value of a variable of type `T`.
    #[inline]
    pub(super) fn get<T: 'static>(&self) -> &T {
        let typed = match self {
            Value::Plain(plain) => plain.get(),
            Value::Shared(value) => value.downcast_ref(),
        };
        typed.expect("a variable stands for one type")
    }
}
