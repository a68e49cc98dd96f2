//! What is true of the sources themselves: who imports whom, how long a file is, where unsafe code may stand.

mod layers;
mod lengths;
mod sources;
mod unsafety;
