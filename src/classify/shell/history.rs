//! Dangers that git's model names, told with what this repository holds: which changes, commits, stashes would
//! go. One of which nothing would go becomes a notice; without a repository to ask all stay as they are.

use super::Shell;
use super::state::State;
use crate::classify::effects;
use crate::classify::programs::reading::{Call, Object, Reading};
use crate::classify::value::Value;
use crate::model::effect::{Access, Count, Reach};
use crate::model::finding::{Finding, RuleId, Severity};
use crate::model::target::Place;
use crate::model::world::{Branch, Changes};
use std::path::PathBuf;

impl Shell<'_> {
    /// The dangers of a call of git with figures in them.
    pub(super) fn with_history(&self, reading: &mut Reading, call: &Call<'_>, state: &State) {
        let of_git = |finding: &Finding| finding.rule.as_str().starts_with("git.");
        let named = reading.findings.iter().any(of_git);
        if self.realm.elsewhere.is_some() || !(named || puts_back(call)) {
            return;
        }
        // Another repository may be meant, or another commit.
        let told = call.argv.iter().all(|word| {
            word.as_str().is_some_and(|word| {
                !word.starts_with("--git-dir") && !word.starts_with("--work-tree")
            })
        });
        let moved = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"]
            .iter()
            .any(|name| state.variables.contains_key(*name) || self.invocation.var(name).is_some());
        if !told || moved || state.blind {
            return;
        }
        if !named {
            return self.put_back(reading, state);
        }
        let Some(dir) = self.work_tree(reading, state) else { return };
        for finding in reading.findings.iter_mut().filter(|finding| of_git(finding)) {
            match finding.rule.as_str() {
                "git.discard" => self.discarded(finding, call, &dir),
                "git.delete-branch" => self.branches_gone(finding, call, &dir),
                "git.drop" => self.stashes_gone(finding, call, &dir),
                "git.force-push" => self.overwritten(finding, call, &dir),
                _ => {}
            }
        }
    }

    /// `checkout -- f`, `restore f`: to take one's own edits back is everyday and not asked about, but told.
    fn put_back(&self, reading: &mut Reading, state: &State) {
        let trees = reading
            .uses
            .iter()
            .filter(|one| one.access == Access::Write && one.reach == Reach::Tree);
        let mut told = Vec::new();
        for one in trees {
            let Object::Path(value) = &one.object else { continue };
            let places = effects::places(value, &state.directories);
            let [Place::Exact(path)] = places.as_slice() else { continue };
            let changes = self.world.changes(path).filter(|c| c.scale.files != Count::Exactly(0));
            let Some(changes) = changes else { continue };
            told.push(Finding {
                rule: RuleId::named("git.discard"),
                severity: Severity::Notice,
                span: one.span,
                reason: thrown_away(&changes),
                instead: None,
            });
        }
        reading.findings.extend(told);
    }

    /// Where git works: the tree it writes to, else the directory.
    fn work_tree(&self, reading: &Reading, state: &State) -> Option<PathBuf> {
        let tree = reading.uses.iter().find_map(|one| match &one.object {
            Object::Path(value) if one.access == Access::Write && one.reach == Reach::Tree => {
                Some(value)
            }
            _ => None,
        });
        let here = Value::constant(".", crate::model::finding::Span::default());
        let places = effects::places(tree.unwrap_or(&here), &state.directories);
        match places.as_slice() {
            [Place::Exact(only)] => Some(only.clone()),
            _ => None,
        }
    }

    /// `reset --hard`, `checkout -f`: what is not committed, and commits that only this branch has.
    fn discarded(&self, finding: &mut Finding, call: &Call<'_>, dir: &std::path::Path) {
        let Some(changes) = self.world.changes(dir) else { return };
        let commits = words_after(call, "reset").iter().any(|word| *word != "HEAD");
        let branch = commits.then(|| self.world.branch(dir, None)).flatten();
        let kept = !commits || branch.as_ref().is_some_and(|branch| branch.also_at.is_some());
        let left = branch.filter(|_| !kept).map(|branch| moved_away(&branch));
        if changes.scale.files == Count::Exactly(0) {
            // What this very text has changed before is not on disk yet; and what git does not know may
            // stand where another commit has a file.
            let strays = || self.world.strays(dir);
            let same = words_after(call, "reset").iter().all(|word| *word == "HEAD")
                && call.argv.iter().any(|word| word.as_str() == Some("reset"));
            let free = same || {
                let strays = strays();
                strays.complete && strays.untracked.is_empty()
            };
            if kept && free && !self.changed_something() {
                // What is only staged cannot be told from what is committed: it is asked about all the same.
                finding.reason =
                    "no tracked file differs from what is staged; what is staged and not committed goes".to_owned();
            } else if let Some(left) = left {
                finding.reason = format!("no tracked file has changes, but {left}");
            }
            return;
        }
        finding.reason = thrown_away(&changes);
        if let Some(left) = left {
            finding.reason.push_str(&format!("; {left}"));
        }
    }

    /// Whether this text has changed files already.
    fn changed_something(&self) -> bool {
        let changes = |access: Access| {
            matches!(access, Access::Write | Access::Create | Access::Delete | Access::Rename)
        };
        self.found.effects.iter().any(|effect| changes(effect.access))
    }

    /// `branch -D`: commits that no other branch has.
    fn branches_gone(&self, finding: &mut Finding, call: &Call<'_>, dir: &std::path::Path) {
        let names = words_after(call, "branch");
        let known: Vec<Branch> =
            names.iter().filter_map(|name| self.world.branch(dir, Some(name))).collect();
        if names.is_empty() || known.len() < names.len() {
            return;
        }
        let lost: Vec<&Branch> = known.iter().filter(|branch| branch.also_at.is_none()).collect();
        let Some(first) = lost.first() else {
            // Branches may vouch for each other and go one after the other: it is told, and asked about.
            let at = known.iter().filter_map(|branch| {
                Some(format!("{} stands where {} does", branch.also_at.as_ref()?, branch.name))
            });
            finding.reason = format!("no commit is lost: {}", at.collect::<Vec<_>>().join(", "));
            return;
        };
        let more = lost.len() - 1;
        let more = if more > 0 { format!(", and {more} more like it") } else { String::new() };
        finding.reason = format!("deletes the branch {}: {}{more}", first.name, alone(first));
    }

    /// `stash drop`, `stash clear`: which.
    fn stashes_gone(&self, finding: &mut Finding, call: &Call<'_>, dir: &std::path::Path) {
        let words: Vec<&str> = call.argv.iter().filter_map(Value::as_str).collect();
        if !words.contains(&"stash") {
            return;
        }
        let Some(stashes) = self.world.stashes(dir) else { return };
        let number = words.last().and_then(|word| {
            let inner = word.strip_prefix("stash@{").and_then(|rest| rest.strip_suffix('}'));
            inner.unwrap_or(word).parse::<usize>().ok()
        });
        let all = stashes.len();
        finding.reason = match (words.contains(&"clear"), stashes.get(number.unwrap_or(0))) {
            (_, None) => return,
            (true, Some(_)) if all == 1 => format!("drops the only stash: {}", stashes.join("")),
            (true, Some(first)) => format!("drops all {all} stashes, the latest being {first}"),
            (false, Some(one)) => format!("drops 1 of {all} stashes: {one}"),
        };
    }

    /// `push --force`: whose history.
    fn overwritten(&self, finding: &mut Finding, call: &Call<'_>, dir: &std::path::Path) {
        let words = words_after(call, "push");
        let spec = words.get(1).map(|spec| spec.trim_start_matches('+'));
        let local =
            spec.map(|spec| spec.split(':').next().unwrap_or(spec)).filter(|name| *name != "HEAD");
        let Some(branch) = self.world.branch(dir, local) else { return };
        let to =
            spec.and_then(|spec| spec.split_once(':')).map_or(branch.name.as_str(), |(_, to)| to);
        let target = self.world.branch(dir, Some(to));
        if target.is_some_and(|target| target.is_default) {
            finding.reason.push_str(&format!(": {to}, the branch others start from"));
        } else if let Some(upstream) = &branch.upstream {
            finding.reason.push_str(&format!(": {upstream}"));
        }
    }
}

