//! Stamps the library with the version that the Java side checks it against.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=Cargo.toml");
    println!(
        "cargo:rustc-env=RUSTLS_JVM_TARGET={}",
        std::env::var("TARGET").unwrap_or_default()
    );
}
