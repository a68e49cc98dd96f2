//! What is true of the sources themselves: who imports whom, how long a file is, where unsafe code may stand,
//! and what the pages beside them have to name.

mod layers;
mod lengths;
mod links;
mod names;
mod oldest;
mod sources;
mod unsafety;
