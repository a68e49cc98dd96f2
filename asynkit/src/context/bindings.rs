//! [`Bindings`]: which variable has which value; persistent, so that a copy is one reference count.
//!
//! A list of nodes, the newest first, each with one binding that hides older ones of its variable. A binding that no
//! copy shares changes in place. A list that grew to [`DEPTH`] nodes is replaced by one node that holds all that is
//! visible: reads stay short, and what was hidden is let go.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{any::Any, mem};

/// A value that contexts share.
pub(super) type Value = Arc<dyn Any + Send + Sync>;

/// What a variable is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Var {
    pub(super) id: usize,
    /// Whether a spawned task gets its value.
    pub(super) inherited: bool,
}

#[derive(Clone)]
struct Binding {
    var: Var,
    /// `None`: the variable is unset here, whatever older bindings say.
    value: Option<Value>,
}

struct Node {
    first: Binding,
    /// The others of a node that took the place of a list; no two of one variable.
    more: Box<[Binding]>,
    older: Option<Arc<Node>>,
    depth: usize,
}

const DEPTH: usize = 8;

/// The values of a context's variables.
#[derive(Clone)]
pub(super) struct Bindings(Option<Arc<Node>>);

impl Bindings {
    pub(super) const fn new() -> Self {
        Bindings(None)
    }

    /// The value of the variable, if it is set.
    #[inline]
    pub(super) fn get(&self, var: Var) -> Option<&Value> {
        let mut next = self.0.as_deref();
        while let Some(node) = next {
            if node.first.var.id == var.id {
                return node.first.value.as_ref();
            }
            if let Some(binding) = node.more.iter().find(|binding| binding.var.id == var.id) {
                return binding.value.as_ref();
            }
            next = node.older.as_deref();
        }
        None
    }

    /// Sets the variable, or unsets it; gives what was replaced, for the caller to drop where user code may run.
    #[inline]
    pub(super) fn set(&mut self, var: Var, value: Option<Value>) -> Replaced {
        if let Some(binding) = self.unshared(var) {
            return Replaced { old: mem::replace(&mut binding.value, value), list: Bindings(None) };
        }
        let old = self.get(var).cloned();
        let binding = Binding { var, value };
        let depth = self.0.as_ref().map_or(0, |node| node.depth) + 1;
        let list = if depth < DEPTH {
            Bindings(Some(Arc::new(Node {
                first: binding,
                more: Box::default(),
                older: self.0.take(),
                depth,
            })))
        } else {
            Bindings::of(self.visible(Some(binding)))
        };
        Replaced { old, list: mem::replace(self, list) }
    }

    /// The binding of the variable, if no other context sees it: then it can change in place.
    #[inline]
    fn unshared(&mut self, var: Var) -> Option<&mut Binding> {
        let mut next = self.0.as_mut();
        loop {
            let node = Arc::get_mut(next?)?;
            if node.first.var.id == var.id {
                return Some(&mut node.first);
            }
            if let Some(binding) = node.more.iter_mut().find(|binding| binding.var.id == var.id) {
                return Some(binding);
            }
            next = node.older.as_mut();
        }
    }

    /// What a spawned task gets: these without those of `uninherited` variables.
    pub(super) fn inherited(&self) -> Self {
        if self.all().all(|binding| binding.var.inherited) {
            return self.clone();
        }
        let mut visible = self.visible(None);
        visible.retain(|binding| binding.var.inherited);
        Bindings::of(visible)
    }

    /// How many variables are set.
    pub(super) fn len(&self) -> usize {
        self.visible(None).len()
    }

    /// All bindings, the newest first.
    fn all(&self) -> impl Iterator<Item = &Binding> {
        let mut next = self.0.as_deref();
        core::iter::from_fn(move || {
            let node = next?;
            next = node.older.as_deref();
            Some(node)
        })
        .flat_map(|node| core::iter::once(&node.first).chain(&node.more))
    }

    /// The bindings that are not hidden by newer ones, nor unset; `newest` comes before those of the list.
    fn visible(&self, newest: Option<Binding>) -> Vec<Binding> {
        let mut visible: Vec<Binding> = newest.into_iter().collect();
        for binding in self.all() {
            if visible.iter().all(|newer| newer.var.id != binding.var.id) {
                visible.push(binding.clone());
            }
        }
        visible.retain(|binding| binding.value.is_some());
        visible
    }

    /// One node with all of these.
    fn of(visible: Vec<Binding>) -> Self {
        let mut visible = visible.into_iter();
        Bindings(
            visible
                .next()
                .map(|first| Arc::new(Node { first, more: visible.collect(), older: None, depth: 1 })),
        )
    }
}

/// What a `set` replaced.
pub(super) struct Replaced {
    /// The value that the variable had.
    pub(super) old: Option<Value>,
    /// What nobody sees any more: dropped with this, so never while a context is locked.
    #[expect(dead_code, reason = "only held to be dropped by the caller")]
    list: Bindings,
}
