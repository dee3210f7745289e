//! How the engine comes by the secrets that later keys are made of.

use super::key_log;
use crate::trust::managers::Step;
use rustls::KeyLog;

/// rustls hands out the keys of a finished handshake, but tells the secrets that TLS 1.3 makes the
/// next ones of (RFC 8446 §7.2), and those of the handshake itself, to key logs only. This one gives them to the connection whose
/// handshake is under way on this thread, and to the operator's key log where one is asked for.
#[derive(Debug)]
pub(super) struct SecretsOfStep;

const CLIENT: &str = "CLIENT_TRAFFIC_SECRET_0";
const SERVER: &str = "SERVER_TRAFFIC_SECRET_0";
const CLIENT_HANDSHAKE: &str = "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
const SERVER_HANDSHAKE: &str = "SERVER_HANDSHAKE_TRAFFIC_SECRET";
/// TLS 1.2's master secret.
const MASTER: &str = "CLIENT_RANDOM";

impl KeyLog for SecretsOfStep {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        if let Some(file) = key_log::started() {
            file.log(label, client_random, secret);
        }
        let Some(step) = Step::current() else {
            return;
        };
        let mut secrets = step.secrets.borrow_mut();
        let place = match label {
            CLIENT => &mut secrets.client,
            SERVER => &mut secrets.server,
            CLIENT_HANDSHAKE => &mut secrets.client_handshake,
            SERVER_HANDSHAKE => &mut secrets.server_handshake,
            MASTER => {
                secrets.client_random = client_random.to_vec();
                &mut secrets.master
            }
            _ => return,
        };
        *place = secret.to_vec().into();
    }

    fn will_log(&self, label: &str) -> bool {
        matches!(
            label,
            CLIENT | SERVER | CLIENT_HANDSHAKE | SERVER_HANDSHAKE | MASTER
        ) || key_log::started().is_some()
    }
}
