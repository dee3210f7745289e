//! What the operator asked for, as rustls configurations.
//!
//! | file | what it holds |
//! |---|---|
//! | `context.rs` | credential, trust and sessions put together, and the configurations made of them |
//! | `credential.rs` | whom to be |
//! | `key_log.rs` | the file for secrets of connections, where one is asked for |
//! | `policy.rs` | protocols, suites and groups by their JSSE names |
//! | `secrets.rs` | how the engine comes by the secrets that later keys are made of |
//! | `session/` | sessions kept for resumption |

pub mod context;
pub mod credential;
pub mod key_log;
pub mod policy;
mod secrets;
pub mod session;
