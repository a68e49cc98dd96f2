//! A library that hands asynkit on to its users, as a module and by a macro of its own.

pub mod kit {
    //! asynkit, from here.
    pub use asynkit::*;
}

/// Declares a sync function in a crate that does not know asynkit.
#[macro_export]
macro_rules! declare {
    ($name:ident $body:block) => {
        #[$crate::kit::syncfunction(panic, crate = $crate::kit)]
        async fn $name() -> u8 $body
    };
}
