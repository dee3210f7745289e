//! How the engine comes by the secrets that later keys are made of.

use super::key_log;
use crate::trust::managers::Step;
use rustls::KeyLog;

/// rustls hands out the keys of a finished handshake, but tells the secrets that TLS 1.3 makes the
/// next ones of (RFC 8446 §7.2) to key logs only. This one gives them to the connection whose
/// handshake is under way on this thread, and to the operator's key log where one is asked for.
#[derive(Debug)]
pub(super) struct SecretsOfStep;

const CLIENT: &str = "CLIENT_TRAFFIC_SECRET_0";
const SERVER: &str = "SERVER_TRAFFIC_SECRET_0";

impl KeyLog for SecretsOfStep {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        if let Some(file) = key_log::started() {
            file.log(label, client_random, secret);
        }
        let Some(step) = Step::current() else {
            return;
        };
        let place = match label {
            CLIENT => &step.client_secret,
            SERVER => &step.server_secret,
            _ => return,
        };
        place.replace(secret.to_vec().into());
    }

    fn will_log(&self, label: &str) -> bool {
        label == CLIENT || label == SERVER || key_log::started().is_some()
    }
}
