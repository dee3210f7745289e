//! What the operator asked for, as rustls configurations.
//!
//! | file | what it holds |
//! |---|---|
//! | `context.rs` | credential, trust and sessions put together, and the configurations made of them |
//! | `credential.rs` | whom to be |
//! | `policy.rs` | protocols, suites and groups by their JSSE names |
//! | `session/` | sessions kept for resumption |

pub mod context;
pub mod credential;
pub mod policy;
pub mod session;
