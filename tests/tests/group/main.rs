//! Task groups: who is stopped by what, and that no child and no error is lost.

mod basics;
