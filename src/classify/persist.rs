//! Files that are run later by somebody else: hooks, start-up files, keys, timers, agent settings.
//!
//! A small table matched on path components; what is written there is not looked at.

use crate::model::finding::Severity;
use std::path::{Path, PathBuf};

/// Why a file matters after the command is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lasting {
    /// The rule it belongs to.
    pub(super) rule: &'static str,
    /// How grave it is to write there.
    pub(super) severity: Severity,
    /// What happens with it later, to complete "writes X, which ...".
    pub(super) why: &'static str,
}

const fn lasting(rule: &'static str, severity: Severity, why: &'static str) -> Lasting {
    Lasting { rule, severity, why }
}

const HOOK: Lasting = lasting("persist.hook", Severity::Danger, "git runs without asking");
const STARTUP: Lasting =
    lasting("persist.startup", Severity::Danger, "every new shell or login runs");
const STARTUP_OF_PYTHON: Lasting =
    lasting("persist.startup", Severity::Caution, "every Python that finds it runs");
const KEYS: Lasting = lasting("persist.keys", Severity::Danger, "lets others log in");
const TIMER: Lasting = lasting("persist.schedule", Severity::Danger, "the system runs by itself");
const AGENT: Lasting =
    lasting("persist.agent", Severity::Danger, "sets what an agent may do or runs");
const EDITOR: Lasting =
    lasting("persist.editor", Severity::Caution, "an editor or a shell runs on entering");

/// Paths below the home; a last `*` stands for anything below.
const BELOW_HOME: &[(&str, Lasting)] = &[
    (".bashrc", STARTUP),
    (".bash_profile", STARTUP),
    (".bash_login", STARTUP),
    (".bash_logout", STARTUP),
    (".bash_aliases", STARTUP),
    (".profile", STARTUP),
    (".zshrc", STARTUP),
    (".zshenv", STARTUP),
    (".zprofile", STARTUP),
    (".zlogin", STARTUP),
    (".config/fish/config.fish", STARTUP),
    (".config/fish/conf.d/*", STARTUP),
    (".xinitrc", STARTUP),
    (".xprofile", STARTUP),
    (".xsession", STARTUP),
    (".pam_environment", STARTUP),
    (".config/autostart/*", STARTUP),
    (".inputrc", STARTUP),
    (".vimrc", STARTUP),
    (".config/environment.d/*", STARTUP),
    (".config/systemd/user/*", TIMER),
    (".ssh/authorized_keys", KEYS),
    (".ssh/authorized_keys2", KEYS),
    (".ssh/rc", STARTUP),
    (".ssh/config", KEYS),
    (".ssh/environment", STARTUP),
    (".gitconfig", HOOK),
    (".config/git/config", HOOK),
    (".config/git/hooks/*", HOOK),
    (".claude.json", AGENT),
    (".claude/plugins/*", AGENT),
    (".codex/*", AGENT),
    (".gemini/*", AGENT),
    (".cursor/*", AGENT),
    (".config/stockade/*", AGENT),
    (".local/state/stockade/*", AGENT),
];

/// Absolute paths.
const SYSTEM: &[(&str, Lasting)] = &[
    ("/etc/crontab", TIMER),
    ("/etc/cron.d/*", TIMER),
    ("/etc/cron.daily/*", TIMER),
    ("/etc/cron.hourly/*", TIMER),
    ("/etc/cron.weekly/*", TIMER),
    ("/etc/cron.monthly/*", TIMER),
    ("/var/spool/cron/*", TIMER),
    ("/etc/systemd/*", TIMER),
    ("/lib/systemd/system/*", TIMER),
    ("/usr/lib/systemd/*", TIMER),
    ("/etc/init.d/*", TIMER),
    ("/etc/rc.local", TIMER),
    ("/etc/profile", STARTUP),
    ("/etc/profile.d/*", STARTUP),
    ("/etc/bash.bashrc", STARTUP),
    ("/etc/zsh/*", STARTUP),
    ("/etc/environment", STARTUP),
    ("/etc/ld.so.preload", STARTUP),
    ("/etc/ld.so.conf.d/*", STARTUP),
    ("/etc/pam.d/*", KEYS),
    ("/etc/sudoers", KEYS),
    ("/etc/sudoers.d/*", KEYS),
    ("/etc/passwd", KEYS),
    ("/etc/shadow", KEYS),
    ("/etc/group", KEYS),
    ("/etc/ssh/*", KEYS),
    ("/root/.ssh/authorized_keys", KEYS),
    ("/etc/udev/rules.d/*", TIMER),
    ("/etc/xdg/autostart/*", STARTUP),
    ("/etc/apt/apt.conf.d/*", TIMER),
    ("/etc/stockade/*", AGENT),
];

