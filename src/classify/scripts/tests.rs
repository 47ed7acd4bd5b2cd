//! What the readers make of scripts, dangerous ones beside their honest twins.

use super::{Deed, Piece, Text, read};
use crate::classify::programs::reading::Language;
use crate::model::effect::Access;

/// Deeds as short lines: `shell rm x`, `write f`, `!db.dropped`; `?` at the end of what is unread.
fn shown(language: Language, script: &str) -> String {
    called(language, script, &[])
}

fn called(language: Language, script: &str, words: &[&str]) -> String {
    let Some(found) = read(language, script, words) else { return "no reader".to_owned() };
    let mut words: Vec<String> = found.deeds.iter().map(deed).collect();
    if found.unread {
        words.push("?".to_owned());
    }
    words.join("; ")
}

fn deed(deed: &Deed) -> String {
    match deed {
        Deed::Run(language, t) => format!("{} {}", format!("{language:?}").to_lowercase(), text(t)),
        Deed::File(language, t) => {
            format!("{} file {}", format!("{language:?}").to_lowercase(), text(t))
        }
        Deed::Touch(Access::Read, t) => format!("read {}", text(t)),
        Deed::Touch(_, t) => format!("write {}", text(t)),
        Deed::Words(program, t) => format!("{program} {}", text(t)),
        Deed::DeleteTree(t) => format!("delete {}", text(t)),
        Deed::Danger(rule, ..) => format!("!{rule}"),
    }
}

fn text(text: &Text) -> String {
    text.pieces()
        .iter()
        .map(|piece| match piece {
            Piece::Known(text) => text.as_str(),
            Piece::Hole => "…",
        })
        .collect()
}

