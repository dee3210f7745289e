//! Who is believed.
//!
//! | file | what it does |
//! |---|---|
//! | `server_judge.rs`, `client_judge.rs` | the verdict on a server, on a client |
//! | `belief.rs` | the part of both that does not depend on who is judged |
//! | `pins.rs` | fingerprints: where set, they alone decide |
//! | `anchors.rs` | a trust store's certificates |
//! | `leaf.rs` | a leaf that stands in the trust store itself, and the handshake's signature |
//! | `path.rs` | a leaf that chains to an anchor |
//! | `demands.rs` | what the JDK asks of such a path beside what webpki does |
//! | `common_names.rs` | common names under CAs that may issue for some names alone |
//! | `refusal.rs` | why a path is refused, in words |
//! | `verified.rs` | paths that were found sound before |
//! | `names.rs` | whether a certificate is for the host that was asked for |
//! | `managers.rs` | what the embedding program's managers are asked, and on which connection |
//! | `embedder.rs` | the verdict of those managers |

pub mod anchors;
mod belief;
pub mod client_judge;
mod common_names;
mod demands;
pub mod embedder;
pub mod leaf;
pub mod managers;
pub mod names;
mod path;
pub mod pins;
mod refusal;
pub mod server_judge;
mod verified;

pub use anchors::TrustAnchors;
pub use client_judge::ClientJudge;
pub use pins::Pins;
pub use server_judge::ServerJudge;
