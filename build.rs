//! Tells the library the versions of what is inside, for log lines.

use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=Cargo.lock");
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    for (variable, package) in [
        ("RUSTLS_VERSION", "rustls"),
        ("AWS_LC_RS_VERSION", "aws-lc-rs"),
    ] {
        println!(
            "cargo:rustc-env={variable}={}",
            locked_version(&lock, package)
        );
    }
    println!(
        "cargo:rustc-env=RUSTLS_JVM_TARGET={}",
        env::var("TARGET").unwrap_or_default()
    );
}

/// The version that the lock file pins `package` to.
fn locked_version<'a>(lock: &'a str, package: &str) -> &'a str {
    let name = format!("name = \"{package}\"");
    lock.lines()
        .skip_while(|line| *line != name)
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|line| line.strip_suffix('"'))
        .unwrap_or("unknown")
}
