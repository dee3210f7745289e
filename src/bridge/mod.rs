//! JNI: the only place with `unsafe`, and the only one that knows Java.
//!
//! | file | Java class |
//! |---|---|
//! | `library.rs` | `LibraryNatives` |
//! | `store.rs` | `StoreNatives` |
//! | `context.rs` | `ContextNatives` |
//! | `engine.rs` | `EngineNatives`, but for the four below |
//! | `record.rs` | `EngineNatives.wrap`, `unwrap`, `wrapBatch` and `unwrapBatch`, the hot path |
//! | `facts.rs` | `HandshakeFacts` |
//! | `key.rs` | `KeyNatives` |
//! | `managers.rs` | `HandshakeCallbacks` |
//! | `guard.rs` | errors and panics become exceptions |
//! | `handle.rs` | addresses that Java owns |
//! | `convert.rs` | arrays and strings |
//! | `memory.rs` | the allocator, which wipes what is freed |
//!
//! Who owns what: a native object belongs to exactly one Java object, which passes its address
//! into each call and gives it back to `free` once, when no other call runs. Contexts and stores
//! are shared by reference count, so that freeing one never pulls it from under an engine.

mod context;
mod convert;
mod engine;
mod facts;
mod guard;
mod handle;
mod key;
mod library;
mod managers;
mod memory;
mod record;
mod store;
