//! Rust: a workspace of path dependencies with a build script and a procedural macro, without network.

use crate::workload::{Kind, Script, USUAL, Workload};

pub(crate) const WORKLOADS: &[Workload] = &[Workload {
    name: "cargo-build-test",
    kind: Kind::Script(Script {
        text: CARGO,
        says: &["the answer is 42, built by a script", "2 passed"],
        leaves: &["app/target/debug/app", "app/Cargo.lock"],
        seconds: 120,
        ..USUAL
    }),
}];

pub(crate) const CARGO: &str = r#"
set -euo pipefail
mkdir -p app/src app/tests part/src wonder/src
cat >app/Cargo.toml <<END
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
part = { path = "../part" }
wonder = { path = "../wonder" }
END
cat >app/build.rs <<END
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(out + "/made.rs", "pub const MADE: &str = \"built by a script\";").unwrap();
}
END
cat >app/src/lib.rs <<END
include!(concat!(env!("OUT_DIR"), "/made.rs"));
pub fn answer() -> u32 { wonder::answer!() + part::none() }
#[test]
fn answers() { assert_eq!(answer(), 42); }
#[test]
fn threads_run() { assert_eq!(std::thread::spawn(|| 7).join().unwrap(), 7); }
END
cat >app/src/main.rs <<END
fn main() { println!("the answer is {}, {}", app::answer(), app::MADE); }
END
cat >app/tests/outside.rs <<END
#[test]
fn runs_the_binary() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_app")).output().unwrap();
    assert!(output.status.success());
}
END
printf '[package]\nname = "part"\nversion = "0.1.0"\nedition = "2021"\n' >part/Cargo.toml
echo 'pub fn none() -> u32 { 0 }' >part/src/lib.rs
printf '[package]\nname = "wonder"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nproc-macro = true\n' \
    >wonder/Cargo.toml
cat >wonder/src/lib.rs <<END
#[proc_macro]
pub fn answer(_: proc_macro::TokenStream) -> proc_macro::TokenStream { "42_u32".parse().unwrap() }
END
cd app
cargo build --offline --quiet
cargo test --offline --quiet 2>&1 | sed -n 's/; finished.*//; /test result/p'
cargo run --offline --quiet
touch src/lib.rs
cargo check --offline 2>&1 | grep -c Checking
"#;
