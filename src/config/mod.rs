//! What the operator asked for, as rustls configurations.
