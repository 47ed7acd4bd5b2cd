//! Small readers of small languages: what a script of `sed`, `awk`, SQL or an editor starts and touches.
//!
//! A reader says what the text itself says and whether that is all of it; it follows nothing and judges
//! nothing. What it could not read stays the gap it was.

mod awk;
mod awk_words;
mod commands;
mod lines;
mod make;
mod package;
mod sed;
mod sql;
mod text;

#[cfg(test)]
mod tests;

pub(in crate::classify) use text::{Piece, Text};

use crate::classify::programs::reading::Language;
use crate::model::effect::Access;
use crate::model::finding::Severity;

/// One thing a script does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::classify) enum Deed {
    /// Runs a program text.
    Run(Language, Text),
    /// Calls a program with the words of a text.
    Words(&'static str, Text),
    /// Runs a file of code.
    File(Language, Text),
    /// Touches a path.
    Touch(Access, Text),
    /// Removes a path and everything below it.
    DeleteTree(Text),
    /// Does what is a danger by itself: rule, how grave, why, and what to do instead.
    Danger(&'static str, Severity, String, &'static str),
}

/// What a reader found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::classify) struct Script {
    /// What it does, in order.
    pub(in crate::classify) deeds: Vec<Deed>,
    /// Whether something in it was not understood.
    pub(in crate::classify) unread: bool,
}

/// Scripts longer than this are not read, and more deeds than this are not told.
const MAX_SCRIPT: usize = 64 * 1024;
const MAX_DEEDS: usize = 128;

impl Script {
    /// A script of which nothing could be told.
    fn opaque() -> Self {
        Self { deeds: Vec::new(), unread: true }
    }

    fn does(&mut self, deed: Deed) {
        if self.deeds.len() < MAX_DEEDS {
            self.deeds.push(deed);
        } else {
            self.unread = true;
        }
    }

    /// A file is touched, unless the name says a standard stream.
    fn touches(&mut self, access: Access, path: Text) {
        let stream = path
            .constant()
            .is_some_and(|p| matches!(p, "-" | "/dev/stdout" | "/dev/stderr" | "/dev/stdin"));
        if !stream {
            self.does(Deed::Touch(access, path));
        }
    }
}

/// What a script of this language does when it is called with these words; `None` where there is no
/// reader of it.
pub(in crate::classify) fn read(language: Language, text: &str, words: &[&str]) -> Option<Script> {
    if text.len() > MAX_SCRIPT {
        return None;
    }
    Some(match language {
        Language::Sed => sed::read(text),
        Language::Awk => awk::read(text, words),
        Language::Sql => sql::read(text),
        Language::Mongo => sql::read_documents(text),
        Language::Ex
        | Language::Ed
        | Language::Debugger
        | Language::Sqlite
        | Language::Psql
        | Language::Mysql
        | Language::Tcl
        | Language::Batch
        | Language::Config
        | Language::Tmux => lines::read(language, text),
        Language::Make => make::read(text, words),
        Language::JavaScript if package::is_package(text) => {
            package::read(text, words.first().unwrap_or(&""))
        }
        _ => return None,
    })
}
