//! Where effects fall: directories, links, globs, redirections, what is lost.

use super::{assess, check, table};
use crate::model::effect::Scope;

#[test]
fn the_directory_is_followed() {
    table(&[
        ("cd src && rm main.c", "delete /home/u/w/src/main.c gone"),
        ("cd src; cd ..; rm a", "delete /home/u/w/a git-clean"),
        ("(cd src; true); rm a", "delete /home/u/w/a git-clean"),
        ("cd src && cd - && rm a", "delete /home/u/w/a git-clean"),
        ("cd nowhere; rm a", "delete /home/u/w/nowhere/a; delete /home/u/w/a git-clean"),
        ("cd nowhere && rm a", "delete /home/u/w/nowhere/a"),
        ("cd nowhere || exit 1; rm a", "delete /home/u/w/nowhere/a"),
        ("cd nowhere || rm a", "delete /home/u/w/a git-clean"),
        ("mkdir new; cd new; rm a", "create /home/u/w/new; delete /home/u/w/new/a"),
        ("cd $RANDOM; rm a", "delete an unknown path unknown; ?unresolved-word"),
        ("cd; rm notes.txt", "delete /home/u/notes.txt gone"),
        ("pushd src; popd; rm a", "delete /home/u/w/a git-clean"),
        ("rm \"$PWD/a\"", "delete /home/u/w/a git-clean"),
        ("rm $(pwd)/a", "delete /home/u/w/a git-clean"),
    ]);
}

#[test]
fn what_is_lost_is_told() {
    table(&[
        ("rm a", "delete /home/u/w/a git-clean"),
        ("rm b", "delete /home/u/w/b gone"),
        ("rm -rf target", "delete /home/u/w/target/** disposable"),
        ("rm src/x.o", "delete /home/u/w/src/x.o gone"),
        ("rm missing", "delete /home/u/w/missing"),
        ("rm out", "delete /home/u/w/out git-clean"),
        ("rm -rf .", "delete /home/u/w/** gone; !delete.workspace-root"),
        ("rm -rf ~", "delete /home/u/** gone"),
        ("rm -rf /", "delete //** gone"),
        ("mv a c", "rename /home/u/w/a git-clean; create /home/u/w/c"),
    ]);
}

#[test]
fn globs_are_matched_and_unset_variables_are_empty() {
    table(&[
        ("rm *.o", "delete /home/u/w/*.o"),
        ("rm src/*.o", "delete /home/u/w/src/x.o gone"),
        ("rm 'src/*.o'", "delete /home/u/w/src/*.o"),
        ("rm -rf \"$UNSET/\"*", "delete /etc/** gone; delete /home/** gone; delete /tmp/** gone"),
        ("rm -rf $EMPTY/etc", "delete /etc/** gone"),
        ("rm -rf \"${UNSET:?}/\"*", ""),
        ("rm -rf \"${UNSET:-src}\"", "delete /home/u/w/src/** gone"),
        ("X=src; rm -rf \"$X/\"*.o", "delete /home/u/w/src/x.o/** gone"),
        ("rm {a,b}", "delete /home/u/w/a git-clean; delete /home/u/w/b gone"),
    ]);
}

#[test]
fn redirections_are_writes() {
    table(&[
        ("> a", "write /home/u/w/a git-clean"),
        ("echo x > a", "write /home/u/w/a git-clean"),
        ("echo x >| b", "write /home/u/w/b gone"),
        ("echo x &> b", "write /home/u/w/b gone"),
        ("echo x >> b", "write /home/u/w/b"),
        ("echo x > new", "create /home/u/w/new"),
        ("echo x 2> err", "create /home/u/w/err"),
        ("echo x >& both", "create /home/u/w/both"),
        ("echo x > out", "write /home/u/notes.txt gone"),
        ("{ ls; } > b", "write /home/u/w/b gone"),
        ("exec > b", "write /home/u/w/b gone"),
        ("cat < a", ""),
        ("echo x > /dev/tcp/h.example/80", "connect h.example"),
        ("exec 3<>/dev/udp/h.example/53", "connect h.example"),
        ("echo x > /etc", ""),
        ("echo x > $RANDOM", "write an unknown path unknown; ?unresolved-word"),
    ]);
}

