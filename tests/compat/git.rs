//! git on local repositories: the everyday verbs, cloning by path and by URL, hooks, worktrees.

use crate::workload::{Workload, around, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    inside("git-everyday", EVERYDAY, &["Merge branch 'side'", "?? new", "rebased"]),
    inside("git-clone", CLONE, &["path url bare", "pulled"]),
    around("git-hooks", HOOKS, &["pre-commit ran", "commit-msg ran", "refused by the hook"]),
    inside("git-worktree-submodule", WORKTREE, &["two trees", "part.txt"]),
    inside(
        "git-trees-and-rebases",
        TREES,
        &["by URL", "part 2", "rewritten", "stashed away", "split"],
    ),
    inside("git-maintenance", MAINTENANCE, &["packed", "found: third"]),
    inside("git-config-local", CONFIG, &["Somebody"]),
    inside("git-clean", CLEAN, &["kept"]),
];

pub(crate) const EVERYDAY: &str = r#"
set -euo pipefail
export GIT_AUTHOR_DATE='2024-01-01T00:00:00Z' GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
git init -q .
echo one >a && git add a && git commit -q -m one
git switch -q -c side && echo two >b && git add b && git commit -q -m two
git switch -q main && echo three >c && git add . && git commit -q -m three
git merge -q --no-edit side && git log --format=%s -1
echo more >>a && git diff --stat && git stash -q && git status --short && git stash pop -q
git status --short
git commit -q -a -m more
touch new && git status --short && rm new
git switch -q -c topic HEAD~1 && echo d >d && git add d && git commit -q -m topic
git rebase -q main && git log --format=%s -1 && echo rebased
git switch -q main && git merge -q --ff-only topic && git branch -d -q topic side
git tag -a -m tagged v1 && git describe && git mv a z && git rm -q b && git commit -q -m moved
git restore --source=HEAD~1 a && git checkout -q -- .
git log --oneline --graph && git blame z | wc -l && git cat-file -p HEAD | head -2
echo x >y && git add y && git reset -q && git rev-parse HEAD
"#;

pub(crate) const CLONE: &str = r#"
set -euo pipefail
git init -q one && cd one && echo x >x && git add x && git commit -q -m x && cd ..
git clone -q one by-path && git clone -q "file://$PWD/one" by-url && git clone -q --bare one bare.git
cat by-path/x by-url/x >/dev/null && test -f bare.git/HEAD && echo path url bare
git clone -q --depth 1 "file://$PWD/one" shallow && git -C shallow log --format=%s
cd one && echo y >y && git add y && git commit -q -m y && cd ../by-url && git fetch -q && git pull -q --rebase
git log --format=%s && git ls-remote --heads origin | cut -f2 && echo pulled
"#;

/// The hooks are there already: that an agent makes one is gate one's to refuse.
const HOOKS: &str = r##"
set -euo pipefail
git init -q .
printf '#!/bin/sh\necho "pre-commit ran in $(basename "$(git rev-parse --git-dir)")"\n! test -e stop\n' \
    >.git/hooks/pre-commit
printf '#!/bin/sh\necho "commit-msg ran on $(cat "$1")"\n' >.git/hooks/commit-msg
chmod +x .git/hooks/*-commit .git/hooks/commit-msg
echo a >a && $BOX git add a && $BOX git commit -q -m first 2>&1
touch stop && echo b >>a
$BOX git commit -q -a -m second 2>&1 || echo refused by the hook
git log --format=%s
"##;

const WORKTREE: &str = r#"
set -euo pipefail
git init -q part && (cd part && touch part.txt && git add . && git commit -q -m part)
git init -q whole && (cd whole && touch a && git add a && git commit -q -m a)
git -C whole worktree add -q "$PWD/second" -b second && test -f second/a && echo two trees
git -C whole -c protocol.file.allow=always submodule --quiet add "$PWD/part" sub && ls whole/sub
git -C whole commit -q -m sub && git -C whole submodule --quiet foreach pwd
git -C whole worktree remove "$PWD/second" && git -C whole worktree list | wc -l
"#;

const TREES: &str = r#"
set -euo pipefail
export GIT_AUTHOR_DATE='2024-01-01T00:00:00Z' GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
export GIT_ALLOW_PROTOCOL=file
git init -q part && (cd part && echo 1 >v && git add . && git commit -q -m 'part 1')
git init -q whole && cd whole && echo a >a && git add a && git commit -q -m a
git submodule --quiet add "file://$PWD/../part" sub && git commit -q -m sub && echo "by URL $(cat sub/v)"
(cd ../part && echo 2 >v && git commit -qam 'part 2') && git submodule --quiet update --remote sub
git -C sub log -1 --format=%s && git commit -qam moved && git submodule status | cut -d' ' -f3
git worktree add -q -b side ../side HEAD~1 && cd ../side && git submodule --quiet update --init
for n in 1 2 3; do echo $n >f$n && git add f$n && git commit -q -m "step $n"; done
GIT_SEQUENCE_EDITOR='sed -i -e 2s/pick/squash/ -e 3s/pick/reword/' GIT_EDITOR='sed -i 1s/step/rewritten/' git rebase -q -i HEAD~3 >/dev/null
git log --format=%s -2 && git rebase -q main && git log --oneline | wc -l
echo x >>a && echo y >untracked && git stash -q -u && git status --short && git stash list | wc -l
git switch -q -c other && git stash pop -q && git status --short && git commit -qam 'stashed away' && git log -1 --format=%s
cd ../whole && git worktree list | wc -l && git worktree remove --force ../side && git worktree prune
git rebase -q --onto main~1 main~1 other && git cherry-pick --allow-empty -x main >/dev/null && echo split
git submodule --quiet deinit -f sub && git submodule status | cut -c1
"#;

const MAINTENANCE: &str = r#"
set -euo pipefail
git init -q .
for word in first second third fourth fifth; do
    echo $word >>a; git add a; git commit -q -m $word
done
git gc -q && ls .git/objects/pack/*.pack | wc -l && git fsck --strict && echo packed
git bisect start HEAD HEAD~4 >/dev/null
git bisect run sh -c '! grep -q third a' >/dev/null
echo "found: $(git log -1 --format=%s refs/bisect/bad)"
git bisect reset >/dev/null 2>&1 && git archive --format=tar HEAD | tar -t && git grep -c fifth
git format-patch -q -1 --stdout | tail -1 >/dev/null && git cherry-pick --quit && git reflog | wc -l
"#;

const CONFIG: &str = r#"
git init -q . && git config user.name Somebody && git config user.name
"#;

const CLEAN: &str = r#"
git init -q . && touch kept loose && git add kept && git clean -f -q && ls
"#;
