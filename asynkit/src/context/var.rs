//! [`ContextVar`] and [`Token`].

use super::{
    frame::Frame,
    list::List,
    value::{Value, Var},
};
use core::{
    any::type_name,
    fmt,
    marker::PhantomData,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

/// A variable whose value follows a coroutine instead of a thread.
///
/// It is declared as a `static`, and has a value of its own in each [`Context`](super::Context). Outside of any context
/// that was entered it has a value of its own in each thread, until the thread ends.
///
/// A value is shared by the copies of a context, so it is `Send + Sync`; one that has to change in place is an
/// `Arc<Mutex<_>>` or an atomic. Its destructor runs when the last context lets go of it, never while the context is
/// being looked at: it may itself use context variables.
///
/// # Examples
/// ```
/// use asynkit::{ContextVar, copy_context};
///
/// static USER: ContextVar<String> = ContextVar::new();
/// static LOCALE: ContextVar<&str> = ContextVar::new().with_default(|| "en");
///
/// let mut request = copy_context();
/// request.run(|| {
///     USER.set("ada".into());
///     assert_eq!(USER.get().as_deref(), Some("ada"));
/// });
/// assert_eq!(USER.get(), None);
/// assert_eq!(LOCALE.get(), Some("en"));
/// ```
///
/// # Threads that end
/// While the locals of a thread are destroyed, a variable outside of any context may read as unset, and
/// [`set`](Self::set) may have no effect. Contexts can be entered even then.
pub struct ContextVar<T: 'static> {
    /// The word of its [`Var`], 0 until it is needed.
    var: AtomicUsize,
    default: Option<fn() -> T>,
    inherited: bool,
}

impl<T: Send + Sync + 'static> ContextVar<T> {
    /// A variable without a default, inherited by spawned tasks.
    ///
    /// # Examples
    /// ```
    /// use asynkit::ContextVar;
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new();
    /// assert_eq!(DEPTH.get(), None);
    /// ```
    pub const fn new() -> Self {
        ContextVar { var: AtomicUsize::new(0), default: None, inherited: true }
    }

    /// The same with a default: what it is where it was not set. `default` is called at each such read.
    ///
    /// # Examples
    /// ```
    /// use asynkit::ContextVar;
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new().with_default(|| 7);
    /// assert_eq!(DEPTH.get(), Some(7));
    /// ```
    #[must_use = "this is the variable with the default"]
    pub const fn with_default(self, default: fn() -> T) -> Self {
        ContextVar { var: AtomicUsize::new(0), default: Some(default), inherited: self.inherited }
    }

    /// The same, not copied to spawned tasks; see [`Context::inherited`](super::Context::inherited).
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Context, ContextVar};
    ///
    /// static SPAN: ContextVar<u32> = ContextVar::new().uninherited();
    /// SPAN.set(1);
    /// assert_eq!(Context::current().run(|| SPAN.get()), Some(1));
    /// assert_eq!(Context::current().inherited().run(|| SPAN.get()), None);
    /// ```
    #[must_use = "this is the variable that is not inherited"]
    pub const fn uninherited(self) -> Self {
        ContextVar { var: AtomicUsize::new(0), default: self.default, inherited: false }
    }

    /// A clone of the value, or the default; `None` where it has neither.
    ///
    /// # Examples
    /// ```
    /// use asynkit::ContextVar;
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new();
    /// DEPTH.set(1);
    /// assert_eq!(DEPTH.get(), Some(1));
    /// ```
    pub fn get(&self) -> Option<T>
    where
        T: Clone,
    {
        match self.value() {
            Some(value) => Some(value.get::<T>().clone()),
            None => self.default.map(|default| default()),
        }
    }

    /// Lends the value, or the default, to `f`.
    ///
    /// `f` may set this variable or others, and enter contexts: what it was lent stays as it is.
    ///
    /// # Examples
    /// ```
    /// use asynkit::ContextVar;
    ///
    /// static PATH: ContextVar<Vec<&str>> = ContextVar::new();
    /// PATH.set(vec!["a", "b"]);
    /// assert_eq!(PATH.with(|path| path.map(Vec::len)), Some(2));
    /// ```
    pub fn with<R>(&self, f: impl FnOnce(Option<&T>) -> R) -> R {
        match self.value() {
            Some(value) => f(Some(value.get())),
            None => f(self.default.map(|default| default()).as_ref()),
        }
    }

    /// Sets the value in the current context, or in the thread's own if none was entered.
    ///
    /// The token restores what was there before; where that is not wanted, drop it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::ContextVar;
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new();
    /// DEPTH.set(1);
    /// let token = DEPTH.set(2);
    /// DEPTH.reset(token);
    /// assert_eq!(DEPTH.get(), Some(1));
    /// ```
    pub fn set(&self, value: T) -> Token<T> {
        Token { undo: Undo::set(self.var(), Value::new(value)), of: PhantomData }
    }

    /// Restores what was there before the [`set`](Self::set) that gave `token`: the value, or none.
    ///
    /// Tokens need not be used in the reverse order of their making; each restores what it saw.
    ///
    /// # Panics
    /// If `token` is of another variable, or was made in another context than the current one (or in another thread,
    /// outside of contexts): what to restore is not here. While the thread unwinds from another panic such a token is
    /// ignored, so that a guard may reset in its `drop`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::ContextVar;
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new();
    /// let token = DEPTH.set(1);
    /// DEPTH.reset(token);
    /// assert_eq!(DEPTH.get(), None);
    /// ```
    #[track_caller]
    pub fn reset(&self, token: Token<T>) {
        let var = self.var();
        let Undo { var: set, frame, uses, list, mut value } = token.undo;
        // Made while the thread's locals were destroyed: nothing was set.
        let Some(frame) = frame else { return };
        let here = Frame::current().is_some_and(|current| ptr::eq(current, frame)) && frame.uses() == uses;
        if set == var && here {
            if !list.is_empty() {
                value = list.get(var).cloned();
            }
            frame.exchange(var, &mut value);
        } else if !std::thread::panicking() {
            foreign_token(set == var);
        }
    }

    #[inline]
    fn value(&self) -> Option<Value> {
        Frame::current()?.get(self.var())
    }

    #[inline]
    fn var(&self) -> Var {
        Var::of_word(self.var.load(Ordering::Relaxed)).unwrap_or_else(|| self.first_use())
    }

    #[cold]
    #[inline(never)]
    fn first_use(&self) -> Var {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        let numbered = |last: usize| Var::numbered(last.checked_add(1)?, self.inherited);
        let last = LAST
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| numbered(last).map(|_| last + 1))
            .ok();
        let new = last.and_then(numbered).expect("there are fewer context variables than addresses");
        match self.var.compare_exchange(0, new.word(), Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => new,
            Err(other_thread) => Var::of_word(other_thread).unwrap_or(new),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn foreign_token(own_variable: bool) -> ! {
    let why = if own_variable {
        "this token was made in another context: reset it where the variable was set"
    } else {
        "this token is of another context variable: reset the variable that was set"
    };
    panic!("{why}");
}

impl<T: Send + Sync + 'static> Default for ContextVar<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for ContextVar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextVar")
            .field("type", &format_args!("{}", type_name::<T>()))
            .field("inherited", &self.inherited)
            .finish_non_exhaustive()
    }
}

