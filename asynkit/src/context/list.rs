//! [`List`]: which variable has which value; persistent, so that a copy is one reference count.
//!
//! A list of nodes, the newest first, whose bindings hide older ones of their variables. A list that grew by
//! [`GROWTH`] bindings is replaced by one node that holds all that is visible: reads stay short, and what was hidden is
//! let go.

use super::value::{Value, Var};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::mem;

#[derive(Clone)]
pub(super) struct Binding {
    pub(super) var: Var,
    /// `None`: the variable is unset here, whatever older bindings say.
    pub(super) value: Option<Value>,
}

impl Binding {
    /// That of no variable.
    pub(super) const NONE: Binding = Binding { var: Var::NONE, value: None };
}

struct Node {
    first: Binding,
    /// The others; no two of one variable.
    more: Box<[Binding]>,
    older: List,
    /// How many bindings came since the oldest node, this one's included.
    grown: usize,
}

const GROWTH: usize = 6;

/// The bindings that copies of a context share.
#[derive(Clone)]
pub(super) struct List(Option<Arc<Node>>);

impl List {
    pub(super) const fn new() -> Self {
        List(None)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The value of the variable, if it is set.
    #[inline]
    pub(super) fn get(&self, var: Var) -> Option<&Value> {
        let mut next = self;
        while let Some(node) = next.0.as_deref() {
            if node.first.var == var {
                return node.first.value.as_ref();
            }
            if let Some(binding) = find(&node.more, var) {
                return binding.value.as_ref();
            }
            next = &node.older;
        }
        None
    }

    /// Whether others may have it too.
    #[inline]
    pub(super) fn is_shared(&self) -> bool {
        self.0.as_ref().is_some_and(|node| Arc::strong_count(node) != 1)
    }

    /// The binding of the variable, if no other list has it: then it can change in place.
    #[inline(never)]
    pub(super) fn find_unshared(&mut self, var: Var) -> Option<&mut Binding> {
        let mut next = self;
        loop {
            let node = Arc::get_mut(next.0.as_mut()?)?;
            if node.first.var == var {
                return Some(&mut node.first);
            }
            if let Some(binding) = node.more.iter_mut().find(|binding| binding.var == var) {
                return Some(binding);
            }
            next = &mut node.older;
        }
    }

    /// Puts newer bindings, no two of one variable, before these; gives what this list does not need any more, for the
    /// caller to drop where user code may run.
    pub(super) fn push(&mut self, newer: impl ExactSizeIterator<Item = Binding>) -> List {
        let grown = self.0.as_ref().map_or(0, |node| node.grown + newer.len());
        if grown < GROWTH {
            let older = mem::replace(self, List::new());
            *self = List::of(newer, older, grown);
            List::new()
        } else {
            let visible = self.visible(newer);
            mem::replace(self, List::flat(visible))
        }
    }

    /// What a spawned task gets: these without those of `uninherited` variables.
    pub(super) fn inherited(&self) -> Self {
        if self.all().all(|binding| binding.var.is_inherited()) {
            return self.clone();
        }
        let mut visible = self.visible(core::iter::empty());
        visible.retain(|binding| binding.var.is_inherited());
        List::flat(visible)
    }

    /// How many variables are set.
    pub(super) fn len(&self) -> usize {
        self.visible(core::iter::empty()).len()
    }

    /// All bindings, the newest first.
    fn all(&self) -> impl Iterator<Item = &Binding> {
        let mut next = self;
        core::iter::from_fn(move || {
            let node = next.0.as_deref()?;
            next = &node.older;
            Some(node)
        })
        .flat_map(|node| core::iter::once(&node.first).chain(&node.more))
    }

    /// The bindings that are not hidden by newer ones, nor unset; those of `newer` come before those of the list.
    fn visible(&self, newer: impl Iterator<Item = Binding>) -> Vec<Binding> {
        let mut visible: Vec<_> = newer.collect();
        for binding in self.all() {
            if visible.iter().all(|newer| newer.var != binding.var) {
                visible.push(binding.clone());
            }
        }
        visible.retain(|binding| binding.value.is_some());
        visible
    }

    /// One node with all of these.
    fn flat(visible: Vec<Binding>) -> Self {
        List::of(visible.into_iter(), List::new(), 0)
    }

    /// A node with these bindings before older ones, if there are any.
    fn of(mut bindings: impl Iterator<Item = Binding>, older: List, grown: usize) -> Self {
        match bindings.next() {
            Some(first) => List(Some(Arc::new(Node { first, more: bindings.collect(), older, grown }))),
            None => older,
        }
    }
}

/// The binding of the variable, four at a time: where many are set, this is what a read costs.
#[inline]
fn find(bindings: &[Binding], var: Var) -> Option<&Binding> {
    let fours = bindings.chunks_exact(4);
    let rest = fours.remainder();
    for four in fours {
        if let Some(binding) = four.iter().find(|binding| binding.var == var) {
            return Some(binding);
        }
    }
    rest.iter().find(|binding| binding.var == var)
}
