//! Headless Chromium on a local page, without its own sandbox and with it. Half a gigabyte, so only when asked for: `make test-browser`.

use crate::identity::Who;
use crate::workload::{Kind, Place, Script, Twin, USUAL, Workload};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "browser-headless-chromium",
        kind: Kind::Script(Script {
            text: CHROMIUM,
            says: &["scripted 42"],
            on_request: true,
            ..USUAL
        }),
    },
    Workload {
        name: "browser-with-its-own-sandbox-is-told",
        kind: Kind::Script(Script {
            text: SANDBOXED,
            says: &["failed", "clone with namespaces", "--no-sandbox"],
            place: Place::Around,
            twin: Twin::None,
            // As the superuser it does not even try.
            only: Some(Who::User),
            on_request: true,
            ..USUAL
        }),
    },
];

/// Without its own sandbox, which needs namespaces; the wall around it is stockade's.
const CHROMIUM: &str = r#"
set -euo pipefail
cat >page.html <<'END'
<html><body><p id=p>before</p><script>document.getElementById("p").textContent = "scripted " + (6*7)</script></body></html>
END
export HOME=$PWD/home XDG_CONFIG_HOME=$PWD/config XDG_CACHE_HOME=$PWD/cache; mkdir home config cache
timeout 40 chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" \
    --dump-dom "file://$PWD/page.html" 2>err | grep -o 'scripted 42' || { tail -8 err >&2; exit 1; }
"#;

/// It fails, and what it may do instead is said.
const SANDBOXED: &str = r#"
set -euo pipefail
echo '<p>page</p>' >page.html; mkdir home
timeout 40 $BOX env HOME="$PWD/home" chromium --headless=new --disable-gpu --user-data-dir="$PWD/profile" \
    --dump-dom "file://$PWD/page.html" >out 2>err && { echo 'it ran'; exit 1; }
echo failed; grep -o 'clone with namespaces' err || tail -9 err; grep -o -e '`--no-sandbox`' err
"#;
