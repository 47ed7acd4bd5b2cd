//! The settings of git-config(1) that name no program and lead git to no other file, as tables.
//!
//! What is not listed is refused when it is new: a list of the harmful ones would be out of date.

use super::config::Setting;

/// Sections whose every variable (without a subsection) is a word or a switch.
const SECTIONS: &[&str] = &[
    "advice",
    "blame",
    "clean",
    "color",
    "column",
    "commit",
    "feature",
    "fetch",
    "index",
    "log",
    "pull",
    "push",
    "rebase",
    "rerere",
    "stash",
    "status",
    "tag",
    "transfer",
    "versionsort",
];

/// Single variables.
const SINGLE: &[&str] = &[
    "apply.whitespace",
    "branch.autosetupmerge",
    "branch.autosetuprebase",
    "branch.sort",
    "core.abbrev",
    "core.autocrlf",
    "core.bare",
    "core.bigfilethreshold",
    "core.checkstat",
    "core.commentchar",
    "core.compression",
    "core.eol",
    "core.filemode",
    "core.fscache",
    "core.ignorecase",
    "core.logallrefupdates",
    "core.longpaths",
    "core.multipackindex",
    "core.precomposeunicode",
    "core.preloadindex",
    "core.quotepath",
    "core.repositoryformatversion",
    "core.safecrlf",
    "core.sharedrepository",
    "core.sparsecheckout",
    "core.sparsecheckoutcone",
    "core.symlinks",
    "core.trustctime",
    "core.untrackedcache",
    "core.whitespace",
    "diff.algorithm",
    "diff.mnemonicprefix",
    "diff.noprefix",
    "diff.renamelimit",
    "diff.renames",
    "diff.submodule",
    "extensions.compatobjectformat",
    "extensions.objectformat",
    "extensions.partialclone",
    "extensions.preciousobjects",
    "extensions.refstorage",
    "extensions.relativeworktrees",
    "extensions.worktreeconfig",
    // not the whole section: gc.recentObjectsHook is a program
    "gc.auto",
    "gc.autodetach",
    "gc.pruneexpire",
    "gpg.format",
    "grep.linenumber",
    "i18n.commitencoding",
    "i18n.logoutputencoding",
    "init.defaultbranch",
    "lfs.repositoryformatversion",
    "maintenance.auto",
    "maintenance.strategy",
    "merge.conflictstyle",
    "merge.ff",
    "merge.log",
    "merge.renamelimit",
    "merge.renames",
    "merge.stat",
    "pack.threads",
    "pack.windowmemory",
    "receive.denycurrentbranch",
    "receive.denydeletes",
    "receive.denynonfastforwards",
    "remote.pushdefault",
    "submodule.active",
    "submodule.alternateerrorstrategy",
    "submodule.alternatelocation",
    "submodule.fetchjobs",
    "submodule.propagatebranches",
    "submodule.recurse",
    "user.email",
    "user.name",
    "user.signingkey",
    "user.useconfigonly",
];

/// Variables below a subsection.
const BELOW: &[(&str, &[&str])] = &[
    ("branch", &["description", "merge", "pushremote", "rebase", "remote"]),
    (
        "remote",
        &[
            "fetch",
            "followremotehead",
            "mirror",
            "partialclonefilter",
            "promisor",
            "prune",
            "prunetags",
            "push",
            "pushurl",
            "skipdefaultupdate",
            "skipfetchall",
            "tagopt",
            "url",
        ],
    ),
    (
        "submodule",
        &["active", "branch", "fetchrecursesubmodules", "ignore", "shallow", "update", "url"],
    ),
];

/// Ways to name a repository that git reaches without a helper chosen by the name (git-remote-ext(1)).
const TRANSPORTS: &[&str] = &["https://", "http://", "ssh://", "git://", "file://"];

/// Whether a setting is harmless whatever else is set.
pub(super) fn is_harmless(setting: &Setting, leads_inside: &dyn Fn(&str) -> bool) -> bool {
    let (section, variable) = (setting.section.as_str(), setting.variable.as_str());
    let value = setting.value.as_deref().unwrap_or("");
    let Some(subsection) = &setting.subsection else {
        let key = format!("{section}.{variable}");
        return match key.as_str() {
            // Where a submodule's files lie: elsewhere git would overwrite what is not its own.
            "core.worktree" => leads_inside(value),
            _ => SECTIONS.contains(&section) || SINGLE.contains(&key.as_str()),
        };
    };
    let listed =
        BELOW.iter().any(|(name, variables)| *name == section && variables.contains(&variable));
    let plain = match (section, variable) {
        ("remote" | "submodule", "url" | "pushurl") => names_repository(value),
        ("submodule", "update") => !value.starts_with('!'),
        _ => true,
    };
    listed && plain && !subsection.starts_with('-')
}

/// A path, `host:path`, or one of the built-in transports; never `helper::address`.
fn names_repository(url: &str) -> bool {
    let built_in = TRANSPORTS.iter().any(|transport| url.starts_with(transport));
    !url.starts_with('-') && !url.contains("::") && (built_in || !url.contains("://"))
}
