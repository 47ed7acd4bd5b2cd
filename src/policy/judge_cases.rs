//! The judge on one subject at a time, as a table: which profile, what would happen, what is said.

use super::resolved::Policy;
use super::{builtin, example, judge, merge};
use crate::model::assessment::Assessment;
use crate::model::decision::Decision::{self, Allow, Ask, Deny};
use std::borrow::Cow;

pub(super) fn policy(name: &str) -> Policy {
    let top = Cow::Borrowed(builtin::profile(name).unwrap());
    let layers = builtin::chain(top, &|_| Ok(None)).unwrap();
    merge::fold(name, layers, &example::variables()).unwrap()
}

#[rustfmt::skip]
pub(super) const CASES: &[(&str, &str, Decision, &str)] = &[
    // Looking.
    ("dev-box", "read workspace harmless", Allow, "allow"),
    ("dev-box", "read home harmless $HOME/.ssh/id_rsa", Allow, "allow"),
    ("dev-box", "read system harmless /etc/passwd", Allow, "allow"),
    ("dev-box", "read unknown harmless anywhere", Allow, "allow"),
    // Ordinary editing.
    ("dev-box", "write workspace gone files=1", Allow, "allow"),
    ("dev-box", "write workspace git-clean", Allow, "allow"),
    ("dev-box", "create workspace harmless", Allow, "allow"),
    ("dev-box", "rename workspace gone", Allow, "allow"),
    ("dev-box", "chmod workspace harmless tree", Allow, "allow"),
    ("dev-box", "write workspace unknown below:$WORKSPACE", Allow, "allow"),
    ("dev-box", "write unknown unknown anywhere", Allow, "allow"),
    ("dev-box", "create unknown harmless anywhere", Allow, "allow"),
    ("dev-box", "write workspace gone secret", Allow, "allow"),
    // Deleting in the workspace.
    ("dev-box", "delete workspace harmless", Allow, "allow"),
    ("dev-box", "delete workspace git-clean tree files=900", Allow, "allow"),
    ("dev-box", "delete workspace disposable tree files=40000 bytes=9G", Allow, "allow"),
    ("dev-box", "delete workspace undoable tree", Allow, "allow"),
    ("dev-box", "delete workspace gone files=1 bytes=12", Ask, "delete.lost"),
    ("dev-box", "delete workspace gone tree files=3 bytes=41k", Ask, "delete.lost"),
    ("dev-box", "delete workspace unknown", Allow, "allow"),
    ("dev-box", "delete workspace unknown tree files=5", Allow, "allow"),
    ("dev-box", "delete workspace unknown tree files=500", Ask, "delete.many"),
    ("dev-box", "delete workspace unknown tree", Ask, "delete.many"),
    ("dev-box", "delete workspace git-clean $WORKSPACE tree", Deny, "delete.workspace"),
    ("dev-box", "rename workspace gone $WORKSPACE tree", Deny, "delete.workspace"),
    ("dev-box", "delete workspace gone $WORKSPACE/.git tree", Ask, "delete.repository"),
    ("dev-box", "delete workspace gone $WORKSPACE/.git/index.lock", Ask, "delete.lost"),
    ("dev-box", "delete workspace disposable $WORKSPACE/.git/index.lock", Allow, "allow"),
    // Temporary directories.
    ("dev-box", "delete temp gone /tmp/build tree files=9000", Allow, "allow"),
    ("dev-box", "write temp gone", Allow, "allow"),
    ("dev-box", "delete temp gone /tmp tree", Ask, "temp.wiped"),
    ("dev-box", "chmod temp unknown /var/tmp tree", Ask, "temp.wiped"),
    ("dev-box", "delete temp unknown below:/tmp tree", Allow, "allow"),
    // Outside.
    ("dev-box", "delete home gone $HOME tree", Deny, "outside.home"),
    ("dev-box", "delete home gone $HOME/Documents tree files=10", Deny, "outside.home"),
    ("dev-box", "write home unknown $HOME/.bashrc", Deny, "outside.home"),
    ("dev-box", "create home harmless $HOME/.ssh/authorized_keys", Deny, "outside.home"),
    ("dev-box", "create home harmless $HOME/.cargo/bin/tool", Deny, "outside.home"),
    ("dev-box", "chmod home unknown $HOME/.ssh tree", Deny, "outside.home"),
    ("dev-box", "delete home gone $HOME/.cargo/registry tree files=9000", Allow, "allow"),
    ("dev-box", "delete home gone $HOME/.cache/pip tree", Allow, "allow"),
    ("dev-box", "write system unknown /etc/hosts", Deny, "outside.system"),
    ("dev-box", "delete system gone / tree", Deny, "outside.system"),
    ("dev-box", "delete system harmless /opt/none tree", Deny, "outside.system"),
    ("dev-box", "write system gone /dev/sda", Deny, "outside.system"),
    ("dev-box", "write system harmless /dev/null", Allow, "allow"),
    ("dev-box", "write system harmless /dev/stderr", Allow, "allow"),
    ("dev-box", "write system harmless /dev/pts/3", Allow, "allow"),
    ("dev-box", "rename system unknown /usr/bin/ls", Deny, "outside.system"),
    ("dev-box", "execute system gone machine:power-off", Deny, "machine.changed"),
    ("dev-box", "write system unknown machine:accounts", Deny, "machine.changed"),
    // Unknown places.
    ("dev-box", "delete unknown unknown anywhere tree", Ask, "unknown.deleted"),
    ("dev-box", "delete unknown unknown anywhere", Ask, "unknown.deleted"),
    ("dev-box", "chmod unknown unknown anywhere tree", Ask, "unknown.tree"),
    ("dev-box", "chmod unknown unknown anywhere", Allow, "allow"),
    ("dev-box", "rename unknown unknown anywhere", Allow, "allow"),
    // Others.
    ("dev-box", "remote-change remote gone remote:branch/main", Ask, "remote.changed"),
    ("dev-box", "publish remote gone remote:package/x", Ask, "remote.published"),
    ("dev-box", "connect remote harmless host:example.org", Allow, "allow"),
    ("dev-box", "connect remote harmless host:example.org secret", Ask, "secret.sent"),
    ("dev-box", "listen system harmless", Allow, "allow"),
    ("dev-box", "signal system harmless process:vite", Allow, "allow"),
    ("dev-box", "execute workspace harmless", Allow, "allow"),
    ("dev-box", "execute workspace harmless network", Ask, "download.run"),
    ("dev-box", "write system harmless env:PATH", Allow, "allow"),
    // Findings and gaps.
    ("dev-box", "finding danger exfil.secret", Deny, "exfil.secret"),
    ("dev-box", "finding caution git.history", Ask, "git.history"),
    ("dev-box", "finding notice style", Allow, "allow"),
    ("dev-box", "gap unknown-program", Allow, "allow"),
    ("dev-box", "gap opaque-code", Allow, "allow"),
    ("dev-box", "gap unresolved-word", Allow, "allow"),
    ("dev-box", "gap unresolved-command", Allow, "allow"),
    ("dev-box", "gap unparsed-text", Ask, "gap.unread"),
    ("dev-box", "gap budget-spent", Ask, "gap.unread"),
    // The other profiles where they differ.
    ("ci-runner", "delete workspace gone tree files=3", Allow, "allow"),
    ("ci-runner", "delete workspace gone $WORKSPACE tree", Deny, "delete.workspace"),
    ("ci-runner", "remote-change remote gone remote:branch/main", Ask, "remote.changed"),
    ("container", "delete workspace gone", Ask, "delete.lost"),
    ("container", "write system unknown /etc/hosts", Deny, "outside.system"),
    ("strict", "read workspace harmless", Allow, "allow"),
    ("strict", "write workspace gone", Allow, "allow"),
    ("strict", "delete workspace gone", Ask, "delete.lost"),
    ("strict", "delete workspace unknown", Ask, "otherwise"),
    ("strict", "delete workspace disposable tree", Allow, "allow"),
    ("strict", "delete temp gone", Ask, "otherwise"),
    ("strict", "delete workspace undoable $WORKSPACE tree", Deny, "delete.workspace"),
    ("strict", "write unknown unknown anywhere", Ask, "otherwise"),
    ("strict", "connect remote harmless host:example.org", Deny, "network.none"),
    ("strict", "execute workspace harmless network", Deny, "download.run"),
    ("strict", "execute system gone machine:power-off", Deny, "machine.changed"),
    ("strict", "write home unknown", Deny, "outside.home"),
    ("strict", "chmod temp harmless /tmp tree", Ask, "temp.wiped"),
    ("strict", "gap unknown-program", Ask, "strict.unseen"),
    ("strict", "gap opaque-code", Ask, "strict.unseen"),
    ("strict", "gap unparsed-text", Ask, "gap.unread"),
    ("strict", "finding danger exfil.secret", Deny, "exfil.secret"),
    ("readonly", "read workspace harmless", Allow, "allow"),
    ("readonly", "create workspace harmless", Deny, "readonly"),
    ("readonly", "delete workspace disposable tree", Deny, "readonly"),
    ("readonly", "write temp gone", Allow, "allow"),
    ("readonly", "delete home gone $HOME/.cargo/registry tree", Deny, "outside.home"),
    ("readonly", "connect remote harmless", Deny, "network.none"),
    ("readonly", "remote-change remote gone remote:branch/main", Deny, "network.none"),
];

