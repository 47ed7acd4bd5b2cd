//! What reasons say of this very machine: a real repository and real files, judged from end to end.

use super::scene::{Scene, git, put, scene};
use crate::model::decision::Decision::{self, Allow, Ask};
use crate::policy::resolved::Policy;
use std::fs;
use std::os::unix::fs::symlink;

/// One text: what is decided, by which rule, and what the reason says.
type Case<'a> = (&'a str, Decision, &'a str, &'a str);

fn hold(scene: &Scene, policy: &Policy, cases: &[Case<'_>]) {
    let mut wrong = Vec::new();
    for (text, decision, rule, says) in cases {
        let verdict = scene.judged(text, policy);
        let says = says.replace("{ws}", scene.work.to_str().unwrap());
        let named = verdict.findings.iter().find(|finding| finding.rule.as_str() == *rule);
        let reason = named.map_or(verdict.reason.as_str(), |finding| finding.reason.as_str());
        if verdict.decision != *decision || reason != says {
            wrong.push(format!(
                "`{text}`\n  {} {}: {reason}\n  {decision} {rule}: {says}",
                verdict.decision, verdict.rule
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[rustfmt::skip]
fn deletions_are_told_by_what_git_knows_of_each_file() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    put(&scene.work.join("src/extra/new.rs"), &"x".repeat(41_000));
    put(&scene.work.join("src/x.log"), "12345");
    put(&scene.work.join("nested/.git/HEAD"), "ref: refs/heads/main\n");
    symlink("src", scene.work.join("link")).unwrap();
    hold(&scene, &policy, &[
        ("rm -r drafts", Ask, "delete.lost", "deletes {ws}/drafts: 2 untracked files (22 B) that git cannot bring back"),
        ("rm src/changed.rs", Ask, "delete.lost", "deletes {ws}/src/changed.rs: 1 modified file (8 B) that git cannot bring back"),
        // Two tracked files are there as well: git has one of them.
        ("rm -rf src", Ask, "delete.lost", "deletes {ws}/src: 1 modified file (8 B), 1 untracked file (41 kB) and 1 ignored file (5 B) that git cannot bring back"),
        ("rm notes.txt src/x.log", Ask, "delete.lost", "deletes {ws}/notes.txt and {ws}/src/x.log: 1 untracked file (11 B) and 1 ignored file (5 B) that git cannot bring back"),
        ("git clean -fd drafts", Ask, "delete.lost", "deletes {ws}/drafts/one.md and {ws}/drafts/two.md: 2 untracked files (22 B) that git cannot bring back"),
        ("rm -rf nested", Ask, "delete.lost", "deletes {ws}/nested: 1 file (21 B) that git cannot bring back"),
        ("rm link/changed.rs", Ask, "delete.lost", "deletes {ws}/src/changed.rs: 1 modified file (8 B) that git cannot bring back; by way of a link: {ws}/link/changed.rs"),
        ("rm link", Ask, "delete.lost", "deletes {ws}/link: 1 untracked file (3 B) that git cannot bring back; it is a link to src, which stays"),
        ("rm README.md src/main.rs", Allow, "", "everything it would do may happen without a person; the sandbox of profile dev-box bounds what runs"),
        ("rm -rf target", Allow, "", "everything it would do may happen without a person; the sandbox of profile dev-box bounds what runs"),
    ]);
}

#[test]
fn a_bound_that_is_hit_is_said() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    for n in 0..21_000 {
        let dir = scene.work.join(format!("many/{}", n / 1000));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join(format!("{n}")), "").unwrap();
    }
    let verdict = scene.judged("rm -rf many", &policy);
    assert_eq!((verdict.decision, verdict.rule.as_str()), (Ask, "delete.lost"));
    let could =
        verdict.reason.contains(": more than ") || verdict.reason.contains("could not be counted");
    assert!(could, "{}", verdict.reason);
}

#[test]
fn what_is_made_again_is_told_by_the_file_that_says_how() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    let cases = [
        ("node_modules", "package.json", Allow),
        ("node_modules", "composer.json", Ask),
        ("vendor", "composer.json", Allow),
        ("vendor", "go.mod", Allow),
        ("vendor", "package.json", Ask),
        ("target", "Cargo.toml", Allow),
        ("target", "package.json", Ask),
        (".venv", "requirements.txt", Allow),
        (".venv", ".venv/pyvenv.cfg", Allow),
        (".venv", "notes", Ask),
        ("build", "CMakeLists.txt", Allow),
        ("build", "notes", Ask),
        ("__pycache__", "notes", Allow),
    ];
    for (nth, (dir, manifest, decision)) in cases.into_iter().enumerate() {
        // Not ignored, and git has none of it.
        fs::write(scene.work.join(".gitignore"), "").unwrap();
        let at = scene.work.join(format!("p{nth}"));
        put(&at.join(dir).join("deep/file"), "x");
        put(&at.join(manifest), "x");
        let verdict = scene.judged(&format!("rm -rf p{nth}/{dir}"), &policy);
        assert_eq!(verdict.decision, decision, "{dir} beside {manifest}: {}", verdict.reason);
        let verdict = scene.judged(&format!("rm p{nth}/{dir}/deep/file"), &policy);
        assert_eq!(verdict.decision, decision, "in {dir} beside {manifest}: {}", verdict.reason);
    }
    fs::write(scene.work.join(".gitignore"), "build/\n").unwrap();
    put(&scene.work.join("q/build/file"), "x");
    assert_eq!(scene.judged("rm -rf q/build", &policy).decision, Allow);
}

#[test]
#[rustfmt::skip]
fn git_tells_what_a_command_throws_away() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    hold(&scene, &policy, &[
        ("git reset --hard", Ask, "git.discard", "throws away changes in 1 tracked file that are not committed: src/changed.rs"),
        ("git checkout -f topic", Ask, "git.discard", "throws away changes in 1 tracked file that are not committed: src/changed.rs"),
        ("git branch -D topic", Ask, "git.delete-branch", "deletes the branch topic: no other branch stands where it does, and it follows none of a remote"),
        ("git push -f origin main", Decision::Deny, "git.force-push", "history that others have is overwritten on the remote: main, the branch others start from"),
        ("git stash drop", Decision::Deny, "git.drop", "commits that nothing else holds become unreachable"),
    ]);
}

#[test]
#[rustfmt::skip]
fn stashes_are_told_by_name() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    let work = &scene.work;
    for name in ["one", "two"] {
        put(&work.join("README.md"), name);
        git(work, &["stash", "push", "-q", "-m", name, "--", "README.md"]);
    }
    hold(&scene, &policy, &[
        ("git stash drop", Decision::Deny, "git.drop", "drops 1 of 2 stashes: On main: two"),
        ("git stash drop 1", Decision::Deny, "git.drop", "drops 1 of 2 stashes: On main: one"),
        ("git stash clear", Decision::Deny, "git.drop", "drops all 2 stashes, the latest being On main: two"),
    ]);
}

