//! Headless Chromium on a local page. Half a gigabyte, so only when asked for: `make test-browser`.

use crate::workload::{Kind, Script, USUAL, Workload};

pub(crate) const WORKLOADS: &[Workload] = &[Workload {
    name: "browser-headless-chromium",
    kind: Kind::Script(Script {
        text: CHROMIUM,
        says: &["scripted 42"],
        on_request: true,
        ..USUAL
    }),
}];

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
