//! SQL: statements that take tables or all rows away, and those by which a server runs programs or reaches files.
//!
//! Only the first words of a statement and a few calls count; there is no grammar, and every other
//! statement is taken to do what SQL does.

use super::text::Text;
use super::{Deed, Script};
use crate::classify::programs::reading::Language;
use crate::model::effect::Access;
use crate::model::finding::Severity;

/// A word of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    /// A keyword or name, in capitals.
    Name(String),
    /// A string.
    Str(String),
    /// What stands in other quotes: a name, and a string for MySQL.
    Quoted(String),
    /// Anything else.
    Mark(char),
}

/// Statements that are known to go no further than the database, or that are looked at below.
const KNOWN: &[&str] = &[
    "ABORT",
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DETACH",
    "DISCARD",
    "DROP",
    "END",
    "EXPLAIN",
    "FETCH",
    "FLUSH",
    "GRANT",
    "INSERT",
    "LISTEN",
    "LOCK",
    "MERGE",
    "NOTIFY",
    "OPTIMIZE",
    "PRAGMA",
    "PREPARE",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "START",
    "TABLE",
    "TRUNCATE",
    "UNLOCK",
    "UPDATE",
    "USE",
    "VACUUM",
    "VALUES",
    "WITH",
];
/// What is gone for good when it is dropped; an index or a view can be made again.
const HELD: &[&str] =
    &["DATABASE", "SCHEMA", "TABLE", "TABLESPACE", "USER", "ROLE", "OWNED", "KEYSPACE"];

/// What to do in place of taking everything.
const INSTEAD: &str = "name the rows that are meant (WHERE), or let a person do it";

/// What SQL does on a server that others use as well.
pub(super) fn read(text: &str) -> Script {
    let mut script = Script::default();
    for statement in statements(text) {
        losses(&statement, &mut script);
        reaches(&statement, &mut script);
    }
    script
}

/// What SQL does in a database file of one's own: that the file is written is told elsewhere.
pub(super) fn read_local(text: &str, script: &mut Script) {
    for statement in statements(text) {
        reaches(&statement, script);
    }
}

/// What takes documents away in the language of a document database.
pub(super) fn read_documents(text: &str) -> Script {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut script = Script { unread: true, ..Script::default() };
    let rules = [
        ([".dropDatabase(", ".drop(", ".dropUser("].as_slice(), "db.dropped", "drops"),
        (&[".deleteMany({})", ".remove({})", ".deleteMany()"], "db.emptied", "empties"),
    ];
    for (calls, rule, what) in rules {
        if calls.iter().any(|call| tight.contains(call)) {
            let reason =
                format!("{what} a collection of the database, which only a backup brings back");
            script.does(Deed::Danger(rule, Severity::Caution, reason, INSTEAD));
        }
    }
    script
}

fn losses(statement: &[Word], script: &mut Script) {
    let names: Vec<&str> = statement.iter().filter_map(name).collect();
    let has = |word: &str| names.contains(&word);
    let what = match names.as_slice() {
        ["DROP", kind, ..] if HELD.contains(kind) => "drops",
        ["ALTER", "TABLE", ..]
            if has("DROP") && !has("CONSTRAINT") && !has("DEFAULT") && !has("INDEX") =>
        {
            "drops a part of"
        }
        ["TRUNCATE", ..] => "empties",
        ["DELETE", ..] if !has("WHERE") && !has("LIMIT") => "empties",
        ["UPDATE", ..] if !has("WHERE") && !has("LIMIT") => "overwrites every row of",
        _ => return,
    };
    let skip = [
        "DROP", "ALTER", "TRUNCATE", "DELETE", "UPDATE", "TABLE", "FROM", "IF", "EXISTS", "ONLY",
        "CASCADE",
    ];
    let object: Vec<String> =
        names.iter().filter(|n| !skip.contains(n)).take(2).map(|n| n.to_lowercase()).collect();
    let rule = if what == "drops" { "db.dropped" } else { "db.emptied" };
    let reason =
        format!("{what} {} of the database, which only a backup brings back", object.join(" "));
    script.does(Deed::Danger(rule, Severity::Caution, reason, INSTEAD));
}