#[test]
#[rustfmt::skip]
fn changes_are_told_by_name() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    let work = &scene.work;
    for name in ["README.md", "a.txt", "Cargo.toml"] {
        put(&work.join(name), "changed");
    }
    hold(&scene, &policy, &[
        ("git reset --hard HEAD~1", Ask, "git.discard", "throws away changes in 4 tracked files that are not committed: Cargo.toml, README.md, a.txt and 1 more; main moves away from commits that no other branch stands at: no other branch stands where it does, and it follows none of a remote"),
    ]);
    let verdict = scene.judged("git checkout -- README.md; git restore a.txt src/main.rs", &policy);
    let told: Vec<&str> = verdict.findings.iter().map(|finding| finding.reason.as_str()).collect();
    let of = |name| format!("throws away changes in 1 tracked file that are not committed: {name}");
    assert_eq!((verdict.decision, told), (Allow, vec![&*of("README.md"), &*of("a.txt")]));
    git(work, &["checkout", "-qf", "main"]);
    hold(&scene, &policy, &[
        ("git reset --hard", Ask, "git.discard", "no tracked file differs from what is staged; what is staged and not committed goes"),
        // The text itself has changed something before.
        ("echo x > README.md; git reset --hard", Ask, "git.discard", "changes in the work tree that are not committed are thrown away"),
        ("GIT_DIR=/elsewhere/.git git reset --hard", Ask, "git.discard", "changes in the work tree that are not committed are thrown away"),
        ("git reset --hard \"$UNKNOWN_ELSEWHERE$(./x)\"", Ask, "git.discard", "changes in the work tree that are not committed are thrown away"),
        ("git reset --hard HEAD~1", Ask, "git.discard", "no tracked file has changes, but main moves away from commits that no other branch stands at: no other branch stands where it does, and it follows none of a remote"),
        // notes.txt and others are not in git, and may stand in the way of what topic has.
        ("git checkout -f topic", Ask, "git.discard", "changes in the work tree that are not committed are thrown away"),
    ]);
}

#[test]
fn whose_it_is_is_told_when_it_is_not_the_persons() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    let file = scene.work.join("drafts/one.md");
    let owner = |text: &str| {
        let reason = scene.judged(text, &policy).reason;
        reason.split_once("; it belongs to the user ").map(|(_, name)| name.to_owned())
    };
    assert_eq!(owner("rm drafts/one.md"), None);
    if std::os::unix::fs::chown(&file, Some(60_123), None).is_ok() {
        assert_eq!(owner("rm drafts/one.md").as_deref(), Some("60123"));
    }
    // Whoever runs this: what is the superuser's is told to everybody else, and to nobody who is root.
    let root = (crate::sys::passwd::uid() != 0).then(|| "root".to_owned());
    let call = scene.judged("rm /etc/passwd", &policy).reason;
    assert_eq!(call.split_once("; it belongs to the user ").map(|(_, name)| name.to_owned()), root);
}

#[test]
#[rustfmt::skip]
fn branches_are_told_by_where_the_remote_is() {
    let scene = scene();
    let policy = scene.policy("dev-box");
    let (work, far) = (&scene.work, scene.work.with_file_name("far.git"));
    let far = far.to_str().unwrap();
    git(work, &["init", "-q", "--bare", far]);
    git(work, &["remote", "add", "origin", far]);
    git(work, &["push", "-q", "-u", "origin", "main", "topic"]);
    hold(&scene, &policy, &[("git branch -D topic", Ask, "git.delete-branch", "no commit is lost: origin/topic stands where topic does")]);
    git(work, &["checkout", "-q", "topic"]);
    for message in ["a", "b"] {
        git(work, &["commit", "-q", "--allow-empty", "-m", message]);
    }
    git(work, &["checkout", "-qf", "main"]);
    git(work, &["pack-refs", "--all"]);
    hold(&scene, &policy, &[
        ("git branch -D topic", Ask, "git.delete-branch", "deletes the branch topic: its log has 2 commits since it was where origin/topic is"),
        ("git push -f origin topic", Decision::Deny, "git.force-push", "history that others have is overwritten on the remote: origin/topic"),
        ("git push -f origin HEAD:main", Decision::Deny, "git.force-push", "history that others have is overwritten on the remote: main, the branch others start from"),
    ]);
}
