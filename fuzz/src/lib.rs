//! What the fuzz targets share.
//!
//! | file | what it holds |
//! |---|---|
//! | `bytes.rs` | an input as a sequence of decisions |
//! | `keyed.rs` | the record layer with keys that the fuzzer has, too |
//! | `ends.rs` | a client and a server that believe each other |

pub mod bytes;
pub mod ends;
pub mod keyed;
