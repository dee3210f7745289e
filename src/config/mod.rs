//! What the operator asked for, as rustls configurations.
//!
//! | file | what it holds |
//! |---|---|
//! | `context.rs` | credential, trust and sessions put together, and the configurations made of them |
//! | `credential.rs` | whom to be |
//! | `policy.rs` | protocols and suites by their JSSE names |
//! | `secrets.rs` | how the engine comes by the secrets that later keys are made of |
//! | `session.rs` | sessions kept for resumption |
//! | `stored_session.rs` | a server's session without what others have, too |

pub mod context;
pub mod credential;
pub mod policy;
mod secrets;
pub mod session;
mod stored_session;
