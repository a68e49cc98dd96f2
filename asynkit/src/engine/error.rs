//! [`TaskError`] and [`PanicPayload`]: why a task has no value.

use crate::error::Interrupt;
use alloc::{borrow::Cow, boxed::Box, string::String};
use core::{any::Any, error::Error, fmt};
use std::sync::{Mutex, PoisonError};

/// Why a task has no value.
///
/// It is `Send + Sync`, so that `?` takes it into `anyhow` and `Box<dyn Error + Send + Sync>`.
///
/// # Examples
/// ```
/// use asynkit::{Executor, TaskError, spawn};
/// use std::future::pending;
///
/// Executor::run(async {
///     let task = spawn(pending::<()>());
///     task.cancel();
///     assert!(matches!(task.await, Err(TaskError::Cancelled)));
/// });
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum TaskError {
    /// It was dropped by a cancel or an abort, or with its executor.
    #[doc(alias = "CancelledError")]
    Cancelled,
    /// It was dropped by another error that nobody took.
    Interrupted(Interrupt),
    /// It panicked.
    Panicked(PanicPayload),
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskError::Cancelled => f.write_str("the task was cancelled"),
            TaskError::Interrupted(interrupt) => write!(f, "the task was {interrupt}"),
            TaskError::Panicked(payload) => write!(f, "the task {payload}"),
        }
    }
}

impl Error for TaskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            TaskError::Cancelled => None,
            TaskError::Interrupted(interrupt) => Some(interrupt),
            TaskError::Panicked(payload) => Some(payload),
        }
    }
}

impl From<Interrupt> for TaskError {
    fn from(interrupt: Interrupt) -> Self {
        TaskError::Interrupted(interrupt)
    }
}

/// What a panic carried; `Send + Sync`, whatever that is.
///
/// # Examples
/// ```
/// use asynkit::{Executor, TaskError, spawn};
///
/// # std::panic::set_hook(Box::new(|_| ()));
/// Executor::run(async {
///     let Err(TaskError::Panicked(payload)) = spawn(async { panic!("at the disco") }).await else { panic!() };
///     assert_eq!(payload.message(), Some("at the disco"));
/// });
/// ```
pub struct PanicPayload(Box<Inner>);

struct Inner {
    message: Option<Cow<'static, str>>,
    payload: Mutex<Box<dyn Any + Send>>,
}

impl PanicPayload {
    #[cold]
    pub(crate) fn new(payload: Box<dyn Any + Send>) -> Self {
        let message = match (payload.downcast_ref::<&'static str>(), payload.downcast_ref::<String>()) {
            (Some(text), _) => Some(Cow::Borrowed(*text)),
            (_, Some(text)) => Some(Cow::Owned(text.clone())),
            _ => None,
        };
        PanicPayload(Box::new(Inner { message, payload: Mutex::new(payload) }))
    }

    /// The payload, as `catch_unwind` gives it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskError, spawn};
    ///
    /// # std::panic::set_hook(Box::new(|_| ()));
    /// Executor::run(async {
    ///     let task = spawn(async { std::panic::panic_any(7) });
    ///     let Err(TaskError::Panicked(payload)) = task.await else { panic!() };
    ///     assert_eq!(payload.into_inner().downcast_ref(), Some(&7));
    /// });
    /// ```
    #[must_use]
    pub fn into_inner(self) -> Box<dyn Any + Send> {
        self.0.payload.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its text, if it has one.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskError, spawn};
    ///
    /// Executor::run(async {
    ///     let error = spawn(async { panic!("no luck") }).await.unwrap_err();
    ///     let TaskError::Panicked(payload) = error else { unreachable!() };
    ///     assert_eq!(payload.message(), Some("no luck"));
    /// });
    /// ```
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Goes on with the panic here, without another message.
    ///
    /// # Panics
    /// Always.
    ///
    /// # Examples
    /// ```should_panic
    /// use asynkit::{Executor, TaskError, spawn};
    ///
    /// Executor::run(async {
    ///     match spawn(async { panic!("the end") }).await {
    ///         Err(TaskError::Panicked(payload)) => payload.resume(),
    ///         other => other.unwrap(),
    ///     }
    /// });
    /// ```
    pub fn resume(self) -> ! {
        std::panic::resume_unwind(self.into_inner())
    }
}

impl fmt::Debug for PanicPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PanicPayload").field(&self.message()).finish()
    }
}

impl fmt::Display for PanicPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message() {
            Some(message) => write!(f, "panicked: {message}"),
            None => f.write_str("panicked"),
        }
    }
}

impl Error for PanicPayload {}
