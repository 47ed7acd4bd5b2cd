//! The small language of acts in which models are written (`delete tree path`, `code shell in c`).
//!
//! It only parses; what an act does to a reading is said in `perform`.

use super::reading::Language;
use crate::model::effect::Access;

/// What a use falls upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    /// The word is a path.
    Path,
    /// The word is a path as seen before the program changes directory (`tar -f`).
    Archive,
    /// The word is where the other operands go: a directory when there are several.
    Dest,
    /// The word is a path, or `host:path`.
    Place,
    /// Like `Dest`, but a source that ends in a slash comes without its own name (`rsync a/ b`).
    Merge,
    /// The last component of the word, in the working directory (`curl -O URL`).
    Basename,
    /// The word is a directory that goes only when nothing is in it (`rmdir`).
    Directory,
    /// The word is a host.
    Host,
    /// The word is a URL.
    Url,
    /// The word names a process.
    Process,
    /// The word names an environment variable.
    Env,
    /// Something kept elsewhere, of this kind.
    Remote(&'static str),
    /// The machine; `{}` in the text stands for the word.
    Machine(&'static str),
}

/// How a word travels to the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payload {
    /// As it stands.
    Text,
    /// It names a file that is sent; `-` is standard input.
    Path,
    /// A header that may say who is asking; `@file` is a file of them.
    Credential,
    /// A name with its password.
    Login,
    /// `@file`, `name=@file`, `name=<file`, or text as it stands.
    At,
}