/// Whether files are put back as git has them.
fn puts_back(call: &Call<'_>) -> bool {
    let word = |value: &Value| matches!(value.as_str(), Some("checkout" | "restore"));
    call.name == "git" && call.argv.iter().any(word)
}

fn thrown_away(changes: &Changes) -> String {
    let names: Vec<String> = changes.names.iter().map(|name| name.display().to_string()).collect();
    let files = changes.scale.files.floor();
    let more = files.saturating_sub(names.len() as u64);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let noun = if files == 1 { "tracked file" } else { "tracked files" };
    let names = names.join(", ");
    format!("throws away changes in {files} {noun} that are not committed: {names}{more}")
}

/// The words after a subcommand that are no options.
fn words_after<'c>(call: &Call<'c>, subcommand: &str) -> Vec<&'c str> {
    let words = call.argv.iter().filter_map(Value::as_str);
    let after = words.skip_while(|word| *word != subcommand).skip(1);
    after.filter(|word| !word.starts_with('-')).collect()
}

/// What only this branch has.
fn alone(branch: &Branch) -> String {
    let made = |count: &Count| match count {
        Count::Exactly(1) => "1 commit".to_owned(),
        Count::Exactly(n) => format!("{n} commits"),
        Count::AtLeast(0) => "commits".to_owned(),
        Count::AtLeast(n) => format!("{n} commits or more"),
    };
    match (&branch.upstream, &branch.ahead) {
        (Some(upstream), Some(ahead)) if ahead.floor() > 0 => {
            format!("its log has {} since it was where {upstream} is", made(ahead))
        }
        (Some(upstream), _) => format!("{upstream} stands elsewhere"),
        (None, _) => {
            "no other branch stands where it does, and it follows none of a remote".to_owned()
        }
    }
}

fn moved_away(branch: &Branch) -> String {
    format!(
        "{} moves away from commits that no other branch stands at: {}",
        branch.name,
        alone(branch)
    )
}
