//! What can go wrong outside a connection, as values that the bridge turns into exceptions.

use std::fmt;

/// Which of the operator's settings a store's failure points at; the names are those of
/// `io.rustlsjvm.jsse.StoreException.Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// The file is missing or cannot be read.
    File,
    /// The content is no store of a known type, or is damaged.
    Format,
    /// The store's password does not fit.
    StorePassword,
    /// The key's password does not fit.
    KeyPassword,
    /// The store is sound but lacks a usable key or trusted certificate.
    Content,
    /// A store type or key algorithm that there is no reader for.
    Unsupported,
}

impl StoreFault {
    /// The constant's name on the Java side.
    pub fn java_name(self) -> &'static str {
        match self {
            Self::File => "FILE",
            Self::Format => "FORMAT",
            Self::StorePassword => "STORE_PASSWORD",
            Self::KeyPassword => "KEY_PASSWORD",
            Self::Content => "CONTENT",
            Self::Unsupported => "UNSUPPORTED",
        }
    }
}

/// A key store or trust store that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// Which setting is at fault.
    pub fault: StoreFault,
    /// What is wrong, naming the file; never a password.
    pub message: String,
}

impl StoreError {
    /// A failure of `fault` with its message.
    pub fn new(fault: StoreFault, message: impl Into<String>) -> Self {
        Self {
            fault,
            message: message.into(),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}