/// One thing a model says of a word or of the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// An access to a thing; the literal stands in for the word.
    Use { access: Access, tree: bool, thing: Thing, literal: Option<&'static str> },
    /// Operands are meant with everything below them.
    Tree,
    /// Nothing happens at all (`--help`, a dry run).
    Harmless,
    /// The option stands in for the first operand (`grep -e`).
    Fills,
    /// The option's argument is the destination directory (`cp -t`).
    Into,
    /// The program works in the directory named.
    Chdir,
    /// The word names where carried code runs.
    Realm,
    /// Option scanning ends here (`python -m`).
    Final,
    /// Switches a mode on that other acts depend on.
    Mode(&'static str),
    /// Nothing: the word is a number, a name, a pattern.
    Word,
    /// Leading `NAME=value` words.
    Assigns,
    /// The rest of the words is a command.
    Command,
    /// The same, and words from standard input are added.
    CommandFromStdin,
    /// The word is code.
    Code(Language),
    /// The word is a file of code.
    File(Language),
    /// That file of code, with the operands as its arguments (`make all`, `npm run build`).
    FixedFile(Language, &'static str),
    /// The same, with the subcommand before them (`npm test`).
    SubcommandFile(Language, &'static str),
    /// Standard input is code.
    Stdin(Language),
    /// The word travels to the peer.
    Sent(Payload),
    /// Standard input goes there.
    Input(&'static str),
    /// Standard output comes from there; the second is the name of a secret.
    Output(&'static str, &'static str),
    /// A danger by name, one of the model's `findings`.
    Finding(&'static str),
    /// Code that cannot be seen.
    Opaque(&'static str),
    /// The rest of the words, joined by blanks, is shell text (`ssh host ls -l`).
    Joined,
    /// The option's argument is a program, and the operands are its words (`docker run --entrypoint`).
    Program(Option<&'static str>),
    /// The word is a list of words for this program (`tmux set-hook x 'run-shell y'`).
    Words(&'static str),
    /// The word is one more argument of the code that is carried (`awk -v NAME=VALUE`).
    Given,
    /// Words before a `--` are not the command (`mise exec TOOL -- COMMAND`).
    Behind,
    /// The word is `KEY=VALUE`; what the model's `settings` say of the key holds for the value.
    Setting,
    /// A handler of `grammars` reads the word (`git -c key=value`).
    Special(&'static str),
}

impl Act {
    /// Whether the act makes a call less than it would be without it.
    pub(super) fn is_relief(&self) -> bool {
        matches!(self, Self::Harmless | Self::Mode("look"))
    }
}

/// An act and when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// What is done.
    pub(super) act: Act,
    /// Only in all of these modes.
    pub(super) within: Vec<&'static str>,
    /// In none of these modes.
    pub(super) unless: Vec<&'static str>,
    /// Only for these values of the word; all when empty.
    pub(super) when: Vec<&'static str>,
    /// Only for certain words other than these.
    pub(super) except: Vec<&'static str>,
}

/// What one operand, or a run of them, is to the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// What is done with each word.
    pub(super) clauses: Vec<Clause>,
    /// Whether it takes any number of words.
    pub(super) many: bool,
}

/// Slots divided by `;`, each a list of clauses and perhaps `...` for a run.
pub(super) fn slots(text: &'static str) -> Result<Vec<Slot>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    text.split(';')
        .map(|piece| {
            let piece = piece.trim();
            let (piece, many) = match piece.strip_suffix("...") {
                Some(rest) => (rest.trim_end(), true),
                None => (piece, false),
            };
            Ok(Slot { clauses: clauses(piece)?, many })
        })
        .collect()
}

/// Clauses divided by `,`.
pub(super) fn clauses(text: &'static str) -> Result<Vec<Clause>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    outside_parentheses(text, ',').into_iter().map(clause).collect()
}

fn clause(text: &'static str) -> Result<Clause, String> {
    let mut words = outside_parentheses(text.trim(), ' ');
    words.retain(|w| !w.is_empty());
    let mut parsed = Clause {
        act: Act::Word,
        within: Vec::new(),
        unless: Vec::new(),
        when: Vec::new(),
        except: Vec::new(),
    };
    while let [.., key, value] = words.as_slice() {
        match *key {
            "in" => parsed.within.push(value),
            "unless" => parsed.unless.push(value),
            "except" => parsed.except = values(value),
            "when" => parsed.when = values(value),
            _ => break,
        }
        words.truncate(words.len() - 2);
    }
    parsed.act = act(&words).ok_or_else(|| format!("not an act: `{}`", text.trim()))?;
    Ok(parsed)
}

/// `a|b`, in parentheses where there are blanks in it.
fn values(text: &'static str) -> Vec<&'static str> {
    let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    bare.unwrap_or(text).split('|').collect()
}

fn act(words: &[&'static str]) -> Option<Act> {
    Some(match words {
        ["tree"] => Act::Tree,
        ["harmless"] => Act::Harmless,
        ["fills"] => Act::Fills,
        ["into"] => Act::Into,
        ["chdir"] => Act::Chdir,
        ["realm"] => Act::Realm,
        ["final"] => Act::Final,
        ["word"] => Act::Word,
        ["assigns"] => Act::Assigns,
        ["command"] => Act::Command,
        ["joined"] => Act::Joined,
        ["program"] => Act::Program(None),
        ["words", program] => Act::Words(program),
        ["behind"] => Act::Behind,
        ["given"] => Act::Given,
        [fixed] if fixed.starts_with("program=") => Act::Program(fixed.strip_prefix("program=")),
        ["setting"] => Act::Setting,
        ["special", name] => Act::Special(name.strip_prefix('(')?.strip_suffix(')')?),
        ["command-from-stdin"] => Act::CommandFromStdin,
        ["mode", name] => Act::Mode(name),
        ["code", name] => Act::Code(language(name)?),
        ["file", fixed] if fixed.contains('=') => {
            let (name, path) = fixed.split_once('=')?;
            Act::FixedFile(language(name)?, path)
        }
        ["subcommand-file", fixed] => {
            let (name, path) = fixed.split_once('=')?;
            Act::SubcommandFile(language(name)?, path)
        }
        ["file", name] => Act::File(language(name)?),
        ["stdin", name] => Act::Stdin(language(name)?),
        ["sent", "text"] => Act::Sent(Payload::Text),
        ["sent", "path"] => Act::Sent(Payload::Path),
        ["sent", "credential"] => Act::Sent(Payload::Credential),
        ["sent", "login"] => Act::Sent(Payload::Login),
        ["sent", "at"] => Act::Sent(Payload::At),
        ["input", to @ ("ignored" | "passed-on" | "sent" | "written")] => Act::Input(to),
        ["output", from @ ("own" | "contents" | "network")] => Act::Output(from, ""),
        ["output", secret] => Act::Output("secret", named("secret", secret)?),
        ["finding", rule] => Act::Finding(rule),
        ["opaque", what] => Act::Opaque(what.strip_prefix('(')?.strip_suffix(')')?),
        [verb, rest @ ..] => {
            let (tree, thing) = match rest {
                ["tree", thing] => (true, thing),
                [thing] => (false, thing),
                _ => return None,
            };
            let (thing, literal) = thing_of(thing)?;
            Act::Use { access: access(verb)?, tree, thing, literal }
        }
        [] => return None,
    })
}

fn thing_of(text: &'static str) -> Option<(Thing, Option<&'static str>)> {
    let (name, literal) = match outside_parentheses(text, '=').as_slice() {
        [name] => (*name, None),
        [name, ..] => (*name, text.get(name.len() + 1..)),
        [] => return None,
    };
    let bare = |text: &'static str| text.strip_prefix('(')?.strip_suffix(')');
    let literal = literal.map(|text| bare(text).unwrap_or(text));
    let thing = match name {
        "path" => Thing::Path,
        "archive" => Thing::Archive,
        "dest" => Thing::Dest,
        "merge" => Thing::Merge,
        "place" => Thing::Place,
        "basename" => Thing::Basename,
        "directory" => Thing::Directory,
        "host" => Thing::Host,
        "url" => Thing::Url,
        "process" => Thing::Process,
        "env" => Thing::Env,
        _ => match (named("remote", name), named("machine", name)) {
            (Some(kind), _) => Thing::Remote(kind),
            (_, Some(what)) => Thing::Machine(what),
            _ => return None,
        },
    };
    Some((thing, literal))
}

fn named(head: &str, text: &'static str) -> Option<&'static str> {
    text.strip_prefix(head)?.strip_prefix('(')?.strip_suffix(')')
}

pub(super) fn access(word: &str) -> Option<Access> {
    Some(match word {
        "read" => Access::Read,
        "write" => Access::Write,
        "create" => Access::Create,
        "delete" => Access::Delete,
        "rename" => Access::Rename,
        "chmod" => Access::Chmod,
        "execute" => Access::Execute,
        "connect" => Access::Connect,
        "listen" => Access::Listen,
        "signal" => Access::Signal,
        "publish" => Access::Publish,
        "remote-change" => Access::RemoteChange,
        _ => return None,
    })
}

fn language(word: &str) -> Option<Language> {
    Some(match word {
        "shell" => Language::Shell,
        "python" => Language::Python,
        "javascript" => Language::JavaScript,
        "perl" => Language::Perl,
        "ruby" => Language::Ruby,
        "awk" => Language::Awk,
        "sed" => Language::Sed,
        "sql" => Language::Sql,
        "mongo" => Language::Mongo,
        "ex" => Language::Ex,
        "ed" => Language::Ed,
        "debugger" => Language::Debugger,
        "sqlite" => Language::Sqlite,
        "psql" => Language::Psql,
        "mysql" => Language::Mysql,
        "tcl" => Language::Tcl,
        "batch" => Language::Batch,
        "config" => Language::Config,
        "tmux" => Language::Tmux,
        "make" => Language::Make,
        "other" => Language::Other,
        _ => return None,
    })
}

/// The pieces between `mark`s that stand outside parentheses.
fn outside_parentheses(text: &'static str, mark: char) -> Vec<&'static str> {
    let (mut pieces, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if c == mark && depth == 0 => {
                pieces.extend(text.get(start..at));
                start = at + mark.len_utf8();
            }
            _ => {}
        }
    }
    pieces.extend(text.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_has_reach_thing_and_literal() {
        let parsed = clauses("delete tree path=., remote-change remote(git branch) in x").unwrap();
        assert_eq!(
            parsed[0].act,
            Act::Use { access: Access::Delete, tree: true, thing: Thing::Path, literal: Some(".") }
        );
        assert_eq!(parsed[1].within, ["x"]);
        assert!(matches!(parsed[1].act, Act::Use { thing: Thing::Remote("git branch"), .. }));
    }

    #[test]
    fn slots_may_take_runs() {
        let parsed = slots("word; read path ...; write dest").unwrap();
        assert_eq!(parsed.iter().map(|s| s.many).collect::<Vec<_>>(), [false, true, false]);
        assert!(slots("devour path").is_err());
    }
}
