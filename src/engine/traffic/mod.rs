//! Protected records after the handshake.