fn table(language: Language, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(script, expected)| (script, expected, shown(language, script)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(script, expected, found)| format!("{script}\n  want: {expected}\n  have: {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn sed_scripts_are_read_whole() {
    table(
        Language::Sed,
        &[
            ("s/a/b/g", ""),
            ("s|/a|/b|; /^#/d; 1,5p", ""),
            ("/a/,/b/{s/x/y/;p}", ""),
            ("$!{h;d};x;G", ""),
            ("s/[/]/x/2gI", ""),
            ("s/[]/;e]/x/", ""),
            ("y/[/x/;:a;N;$!ba;s/\\n/ /g", ""),
            ("1~2d;2,+3p;/x/I,$d;\\|/a|d", ""),
            ("a\\\n w x; e y", ""),
            ("i # e rm x", ""),
            ("3q5", ""),
            ("1e rm -rf x", "shell rm -rf x"),
            ("1!e rm x\np", "shell rm x"),
            ("e", "shell …"),
            ("s/x/rm -rf y/e", "shell rm -rf y; shell rm -rf y…; shell …"),
            ("s/.*/rm -rf y/e", "shell rm -rf y"),
            ("s/^/rm &/ge", "shell rm …; shell rm …; shell …"),
            ("s/a/b/w out", "write out"),
            ("s,a,b,gpw /dev/stdout", ""),
            ("w out\n", "write out"),
            ("$r /etc/passwd", "read /etc/passwd"),
            ("/x/{p;w out\n}", "write out"),
            ("s/a", "?"),
            ("v4.2;W out", "write out"),
            ("1w", "?"),
            ("k", "?"),
        ],
    );
}

#[test]
fn awk_programs_are_read_for_what_they_start() {
    table(
        Language::Awk,
        &[
            ("{print $1}", ""),
            ("NR==1 || /x/ {next} END {print n > 3 ? \"a\" : \"b\"}", "write …"),
            ("$3 > 5 {print $1, ($2 > 4)}", ""),
            ("/a|b/ {n = n / 2; print n}", ""),
            ("{system(\"rm \" $1)}", "shell rm …"),
            ("BEGIN{c=\"rm -rf x\"; system(c)}", "shell rm -rf x"),
            ("BEGIN{c=\"rm \"; c=\"ls \"; system(c \"x\")}", "shell …x"),
            ("{print > \"x\"}", "write x"),
            ("{print $1 >> (\"d/\" $2 \".txt\")}", "write d/….txt"),
            ("{print > \"/dev/stderr\"}", ""),
            ("{printf \"%s\", $1 | \"sh\"}", "shell sh"),
            ("{print |& \"rm x\"}", "shell rm x"),
            ("BEGIN {\"id\" | getline}", "shell id"),
            ("BEGIN{while ((\"ls \" d) | getline line) n++}", "shell ls …"),
            ("BEGIN{while ((getline line < \"/etc/shadow\") > 0) print line}", "read /etc/shadow"),
            ("{print toupper(substr($1, 1)) \"|\" $2}", ""),
            ("BEGIN{print ENVIRON[\"TOKEN\"]}", "?"),
            ("@load \"x\"", "?"),
            ("{print \"a", "?"),
        ],
    );
}

#[test]
fn sql_takes_away_and_reaches_out() {
    table(
        Language::Sql,
        &[
            ("SELECT * FROM users WHERE a = 'drop table x'", ""),
            ("DROP TABLE users", "!db.dropped"),
            ("drop database if exists prod;", "!db.dropped"),
            ("/* x */ truncate users; -- y", "!db.emptied"),
            ("DELETE FROM users", "!db.emptied"),
            ("DELETE FROM users WHERE id = 1; UPDATE t SET a = 1 WHERE b", ""),
            ("UPDATE users SET admin = true", "!db.emptied"),
            ("ALTER TABLE t DROP COLUMN c", "!db.emptied"),
            ("ALTER TABLE t ADD COLUMN c int; DROP INDEX i", ""),
            ("COPY t TO PROGRAM 'rm -rf x'", "shell rm -rf x"),
            ("COPY t FROM '/etc/shadow'", "read /etc/shadow"),
            ("SELECT 1 INTO OUTFILE '/var/www/x.php'", "write /var/www/x.php"),
            ("SELECT load_file('/etc/shadow'), pg_read_file('a')", "read /etc/shadow; read a"),
            ("INSERT INTO t VALUES ('a;b', 'it''s')", ""),
            ("DO $$ x $$", "?"),
        ],
    );
    table(
        Language::Mongo,
        &[
            ("db.dropDatabase()", "!db.dropped; ?"),
            ("db.users.deleteMany({ })", "!db.emptied; ?"),
            ("db.users.deleteMany({a: 1})", "?"),
        ],
    );
}

#[test]
fn editors_and_debuggers_start_programs() {
    table(
        Language::Ex,
        &[
            ("%s/a/b/g | wq", ""),
            (":set number", ""),
            ("!rm -rf x | y", "shell rm -rf x | y"),
            (":silent !rm x", "shell rm x"),
            ("sil! exe '!rm x'", "shell rm x"),
            ("%!sort", "shell sort"),
            ("w !sudo tee f", "shell sudo tee f"),
            ("w! /etc/passwd", "write /etc/passwd"),
            ("r !id", "shell id"),
            ("r!id", "shell id"),
            ("exe '!rm ' . 'x'", "shell rm x"),
            ("r /etc/shadow", "read /etc/shadow"),
            ("call system(\"rm x\")", "shell rm x; ?"),
            ("call delete('d', 'rf')", "delete d; ?"),
            ("lua os.execute('rm x')", "other os.execute('rm x')"),
            ("so evil.vim", "ex file evil.vim"),
            ("g/x/d", ""),
            ("autocmd BufRead * x", "?"),
        ],
    );
    table(
        Language::Ed,
        &[
            ("1,3p\n,s/a/b/g\nw\nq", "?"),
            ("!rm x", "shell rm x"),
            ("a\n!rm x\n.\nw out", "write out"),
            ("r !id\nw !sh", "shell id; shell sh"),
        ],
    );
    table(
        Language::Debugger,
        &[
            ("bt full", ""),
            ("shell rm x", "shell rm x"),
            ("!rm x", "shell rm x"),
            ("python import os; os.system('rm x')", "python import os; os.system('rm x')"),
            ("call (int)system(\"rm x\")", "shell rm x; ?"),
            ("pipe bt | sh", "shell  sh"),
            ("source x.py", "python file x.py"),
            ("frobnicate", "?"),
            ("set exec-wrapper rm x", "shell rm x"),
            ("run $(rm x)", "shell : $(rm x)"),
        ],
    );
}

#[test]
fn database_clients_have_commands_of_their_own() {
    table(
        Language::Sqlite,
        &[
            ("select * from t;", ""),
            ("DROP TABLE t", ""),
            (".mode csv\n.headers on", ""),
            (".shell rm x", "shell rm x"),
            (".output |rm x", "shell rm x"),
            (".once /etc/passwd", "write /etc/passwd"),
            (".import |id t", "shell id t"),
            (".import \"|rm x\" t", "shell rm x\" t"),
            ("select writefile('/etc/passwd', 'x')", "write /etc/passwd"),
        ],
    );
    table(
        Language::Psql,
        &[
            ("\\dt", ""),
            ("\\! rm x", "shell rm x"),
            ("select 1 \\g |sh", "shell sh"),
            ("\\o /etc/passwd", "write /etc/passwd"),
            ("\\copy t to program 'rm x'", "shell rm x"),
            ("\\copy t to 'out.csv' csv", "write out.csv"),
            ("DROP TABLE t;", "!db.dropped"),
        ],
    );
    table(
        Language::Mysql,
        &[
            ("select 1 into outfile \"/etc/x\"", "write /etc/x"),
            ("show tables;", ""),
            ("\\! rm x", "shell rm x"),
            ("system rm x;", "shell rm x"),
            ("drop table t", "!db.dropped"),
        ],
    );
    table(
        Language::Tcl,
        &[
            ("spawn ssh h", "shell ssh h; ?"),
            ("set x [exec rm y]", "shell rm y; ?"),
            ("exec rm y; puts a", "shell rm y; ?"),
        ],
    );
}

#[test]
fn files_of_settings_carry_code() {
    table(
        Language::Config,
        &[
            ("Host *\n  ProxyCommand rm x\n  User me", "shell rm x"),
            ("output = \"/etc/passwd\"\nurl = h", "write /etc/passwd"),
            ("DPkg::Pre-Invoke {\"rm x\";};", "shell rm x"),
            ("APT::Install-Recommends \"false\";", ""),
        ],
    );
    table(
        Language::Tmux,
        &[(
            "# a\nset -g mouse on\nrun-shell 'rm x'",
            "tmux set -g mouse on; tmux run-shell 'rm x'",
        )],
    );
}

#[test]
fn makefiles_and_packages_run_what_is_asked_for() {
    let file = "B = out\nX := $(shell git describe)\nall: lib\n\t@echo done\nlib:\n\tcc -o $@ $(B)/x.c\n\
                clean:\n\t-rm -rf $(B) $(NOBODY)\n\trm -rf $(B)\nevil: ; rm -rf /srv\n";
    let read = "shell git describe; ";
    assert_eq!(
        called(Language::Make, file, &[]),
        format!("{read}shell echo done; shell cc -o lib out/x.c; ?")
    );
    assert_eq!(called(Language::Make, file, &["clean"]), format!("{read}shell rm -rf out; ?"));
    assert_eq!(called(Language::Make, file, &["B=d", "clean"]), format!("{read}shell rm -rf d; ?"));
    assert_eq!(called(Language::Make, file, &["evil"]), format!("{read}shell rm -rf /srv; ?"));
    assert_eq!(called(Language::Make, "X != id", &[]), "shell id; ?");
    let package = "{\"name\": \"x\", \"scripts\": {\"prebuild\": \"rm -rf d\", \"build\": \"tsc \\\"a\\\"\"}}";
    assert_eq!(
        called(Language::JavaScript, package, &["build"]),
        "shell rm -rf d; shell tsc \"a\""
    );
    assert_eq!(called(Language::JavaScript, package, &["test"]), "?");
    assert_eq!(called(Language::JavaScript, "{a}", &[]), "no reader");
}

#[test]
fn no_script_makes_a_reader_fall_over() {
    use proptest::prelude::*;
    let languages = [
        Language::Sed,
        Language::Awk,
        Language::Sql,
        Language::Ex,
        Language::Ed,
        Language::Debugger,
        Language::Sqlite,
        Language::Psql,
        Language::Mysql,
        Language::Tcl,
        Language::Batch,
        Language::Make,
    ];
    proptest!(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() }, |(
        text in "[a-z{}()/;|!\\\\'\"\\[\\].$&\n é<>=,0-9]{0,60}",
    )| {
        for language in languages {
            let _ = read(language, &text, &[]);
        }
    });
}
