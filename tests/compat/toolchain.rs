//! A Rust toolchain for each identity: the one that builds this test, made readable where it is not.

use crate::identity::Identity;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Puts cargo on the identity's PATH.
///
/// Whoever can execute the cargo that runs this test uses it where it is, with its own
/// `CARGO_HOME`. Often that lies in somebody's closed home; then the parts that a build needs are
/// hard-linked into the scratch home, which costs no space and opens nothing of that person's.
pub(crate) fn lay_out(identity: &mut Identity) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from(env!("CARGO")), Into::into);
    let toolchain = cargo.ancestors().nth(2).ok_or("cargo lies nowhere")?.to_path_buf();
    let (bin, home, rustup) = if works(identity, &cargo) {
        let person = std::env::var_os("HOME").map_or_else(|| identity.home.clone(), PathBuf::from);
        let own = |name: &str, usual: &str| {
            std::env::var_os(name).map_or_else(|| person.join(usual), PathBuf::from)
        };
        (toolchain.join("bin"), own("CARGO_HOME", ".cargo"), own("RUSTUP_HOME", ".rustup"))
    } else {
        let rustup = identity.home.join(".rustup");
        let copy = rustup.join("toolchains/compat");
        link(&toolchain, &copy)?;
        (copy.join("bin"), identity.home.join(".cargo"), rustup)
    };
    // The person's own proxies come first where there are any: they are what people run.
    let mut path: OsString = home.join("bin").into();
    path.push(":");
    path.push(bin);
    for (name, value) in &mut identity.environment {
        if name == "PATH" {
            path.push(":");
            path.push(&*value);
            *value = path.clone();
        }
    }
    for (name, value) in [("CARGO_HOME", home), ("RUSTUP_HOME", rustup)] {
        identity.environment.push((name.into(), value.into()));
    }
    for name in ["RUSTUP_TOOLCHAIN", "RUSTUP_AUTO_INSTALL"] {
        identity.environment.extend(std::env::var_os(name).map(|value| (name.into(), value)));
    }
    Ok(())
}

fn works(identity: &Identity, cargo: &Path) -> bool {
    let mut command = identity.command(cargo, Path::new("/"));
    command.arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Compiler, libraries and the target of this machine; not the documentation.
fn link(from: &Path, to: &Path) -> Result<(), String> {
    const SCRIPT: &str = r#"
        set -eu
        mkdir -p "$2/bin" "$2/lib/rustlib"
        host=$("$1/bin/rustc" -vV | sed -n 's/^host: //p')
        copy() { cp -al "$@" 2>/dev/null || cp -a "$@"; }
        copy "$1/bin/cargo" "$1/bin/rustc" "$1/bin/rustdoc" "$2/bin"
        for file in "$1"/lib/*.so*; do copy "$file" "$2/lib"; done
        copy "$1/lib/rustlib/$host" "$2/lib/rustlib"
    "#;
    let output = Command::new("bash")
        .args(["-c", SCRIPT, "bash"])
        .args([from, to])
        .output()
        .map_err(|error| format!("bash: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("toolchain: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