#[test]
fn the_table_holds() {
    let mut wrong = Vec::new();
    for (profile, line, decision, rule) in CASES {
        let verdict = judge(&policy(profile), example::read(line).unwrap());
        if (verdict.decision, verdict.rule.as_str()) != (*decision, *rule) {
            wrong.push(format!(
                "{profile}: {line}: {} by {}, expected {decision} by {rule}",
                verdict.decision, verdict.rule
            ));
        }
        assert!(!verdict.reason.is_empty() && !verdict.reason.contains('{'), "{}", verdict.reason);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn together(lines: &[&str]) -> Assessment {
    let mut all = Assessment::default();
    for line in lines {
        let one = example::read(line).unwrap();
        all.effects.extend(one.effects);
        all.findings.extend(one.findings);
        all.gaps.extend(one.gaps);
    }
    all
}

#[test]
fn figures_are_told_and_the_strictest_wins() {
    let verdict = judge(
        &policy("dev-box"),
        together(&[
            "delete workspace gone $WORKSPACE/a files=1 bytes=1000",
            "delete workspace gone $WORKSPACE/b files=2 bytes=40000",
            "finding caution some.caution",
            "gap opaque-code",
        ]),
    );
    assert_eq!(verdict.decision, Ask);
    assert_eq!(
        verdict.reason,
        "deletes /home/you/work/a and /home/you/work/b: 3 files (41 kB) that git cannot bring back"
    );
    assert!(verdict.instead.is_some());
    assert_eq!(verdict.findings.len(), 2);
    let verdict = judge(
        &policy("dev-box"),
        together(&["delete workspace gone", "finding danger some.danger", "finding notice n"]),
    );
    assert_eq!((verdict.decision, verdict.rule.as_str()), (Deny, "some.danger"));
    let order: Vec<_> = verdict.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(order, ["some.danger", "delete.lost", "n"]);
}

#[test]
fn many_small_deletions_count_as_one_large() {
    let one = "delete workspace unknown tree files=6";
    assert_eq!(judge(&policy("dev-box"), together(&[one; 3])).decision, Allow);
    let verdict = judge(&policy("dev-box"), together(&[one; 4]));
    assert_eq!((verdict.decision, verdict.rule.as_str()), (Ask, "delete.many"));
}

#[test]
fn nothing_is_still_an_explicit_allow() {
    for name in builtin::names() {
        let verdict = judge(&policy(name), Assessment::default());
        assert_eq!((verdict.decision, verdict.rule.as_str()), (Allow, "allow"));
        assert!(!verdict.reason.is_empty());
    }
}

#[test]
fn a_policy_without_rules_still_stops_dangers() {
    let bare = Policy::default();
    assert_eq!(judge(&bare, together(&["finding danger x"])).decision, Deny);
    assert_eq!(judge(&bare, together(&["gap unparsed-text"])).decision, Ask);
}
