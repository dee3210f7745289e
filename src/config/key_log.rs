//! The key log: a file with the secrets of all connections, from which programs that capture traffic
//! can read it. In the format of NSS, one line a secret: label, client random, secret.
//!
//! Whoever has the file can read everything, so there is none unless [`start`] is called.

use once_cell::sync::OnceCell;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use zeroize::Zeroizing;

static STARTED: OnceCell<KeyLogFile> = OnceCell::new();

/// Has the secrets of all connections written to the end of `file` from now on; only its owner may
/// read it when it is made here. A later call changes nothing.
///
/// # Errors
/// When the file cannot be opened.
pub fn start(file: &Path) -> io::Result<()> {
    STARTED.get_or_try_init(|| KeyLogFile::open(file))?;
    Ok(())
}

/// The file where secrets go, if anywhere.
pub(super) fn started() -> Option<&'static KeyLogFile> {
    STARTED.get()
}

/// An open key log.
pub(super) struct KeyLogFile(File);

impl KeyLogFile {
    fn open(file: &Path) -> io::Result<Self> {
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(file)
            .map(Self)
    }

    /// Writes one line.
    pub(super) fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = line(label, client_random, secret);
        // One call, so that lines of several connections, and programs, stay whole. A connection
        // does not fail because the disk is full; the reader of the file sees what is missing.
        let _ = (&self.0).write_all(line.as_bytes());
    }
}

fn line(label: &str, client_random: &[u8], secret: &[u8]) -> Zeroizing<String> {
    let length = label.len() + 2 * (client_random.len() + secret.len()) + 3;
    let mut line = Zeroizing::new(String::with_capacity(length));
    line.push_str(label);
    for part in [client_random, secret] {
        line.push(' ');
        for byte in part {
            // A String takes everything.
            let _ = write!(line, "{byte:02x}");
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn lines_are_in_the_format_of_nss() {
        assert_eq!(
            *line("CLIENT_RANDOM", &[0, 0xab], &[0x10, 2, 0xff]),
            "CLIENT_RANDOM 00ab 1002ff\n"
        );
    }

    #[test]
    fn the_file_is_its_owners_alone_and_is_appended_to() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        for secret in [1, 2] {
            KeyLogFile::open(&file).unwrap().log("A", &[7], &[secret]);
        }
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "A 07 01\nA 07 02\n"
        );
    }

    #[test]
    fn nothing_is_logged_unless_started() {
        assert!(started().is_none());
    }
}
