//! Environment variables through which code gets into programs, as a table.
//!
//! What their values are is for the interpreter to find out.

use crate::classify::programs::reading::Language;

/// How a variable carries code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    /// Its value is a command or text for a shell.
    Command,
    /// Its value is expanded like a word in double quotes (`PS4`).
    Expanded,
    /// Its value names a file of code in this language.
    Script(Language),
    /// Its value is code in this language.
    Code(Language),
    /// Its value names libraries, modules or directories of programs that many programs load.
    Library,
    /// Its value holds options through which an interpreter can be told to run code.
    Options,
    /// Its value holds options of this program.
    Words(&'static str),
    /// Its value is a setting of git, named by the variable with `KEY` for `VALUE`.
    GitSetting,
    /// Its value is where packages are fetched from.
    Source,
}

/// Sorted by what they do; `*` stands for any characters.
const CARRIERS: &[(Carrier, &[&str])] = &[
    (Carrier::Script(Language::Shell), &["BASH_ENV", "ENV"]),
    (Carrier::Script(Language::Make), &["MAKEFILES"]),
    (
        Carrier::Command,
        &[
            "PROMPT_COMMAND",
            "PAGER",
            "MANPAGER",
            "LESSOPEN",
            "LESSCLOSE",
            "EDITOR",
            "VISUAL",
            "BROWSER",
            "FCEDIT",
            "GIT_SSH_COMMAND",
            "GIT_SSH",
            "GIT_EDITOR",
            "GIT_SEQUENCE_EDITOR",
            "GIT_PAGER",
            "GIT_EXTERNAL_DIFF",
            "GIT_ASKPASS",
            "GIT_PROXY_COMMAND",
            "SSH_ASKPASS",
            "SUDO_ASKPASS",
            "SUDO_EDITOR",
            "SYSTEMD_PAGER",
            "SYSTEMD_EDITOR",
            "AWS_PAGER",
            "GH_PAGER",
            "GH_EDITOR",
            "GH_BROWSER",
            "GLAB_PAGER",
            "BAT_PAGER",
            "DELTA_PAGER",
            "PSQL_PAGER",
            "PSQL_EDITOR",
            "HGEDITOR",
            "SVN_EDITOR",
            "SVN_SSH",
            "CVS_RSH",
            "RSYNC_RSH",
            "RSYNC_CONNECT_PROG",
            "KUBE_EDITOR",
            "KUBECTL_EXTERNAL_DIFF",
            "FZF_DEFAULT_COMMAND",
            "FZF_CTRL_T_COMMAND",
            "FZF_ALT_C_COMMAND",
            "RUSTC_WRAPPER",
            "RUSTC_WORKSPACE_WRAPPER",
            "CARGO_BUILD_RUSTC_WRAPPER",
            "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
            "CARGO_TARGET_*_RUNNER",
            "npm_config_script_shell",
            "NPM_CONFIG_SCRIPT_SHELL",
            "npm_config_git",
            "NPM_CONFIG_GIT",
            "CMAKE_C_COMPILER_LAUNCHER",
            "CMAKE_CXX_COMPILER_LAUNCHER",
        ],
    ),
    (Carrier::Expanded, &["PS4", "PS1", "PS2"]),
    (Carrier::Code(Language::Ex), &["VIMINIT", "EXINIT", "GVIMINIT"]),
    (Carrier::Code(Language::Perl), &["PERL5DB"]),
    (Carrier::Code(Language::Other), &["LUA_INIT*"]),
    (
        Carrier::Library,
        &[
            "LD_PRELOAD",
            "LD_AUDIT",
            "DYLD_INSERT_LIBRARIES",
            "PYTHONSTARTUP",
            "GCONV_PATH",
            "GCC_EXEC_PREFIX",
            "COMPILER_PATH",
            "GIT_EXEC_PATH",
            "GIT_TEMPLATE_DIR",
            "DOTNET_STARTUP_HOOKS",
            "BASH_LOADABLES_PATH",
        ],
    ),
    (
        Carrier::Options,
        &[
            "NODE_OPTIONS",
            "npm_config_node_options",
            "PERL5OPT",
            "RUBYOPT",
            "PYTHONINSPECT",
            "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "JAVA_OPTS",
            "MAVEN_OPTS",
            "GRADLE_OPTS",
            "SBT_OPTS",
            "GIT_CONFIG_PARAMETERS",
        ],
    ),
    (Carrier::Words("tar"), &["TAR_OPTIONS"]),
    (Carrier::Words("make"), &["MAKEFLAGS", "GNUMAKEFLAGS"]),
    (Carrier::Words("less"), &["LESS"]),
    (Carrier::Words("fzf"), &["FZF_DEFAULT_OPTS", "FZF_CTRL_T_OPTS", "FZF_CTRL_R_OPTS"]),
    (Carrier::Words("go test"), &["GOFLAGS"]),
    (Carrier::Words("bat"), &["BAT_OPTS"]),
    (Carrier::GitSetting, &["GIT_CONFIG_VALUE_*"]),
    (
        Carrier::Source,
        &[
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "UV_INDEX_URL",
            "UV_DEFAULT_INDEX",
            "UV_EXTRA_INDEX_URL",
            "npm_config_registry",
            "NPM_CONFIG_REGISTRY",
            "YARN_REGISTRY",
            "CARGO_REGISTRIES_*_INDEX",
            "GOPROXY",
        ],
    ),
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
    CARRIERS
        .iter()
        .find(|(_, names)| names.iter().any(|known| is(known, name)))
        .map(|(how, _)| *how)
}

/// Whether options such as `NODE_OPTIONS` load code, rather than set limits.
pub(super) fn loads_code(options: &str) -> bool {
    options
        .split_ascii_whitespace()
        .any(|word| LOADING.iter().any(|o| word.trim_start_matches('\'').starts_with(o)))
}

/// Whether `name` is `known`, in which one `*` stands for any characters.
fn is(known: &str, name: &str) -> bool {
    match known.split_once('*') {
        None => known == name,
        Some((begin, end)) => {
            name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Carrier, carrier};

    #[test]
    fn names_may_have_a_part_of_their_own() {
        assert_eq!(carrier("CARGO_TARGET_X_RUNNER"), Some(Carrier::Command));
        assert_eq!(carrier("GIT_CONFIG_VALUE_0"), Some(Carrier::GitSetting));
        assert_eq!(carrier("TAR_OPTIONS"), Some(Carrier::Words("tar")));
        assert_eq!(carrier("CARGO_TARGET_RUNNER"), None);
        assert_eq!(carrier("CARGO_TARGET_DIR"), None);
        assert_eq!(carrier("PATH"), None);
    }
}