#[test]
fn the_wider_ground_counts() {
    let scopes = |text: &str| {
        let mut scopes: Vec<Scope> = assess(text).effects.iter().map(|e| e.scope).collect();
        scopes.dedup();
        scopes
    };
    assert_eq!(scopes("rm -rf a"), [Scope::Workspace]);
    assert_eq!(scopes("rm -rf .."), [Scope::Home]);
    assert_eq!(scopes("rm -rf ../.."), [Scope::System]);
    assert_eq!(scopes("rm -rf /tmp/x"), [Scope::Temp]);
    assert_eq!(scopes("ssh h.example rm -rf /"), [Scope::Remote]);
    assert_eq!(scopes("rm -rf $RANDOM"), [Scope::Unknown]);
}

#[test]
fn argument_vectors_are_not_parsed() {
    use crate::model::invocation::Request;
    let argv = ["rm", "-rf", "$(x) ~", "/home/u/notes.txt"].map(Into::into).to_vec();
    let invocation = super::invocation(Request::Argv(argv));
    let found =
        crate::classify::classify_knowing(&invocation, &super::LiteralWorld, &super::fakes::read);
    assert_eq!(
        super::summary(&found),
        "delete /home/u/w/$(x) ~/**; delete /home/u/notes.txt/** gone"
    );
}

#[test]
fn spans_point_into_the_text() {
    let text = "echo x; rm -rf ~";
    let found = assess(text);
    let spans: Vec<&str> = found.effects.iter().map(|e| &text[e.span.start..e.span.end]).collect();
    assert_eq!(spans, ["~"]);
    assert_eq!(check("echo é; rm b"), "delete /home/u/w/b gone");
}

#[test]
fn what_is_put_into_a_directory_that_is_there_is_the_entry() {
    for (text, wanted) in [
        ("mv a src", "rename /home/u/w/a git-clean; rename /home/u/w/src/a"),
        ("cp a src", "create /home/u/w/src/a"),
        ("cp b ./src", "create /home/u/w/src/b"),
        ("cp a src/main.c", "write /home/u/w/src/main.c gone"),
        // The directory itself, or more than one name.
        ("mv -T a src", "rename /home/u/w/a git-clean; rename /home/u/w/src gone"),
        ("cp -r src/. src", "write /home/u/w/src/** unknown"),
    ] {
        let found = super::check_for_real(text);
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn what_is_new_outside_counts_by_whether_it_is_obeyed() {
    let loss = |text: &str| assess(text).effects.first().map(|e| (e.access, e.reversibility));
    use crate::model::effect::{Access, Reversibility};
    let (obeyed, mere) = (
        Some((Access::Create, Reversibility::Unknown)),
        Some((Access::Create, Reversibility::Harmless)),
    );
    assert_eq!(loss("echo x > /etc/new"), obeyed);
    assert_eq!(loss("echo x > /etc/nobody/new"), mere);
    assert_eq!(loss("echo x > /srv/new"), mere);
    assert_eq!(loss("echo x > /usr/local/bin/new-tool"), mere);
    // Of a variable that is not set: an attempt upon `/` itself, which everybody meant to be elsewhere.
    assert_eq!(loss("echo x > \"$UNSET/\"$RANDOM"), mere);
    assert_eq!(loss("echo x > /$RANDOM"), Some((Access::Write, Reversibility::Unknown)));
    assert_eq!(loss("echo x > $UNSET/etc/passwd"), Some((Access::Write, Reversibility::Gone)));
    assert_eq!(loss("rm -rf $UNSET/"), Some((Access::Delete, Reversibility::Gone)));
}
