//! The same work under `--isolate`: other numbers of processes, an empty /tmp, and a terminal whose group has no number.

use crate::terminal;
use crate::workload::{ISOLATED, Kind, Script, USUAL, Workload};
use crate::{files, git, native, node, processes, python, rust, servers, shell, streams};

pub(crate) const WORKLOADS: &[Workload] = &[
    isolated("isolated-cargo", rust::CARGO, &["the answer is 42, built by a script"]),
    isolated("isolated-git", git::EVERYDAY, &["Merge branch 'side'", "rebased"]),
    isolated("isolated-git-clone", git::CLONE, &["path url bare", "pulled"]),
    isolated("isolated-npm", node::PACKAGES, &["local part", "bin ran"]),
    isolated("isolated-node-children", node::CHILDREN, &["exec 42", "killed SIGTERM"]),
    isolated("isolated-python-venv", VENV, &["made by the venv"]),
    isolated("isolated-python-multiprocessing", python::MULTIPROCESSING, &["pool 285"]),
    isolated("isolated-python-pty", python::PTY, &["a terminal: True"]),
    isolated("isolated-server", servers::PYTHON, &["served by python", "status 404"]),
    isolated("isolated-make", native::MAKE, &[]),
    isolated("isolated-cc-in-tmp", native::CC_TMP, &[]),
    isolated("isolated-shell-jobs", shell::JOBS, &[]),
    isolated("isolated-shell-traps", shell::TRAPS, &[]),
    isolated("isolated-shell-timeout", shell::TIMEOUT, &[]),
    isolated("isolated-sqlite", files::SQLITE, &[]),
    isolated("isolated-flock", files::FLOCK, &[]),
    isolated("isolated-streams", streams::BOTH, &[]),
    isolated("isolated-pipelines", processes::OFTEN_BASH, &["300"]),
    Workload { name: "isolated-terminal-size", kind: Kind::Terminal(ISOLATED, terminal::size) },
    Workload {
        name: "isolated-terminal-interrupt",
        kind: Kind::Terminal(ISOLATED, terminal::interrupt),
    },
    Workload { name: "isolated-terminal-stop", kind: Kind::Terminal(ISOLATED, terminal::stop) },
    Workload {
        name: "isolated-terminal-stop-python",
        kind: Kind::Terminal(ISOLATED, terminal::stop_python),
    },
    Workload { name: "isolated-terminal-shell", kind: Kind::Terminal(ISOLATED, terminal::shell) },
    Workload {
        name: "isolated-terminal-pipeline",
        kind: Kind::Terminal(ISOLATED, terminal::pipeline),
    },
    Workload { name: "isolated-terminal-given-back", kind: Kind::Terminal(ISOLATED, given_back) },
];

const fn isolated(
    name: &'static str,
    text: &'static str,
    says: &'static [&'static str],
) -> Workload {
    let profiles = &[ISOLATED];
    Workload { name, kind: Kind::Script(Script { text, says, profiles, seconds: 120, ..USUAL }) }
}

const VENV: &str = r#"
set -euo pipefail
python3 -m venv --without-pip .venv
.venv/bin/python -c 'import sys; print("made by the venv" if sys.prefix != sys.base_prefix else sys.prefix)'
. .venv/bin/activate && python -c 'import tempfile; print(tempfile.TemporaryFile().write(b"x"))'
"#;

/// A shell inside takes the terminal and cannot give it back; a script outside, which has no job
/// control, must be able to read from it all the same.
fn given_back(terminal: &crate::tmux::Terminal<'_>) -> Result<(), String> {
    terminal.line("cat >around <<< \"$box bash --norc --noprofile -i; read -p 'na''me? ' x; echo he''llo \\$x\"")?;
    terminal.line("clear; bash around")?;
    terminal.see("bash-")?;
    terminal.line("exit")?;
    terminal.see("name?")?;
    terminal.line("you")?;
    terminal.see("hello you")
}