/// Components that matter wherever they lie, deepest first.
const ANYWHERE: &[(&[&str], Lasting)] = &[
    (&[".git", "hooks", "*"], HOOK),
    (&[".git", "config"], HOOK),
    (&[".git", "config.worktree"], HOOK),
    (&[".git", "info", "attributes"], HOOK),
    (&[".claude", "settings.json"], AGENT),
    (&[".claude", "settings.local.json"], AGENT),
    (&[".claude", "hooks", "*"], AGENT),
    (&[".codex", "*"], AGENT),
    (&[".cursor", "mcp.json"], AGENT),
    (&[".cursor", "hooks.json"], AGENT),
    (&[".gemini", "settings.json"], AGENT),
    (&[".mcp.json"], AGENT),
    (&[".stockade.toml"], AGENT),
    (&["usercustomize.py"], STARTUP_OF_PYTHON),
    (&["sitecustomize.py"], STARTUP_OF_PYTHON),
    (&[".vscode", "tasks.json"], EDITOR),
    (&[".vscode", "settings.json"], EDITOR),
    (&[".vscode", "launch.json"], EDITOR),
    (&[".idea", "workspace.xml"], EDITOR),
    (&[".envrc"], EDITOR),
    (&[".husky", "*"], HOOK),
];

/// Why writing to `path` outlasts the command, if it does.
pub(super) fn lasts(path: &Path, home: &Path) -> Option<Lasting> {
    // Bytes are compared, so the path has to be in its plain form.
    let bytes = path.as_os_str().as_encoded_bytes();
    let odd = |three: &[u8]| three.starts_with(b"//") || three == b"/./" || three.ends_with(b"//");
    let ends_oddly = bytes.len() > 1 && (bytes.ends_with(b"/") || bytes.ends_with(b"/."));
    if ends_oddly || bytes.windows(3).any(odd) {
        let normal: PathBuf = path.components().collect();
        return lasts_plain(&normal, home);
    }
    lasts_plain(path, home)
}

fn lasts_plain(path: &Path, home: &Path) -> Option<Lasting> {
    let listed = |table: &[(&str, Lasting)], path: &Path| {
        table.iter().find(|(entry, _)| fits(path, entry)).map(|(_, lasting)| *lasting)
    };
    listed(SYSTEM, path)
        .or_else(|| path.strip_prefix(home).ok().and_then(|below| listed(BELOW_HOME, below)))
        .or_else(|| anywhere(path))
}

fn anywhere(path: &Path) -> Option<Lasting> {
    // All of them begin with a dot.
    let bytes = path.as_os_str().as_encoded_bytes();
    if !bytes.starts_with(b".") && !bytes.windows(2).any(|pair| pair == b"/.") {
        return None;
    }
    let parts: Vec<&str> = path.components().filter_map(|c| c.as_os_str().to_str()).collect();
    let ends = |pattern: &[&str]| {
        // a last `*` stands for one or more components
        let (fixed, open) = match pattern.split_last() {
            Some((&"*", fixed)) => (fixed, true),
            _ => (pattern, false),
        };
        parts.windows(fixed.len().max(1)).enumerate().any(|(at, window)| {
            let rest = parts.len() - at - window.len();
            window == fixed && if open { rest >= 1 } else { rest == 0 }
        })
    };
    let found = ANYWHERE.iter().find(|(pattern, _)| ends(pattern));
    // samples do nothing until they are renamed
    found.filter(|_| path.extension().is_none_or(|e| e != "sample")).map(|(_, lasting)| *lasting)
}

fn fits(path: &Path, entry: &str) -> bool {
    let path = path.as_os_str().as_encoded_bytes();
    match entry.strip_suffix('*') {
        Some(directory) => path.len() > directory.len() && path.starts_with(directory.as_bytes()),
        None => path == entry.as_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::lasts;
    use std::path::Path;

    #[test]
    fn lasting_files_are_recognised_by_their_components() {
        let cases = [
            ("/w/.git/hooks/pre-commit", "persist.hook"),
            ("/w/.git/hooks/pre-commit.sample", ""),
            ("/w/.git/config", "persist.hook"),
            ("/w/.gitignore", ""),
            ("/home/u/.bashrc", "persist.startup"),
            ("/w/.bashrc", ""),
            ("/home/u/.ssh/authorized_keys", "persist.keys"),
            ("/etc/cron.d/x", "persist.schedule"),
            ("/w/.claude/settings.json", "persist.agent"),
            ("/w/.claude/commands/x.md", ""),
            ("/w/.vscode/tasks.json", "persist.editor"),
            ("/w/.envrc", "persist.editor"),
            ("/w/src/main.rs", ""),
            ("/etc//cron.d/./x", "persist.schedule"),
            ("/etc/cron.d/", ""),
            ("/etc/cron.d", ""),
            ("/etc/passwd/", "persist.keys"),
            ("/home/u/./.config//autostart/x", "persist.startup"),
        ];
        for (path, rule) in cases {
            let found = lasts(Path::new(path), Path::new("/home/u"));
            assert_eq!(found.map_or("", |l| l.rule), rule, "{path}");
        }
    }
}