/// What [`ContextVar::set`] gives: what [`ContextVar::reset`] restores, once.
///
/// Dropping it lets the new value stay.
///
/// # Examples
/// ```
/// use asynkit::{ContextVar, context::Token};
///
/// static DEPTH: ContextVar<u32> = ContextVar::new();
///
/// fn enter() -> Token<u32> {
///     DEPTH.set(DEPTH.get().unwrap_or(0) + 1)
/// }
///
/// let token = enter();
/// assert_eq!(DEPTH.get(), Some(1));
/// DEPTH.reset(token);
/// ```
pub struct Token<T> {
    undo: Undo,
    of: PhantomData<fn() -> T>,
}

/// The token of a variable of whatever type.
struct Undo {
    var: Var,
    /// Where it was set; `None`: nowhere, for the thread's locals were destroyed.
    frame: Option<&'static Frame>,
    /// How often the frame was given back before: it is used again by others.
    uses: u64,
    /// Where the value is that was there before, if copies share it: what is restored is looked for then, not now.
    list: List,
    /// That value, if there is no list.
    value: Option<Value>,
}

impl Undo {
    /// Sets the variable, and keeps what was there before.
    #[inline]
    fn set(var: Var, value: Value) -> Undo {
        let mut value = Some(value);
        let (frame, list, uses) = exchange(var, &mut value);
        Undo { var, frame, uses, list, value }
    }

    /// What was there before.
    fn before(&self) -> Option<&Value> {
        if self.list.is_empty() { self.value.as_ref() } else { self.list.get(self.var) }
    }
}

/// Sets a variable where this code runs; what was there before is where [`Undo`] says.
fn exchange(var: Var, value: &mut Option<Value>) -> (Option<&'static Frame>, List, u64) {
    let Some(frame) = Frame::current_or_ambient() else {
        *value = None;
        return (None, List::new(), 0);
    };
    let (list, uses) = frame.exchange(var, value);
    (Some(frame), list, uses)
}

impl<T> fmt::Debug for Token<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("of", &format_args!("{}", type_name::<T>()))
            .field("was_set", &self.undo.before().is_some())
            .finish_non_exhaustive()
    }
}
