//! Installing from the registries over the network of the host, as people do all day; they must be reachable for this.

use crate::workload::{Kind, Script, Twin, USUAL, Workload};

/// What is fetched is small; a registry may take its time.
const FETCHED: Script = Script { twin: Twin::None, seconds: 120, ..USUAL };

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "registry-pip",
        kind: Kind::Script(Script { text: PIP, says: &["six 1"], ..FETCHED }),
    },
    Workload {
        name: "registry-npm",
        kind: Kind::Script(Script { text: NPM, says: &["number true"], ..FETCHED }),
    },
    Workload {
        name: "registry-cargo",
        kind: Kind::Script(Script { text: CARGO, says: &["itoa 128"], ..FETCHED }),
    },
];

const PIP: &str = r#"
set -euo pipefail
python3 -m venv .venv
.venv/bin/pip install -q --no-cache-dir --disable-pip-version-check six
.venv/bin/python -c 'import six; print("six", six.__version__)'
"#;

const NPM: &str = r#"
set -euo pipefail
export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
echo '{ "name": "work", "version": "1.0.0" }' >package.json
npm install --silent --no-audit --no-fund --cache "$PWD/cache" is-number
node -e 'console.log("number", require("is-number")(5))'
"#;

const CARGO: &str = r#"
set -euo pipefail
mkdir src
printf '[package]\nname = "work"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nitoa = "1"\n' >Cargo.toml
echo 'fn main() { println!("itoa {}", itoa::Buffer::new().format(128)); }' >src/main.rs
cargo run --quiet
"#;
