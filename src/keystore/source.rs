//! Gets a store's bytes.

use crate::error::{StoreError, StoreFault};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Far above any real store, far below what would hurt the process.
const MAX_LENGTH: u64 = 16 * 1024 * 1024;

/// Linux, all architectures that there are builds for: a pipe is opened without its writer.
const O_NONBLOCK: i32 = 0o4000;

/// What a path leads to.
pub(super) enum Source {
    /// A file's content; it may hold a key in the clear.
    File(Zeroizing<Vec<u8>>),
    /// A folder.
    Folder(PathBuf),
}

/// Opens what the operator named; relative paths resolve against the working directory.
pub(super) fn open(file: &str) -> Result<Source, StoreError> {
    if file.is_empty() {
        return Err(fault("no file is named"));
    }
    let path = Path::new(file);
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(Source::Folder(path.to_owned())),
        Ok(_) => Ok(Source::File(read(path)?)),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Whether a folder has a file or a link of that name, wherever the link leads.
pub(super) fn has(folder: &Path, name: &str) -> bool {
    folder.join(name).symlink_metadata().is_ok()
}

/// Reads a regular file.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    // Asked before it is opened: opening a pipe waits for its writer.
    let found = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !found.is_file() {
        return Err(fault("it is neither a file nor a folder"));
    }
    if found.len() > MAX_LENGTH {
        return Err(too_long());
    }
    let mut content = Zeroizing::new(Vec::with_capacity(found.len() as usize + 1));
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(O_NONBLOCK)
        .open(path)
        .map_err(|error| unreadable(path, &error))?;
    // It may have become something else since it was asked.
    if !opened.metadata().is_ok_and(|found| found.is_file()) {
        return Err(fault("it is neither a file nor a folder"));
    }
    opened
        .take(MAX_LENGTH + 1)
        .read_to_end(&mut content)
        .map_err(|error| unreadable(path, &error))?;
    if content.len() as u64 > MAX_LENGTH {
        return Err(too_long());
    }
    if content.is_empty() {
        return Err(StoreError::new(
            StoreFault::Format,
            "the file is empty; create the store again",
        ));
    }
    Ok(content)
}

fn too_long() -> StoreError {
    StoreError::new(
        StoreFault::Format,
        "the file is larger than 16 MiB, which no key or trust store is",
    )
}

fn unreadable(path: &Path, error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::NotFound if path.is_symlink() => match fs::read_link(path) {
            Ok(target) => fault(format!(
                "it is a link to {}, and there is no such file",
                target.display()
            )),
            Err(_) => fault("it is a link that leads nowhere"),
        },
        ErrorKind::NotFound if path.is_relative() => {
            let directory = std::env::current_dir()
                .map(|directory| directory.display().to_string())
                .unwrap_or_else(|_| "the working directory".into());
            fault(format!(
                "there is no such file; a relative path is looked up from {directory}"
            ))
        }
        ErrorKind::NotFound => fault("there is no such file"),
        ErrorKind::PermissionDenied => {
            fault("the user of this process may not read it; give that user read permission")
        }
        _ => fault(format!("it cannot be read: {error}")),
    }
}

fn fault(message: impl Into<String>) -> StoreError {
    StoreError::new(StoreFault::File, message)
}
