//! Signals of the system, for programs on any executor: a thread waits for them.

use std::{io, thread};
use tokio::runtime::Builder;

/// What the system tells a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// It is to end: ctrl-c, or what service managers send.
    End,
    /// It is to read its configuration again (only on Unix).
    Reload,
}

/// Calls `tell` at each signal from now on; [`Signal::Reload`] only if that `reloads`, else it ends the program as ever.
///
/// # Errors
/// Where the system gives no thread.
pub fn listen(name: &str, reloads: bool, mut tell: impl FnMut(Signal) + Send + 'static) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let mut signals = runtime.block_on(async { Signals::new(reloads) })?;
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        runtime.block_on(async {
            while let Some(signal) = signals.next().await {
                tell(signal);
            }
        });
    })?;
    Ok(())
}

#[cfg(unix)]
struct Signals {
    ends: [tokio::signal::unix::Signal; 2],
    reloads: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new(reloads: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ends = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
        let reloads = reloads.then(|| signal(SignalKind::hangup())).transpose()?;
        Ok(Signals { ends, reloads })
    }

    async fn next(&mut self) -> Option<Signal> {
        let [interrupt, terminate] = &mut self.ends;
        let end = smol::future::or(interrupt.recv(), terminate.recv());
        let end = async { end.await.map(|()| Signal::End) };
        match &mut self.reloads {
            Some(reloads) => {
                smol::future::or(end, async { reloads.recv().await.map(|()| Signal::Reload) }).await
            }
            None => end.await,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new(_reloads: bool) -> io::Result<Self> {
        Ok(Signals)
    }

    async fn next(&mut self) -> Option<Signal> {
        tokio::signal::ctrl_c().await.ok().map(|()| Signal::End)
    }
}
