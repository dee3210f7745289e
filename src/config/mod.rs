//! What the operator asked for, as rustls configurations.
//!
//! | file | what it holds |
//! |---|---|
//! | `context.rs` | credential, trust and sessions put together, and the configurations made of them |
//! | `credential.rs` | whom to be |
//! | `key_log.rs` | the file for secrets of connections, where one is asked for |
//! | `policy.rs` | protocols, suites and groups by their JSSE names |
//! | `reception.rs` | a server's configuration where it depends on that message |
//! | `schemes.rs` | signatures that are made, where only some may be |
//! | `secrets.rs` | how the engine comes by the secrets that later keys are made of |
//! | `session/` | sessions kept for resumption |
//! | `terms.rs` | what connections ask for, worked out once for all that ask for the same |

pub mod context;
pub mod credential;
pub mod key_log;
pub mod policy;
pub mod reception;
mod schemes;
mod secrets;
pub mod session;
pub mod terms;
