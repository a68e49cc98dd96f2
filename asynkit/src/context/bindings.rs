//! [`Bindings`]: the values of the variables in a context that was entered.
//!
//! What was set since the last copy is the context's own: it lies in the context itself and changes in place. A copy moves
//! it to the [`List`] that both share from then on. So a copy of a context in which a few variables are set, as for a
//! request, needs no memory for the bindings.

use super::{
    list::{Binding, List},
    value::{Value, Var},
};
use alloc::boxed::Box;
use core::mem;

/// The values of a context's variables.
pub(super) struct Bindings {
    /// The first `len` were set since the last copy, no two of one variable; the others are of none.
    own: [Binding; OWN],
    len: usize,
    /// What copies share, or did.
    list: List,
}

/// How many variables may be set between two copies before memory is needed.
const OWN: usize = 4;

impl Bindings {
    pub(super) const fn new() -> Self {
        Bindings { own: [const { Binding::NONE }; OWN], len: 0, list: List::new() }
    }

    /// Starts with what copies share; gives it back where other values are left, as they are by code that was in a context
    /// which had ended.
    #[inline]
    pub(super) fn begin(&mut self, list: List) -> Result<(), List> {
        if self.len != 0 || !self.list.is_empty() {
            return Err(list);
        }
        self.list = list;
        Ok(())
    }

    /// The value of the variable, if it is set.
    #[inline]
    pub(super) fn get(&self, var: Var) -> Option<&Value> {
        match self.own.iter().find(|binding| binding.var == var) {
            Some(own) => own.value.as_ref(),
            None => self.list.get(var),
        }
    }

    /// Sets the variable, or unsets it. What it was is put in the place of the value, for the caller to drop where user
    /// code may run; or else it is in the list that is given, if it was set. `None`: nothing was done, for there is no room
    /// before what is the context's own is shared.
    #[inline]
    pub(super) fn exchange(&mut self, var: Var, value: &mut Option<Value>) -> Option<List> {
        if let Some(own) = self.own.iter_mut().find(|binding| binding.var == var) {
            mem::swap(&mut own.value, value);
            return Some(List::new());
        }
        let is_shared = self.list.is_shared();
        let unshared = if is_shared { None } else { self.list.find_unshared(var) };
        if let Some(unshared) = unshared {
            mem::swap(&mut unshared.value, value);
            return Some(List::new());
        }
        let free = self.own.get_mut(self.len)?;
        free.var = var;
        mem::swap(&mut free.value, value);
        self.len += 1;
        if is_shared {
            return Some(self.list.clone());
        }
        // A list that nobody shares is not given: it is to stay so, for later changes in place.
        *value = self.list.get(var).cloned();
        Some(List::new())
    }

    /// A copy; `None` where what is the context's own has to be shared first.
    #[inline]
    pub(super) fn copy(&self) -> Option<List> {
        if self.len == 0 { Some(self.list.clone()) } else { None }
    }

    /// Moves what is the context's own to the list; gives a copy, and what is not needed any more, for the caller to drop
    /// where user code may run.
    pub(super) fn share(&mut self) -> (List, List) {
        let len = mem::replace(&mut self.len, 0);
        let unneeded = self.list.push(self.own[..len].iter_mut().map(|own| mem::replace(own, Binding::NONE)));
        (self.list.clone(), unneeded)
    }

    /// Takes all values, for the caller to drop where user code may run; what is left is as new.
    #[inline]
    pub(super) fn end(&mut self) -> Ended {
        let rest = if self.len > 1 { Some(self.take_rest()) } else { None };
        self.len = 0;
        Ended {
            first: mem::replace(&mut self.own[0], Binding::NONE),
            rest,
            list: mem::replace(&mut self.list, List::new()),
        }
    }

    /// Those after the first: none of plain values, which can be dropped anywhere.
    #[cold]
    #[inline(never)]
    fn take_rest(&mut self) -> Box<[Binding]> {
        let rest = self.own[1..self.len].iter_mut().map(|own| mem::replace(own, Binding::NONE));
        rest.filter(|own| matches!(own.value, Some(Value::Shared(_)))).collect()
    }
}

/// The values of a context that has ended.
#[expect(dead_code, reason = "only held to be dropped")]
pub(super) struct Ended {
    first: Binding,
    rest: Option<Box<[Binding]>>,
    list: List,
}
