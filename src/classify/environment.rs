//! Environment variables through which code gets into programs, as a table.
//!
//! What their values are is for the interpreter to find out.

/// How a variable carries code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    /// Its value is a command or text for a shell.
    Command,
    /// Its value names a file of shell code.
    Script,
    /// Its value names libraries or modules that every program loads.
    Library,
    /// Its value holds options through which an interpreter can be told to run code.
    Options,
}

const CARRIERS: &[(&str, Carrier)] = &[
    ("BASH_ENV", Carrier::Script),
    ("ENV", Carrier::Script),
    ("PROMPT_COMMAND", Carrier::Command),
    ("GIT_SSH_COMMAND", Carrier::Command),
    ("GIT_SSH", Carrier::Command),
    ("GIT_EDITOR", Carrier::Command),
    ("GIT_SEQUENCE_EDITOR", Carrier::Command),
    ("GIT_PAGER", Carrier::Command),
    ("GIT_EXTERNAL_DIFF", Carrier::Command),
    ("GIT_ASKPASS", Carrier::Command),
    ("GIT_PROXY_COMMAND", Carrier::Command),
    ("SSH_ASKPASS", Carrier::Command),
    ("SUDO_ASKPASS", Carrier::Command),
    ("PAGER", Carrier::Command),
    ("MANPAGER", Carrier::Command),
    ("LESSOPEN", Carrier::Command),
    ("LESSCLOSE", Carrier::Command),
    ("EDITOR", Carrier::Command),
    ("VISUAL", Carrier::Command),
    ("BROWSER", Carrier::Command),
    ("RUSTC_WRAPPER", Carrier::Command),
    ("RUSTC_WORKSPACE_WRAPPER", Carrier::Command),
    ("LD_PRELOAD", Carrier::Library),
    ("LD_AUDIT", Carrier::Library),
    ("DYLD_INSERT_LIBRARIES", Carrier::Library),
    ("PYTHONSTARTUP", Carrier::Library),
    ("NODE_OPTIONS", Carrier::Options),
    ("PERL5OPT", Carrier::Options),
    ("RUBYOPT", Carrier::Options),
    ("PYTHONINSPECT", Carrier::Options),
    ("JAVA_TOOL_OPTIONS", Carrier::Options),
    ("_JAVA_OPTIONS", Carrier::Options),
    ("GIT_CONFIG_COUNT", Carrier::Options),
    ("GIT_CONFIG_PARAMETERS", Carrier::Options),
];

/// Words in options that load code.
const LOADING: &[&str] = &[
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "-M",
    "-m",
    "-e",
    "-d",
    "-javaagent",
    "-agentpath",
    "-agentlib",
    "alias.",
    "core.",
];

/// How `name` carries code, if it does.
pub(super) fn carrier(name: &str) -> Option<Carrier> {
    CARRIERS.iter().find(|(known, _)| *known == name).map(|(_, carrier)| *carrier)
}

/// Whether options such as `NODE_OPTIONS` load code, rather than set limits.
pub(super) fn loads_code(options: &str) -> bool {
    options
        .split_ascii_whitespace()
        .any(|word| LOADING.iter().any(|o| word.trim_start_matches('\'').starts_with(o)))
}