/// Programs and files that the server reaches.
fn reaches(statement: &[Word], script: &mut Script) {
    if let Some(first) = statement.iter().find_map(name) {
        script.unread |= !KNOWN.contains(&first);
    }
    for (at, word) in statement.iter().enumerate() {
        let Some(word) = name(word) else { continue };
        let next = statement.get(at + 1);
        let argument = |n: usize| argument(statement.get(at + 2..).unwrap_or(&[]), n);
        let called = next == Some(&Word::Mark('('));
        match (word, next) {
            ("PROGRAM" | "XP_CMDSHELL", Some(Word::Str(text) | Word::Quoted(text))) => {
                script.does(Deed::Run(Language::Shell, Text::known(text)));
            }
            ("OUTFILE" | "DUMPFILE", Some(Word::Str(path) | Word::Quoted(path))) => {
                script.touches(Access::Write, Text::known(path));
            }
            ("TO", Some(Word::Str(path))) if first_is(statement, "COPY") => {
                script.touches(Access::Write, Text::known(path));
            }
            ("FROM", Some(Word::Str(path))) if first_is(statement, "COPY") => {
                script.touches(Access::Read, Text::known(path));
            }
            ("INFILE", Some(Word::Str(path) | Word::Quoted(path))) => {
                script.touches(Access::Read, Text::known(path))
            }
            ("ATTACH", Some(Word::Str(path))) => script.touches(Access::Write, Text::known(path)),
            ("DATABASE", Some(Word::Str(path))) if first_is(statement, "ATTACH") => {
                script.touches(Access::Write, Text::known(path));
            }
            ("SYS_EXEC" | "SYS_EVAL", _) if called => {
                script.does(Deed::Run(Language::Shell, argument(0)));
            }
            ("WRITEFILE" | "PG_FILE_WRITE", _) if called => {
                script.touches(Access::Write, argument(0))
            }
            (
                "READFILE" | "LOAD_FILE" | "PG_READ_FILE" | "PG_READ_BINARY_FILE" | "LO_IMPORT",
                _,
            ) if called => {
                script.touches(Access::Read, argument(0));
            }
            ("LO_EXPORT", _) if called => script.touches(Access::Write, argument(1)),
            ("LOAD_EXTENSION" | "DBLINK_CONNECT" | "DBMS_SCHEDULER", _) if called => {
                script.unread = true
            }
            // a function in another language
            ("LANGUAGE", Some(Word::Name(language))) => {
                script.unread |= !matches!(language.as_str(), "SQL" | "PLPGSQL");
            }
            _ => {}
        }
    }
}

fn first_is(statement: &[Word], word: &str) -> bool {
    statement.iter().find_map(name) == Some(word)
}

/// The argument of a call, where it is a string.
fn argument(words: &[Word], n: usize) -> Text {
    let one = words.split(|w| *w == Word::Mark(',')).nth(n).unwrap_or(&[]);
    match one {
        [Word::Str(text) | Word::Quoted(text)]
        | [Word::Str(text) | Word::Quoted(text), Word::Mark(')'), ..] => Text::known(text),
        _ => Text::hole(),
    }
}

fn name(word: &Word) -> Option<&str> {
    if let Word::Name(name) = word { Some(name) } else { None }
}

/// The statements of a text, comments left out.
fn statements(text: &str) -> Vec<Vec<Word>> {
    let mut out = vec![Vec::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        rest = match c {
            '-' if after.starts_with('-') => line_after(rest),
            '#' => line_after(rest),
            '/' if after.starts_with('*') => {
                rest.find("*/").and_then(|at| rest.get(at + 2..)).unwrap_or("")
            }
            ';' => {
                out.push(Vec::new());
                after
            }
            '\'' | '"' | '`' => {
                let (word, after) = quoted(after, c);
                let word = if c == '\'' { Word::Str(word) } else { Word::Quoted(word) };
                out.last_mut().unwrap_or(&mut Vec::new()).push(word);
                after
            }
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '$'))
                    .unwrap_or(rest.len());
                let word = Word::Name(rest.get(..end).unwrap_or("").to_uppercase());
                out.last_mut().unwrap_or(&mut Vec::new()).push(word);
                rest.get(end..).unwrap_or("")
            }
            c => {
                if !c.is_whitespace() {
                    out.last_mut().unwrap_or(&mut Vec::new()).push(Word::Mark(c));
                }
                after
            }
        };
    }
    out.retain(|statement| !statement.is_empty());
    out
}

fn line_after(text: &str) -> &str {
    text.find('\n').and_then(|at| text.get(at..)).unwrap_or("")
}

/// The text up to the closing quote, a doubled one standing for itself, and what follows.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut out = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => {
                if chars.next_if(|(_, next)| *next == quote).is_none() {
                    return (out, text.get(at + c.len_utf8()..).unwrap_or(""));
                }
                out.push(quote);
            }
            '\\' => match chars.next() {
                Some((_, next)) => out.push(next),
                None => break,
            },
            c => out.push(c),
        }
    }
    (out, "")
}
