//! What gate one is known to miss, each with the reason. An entry that is missed no more fails the suite.

use crate::observe::Fact;
use std::path::Path;

/// One miss that is understood.
#[derive(Debug)]
pub struct Known {
    /// A text that holds these words is explained by it,
    words: &'static str,
    /// as far as it happened there.
    place: fn(&Path) -> bool,
    /// A text that shows it.
    pub text: &'static str,
    /// Why nothing foresees it.
    pub reason: &'static str,
}

pub const KNOWN: &[Known] = &[
    Known {
        words: "git stash",
        place: in_work,
        text: "git stash -qu",
        reason: "git keeps what it takes away, and gives it back: no effect is told, or every stash would look like a loss",
    },
    Known {
        words: "git reset",
        place: in_work,
        text: "git reset -q --hard side",
        reason: "told is that contents are thrown away, not that files go which the other revision lacks, or that it is the whole work tree when called from below",
    },
    Known {
        words: "git config",
        place: git_settings,
        text: "git config user.x y",
        reason: "what git's settings run is read from the words; the file itself is not told, or every `git config user.name` would be a change of settings",
    },
    Known {
        words: "git remote",
        place: git_settings,
        text: "git remote add o /nowhere",
        reason: "as with `git config`",
    },
    Known {
        words: "git sparse-checkout",
        place: git_settings,
        text: "git sparse-checkout set d1",
        reason: "as with `git config`",
    },
    Known {
        words: "git clean",
        place: in_work,
        text: "git clean -fq empty",
        reason: "an empty directory, or a link, that is named goes as well: nothing is in it",
    },
    Known {
        words: "cp --parents",
        place: in_work,
        text: "cd far; cp --parents \"$PWD/../n\" ..",
        reason: "the directories of the source are made again with the `..` that are written in it",
    },
];

/// In the work tree, not in git's records.
fn in_work(path: &Path) -> bool {
    !path.iter().any(|part| part == ".git")
}

/// A file of git's settings.
fn git_settings(path: &Path) -> bool {
    path.ends_with(".git/config") || path.ends_with(".git/config.worktree")
}

/// Whether a miss of a text is explained.
pub fn explains(text: &str, fact: &Fact) -> bool {
    KNOWN.iter().any(|known| text.contains(known.words) && (known.place)(fact.path()))
}
