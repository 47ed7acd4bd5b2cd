//! `git config`: which file a setting goes to, and whether it is a mere word or leads git elsewhere.

use super::super::act::Thing;
use super::super::getopt::Sorted;
use super::super::perform::{Word, leading, shown};
use super::super::reader::Reader;
use super::git::{is_idle, keyed, names_code};
use crate::classify::value::Value;
use crate::model::effect::{Access, Reach};

/// Sections, and single settings, whose values are names and switches to git and nothing more.
/// What is not here may redirect or run something, and counts as a write of the file itself.
const WORDS: &[&str] = &[
    "advice.",
    "author.",
    "blame.",
    "branch.",
    "clean.",
    "color.",
    "column.",
    "commit.",
    "committer.",
    "diff.",
    "feature.",
    "fetch.",
    "format.",
    "gc.",
    "grep.",
    "help.",
    "index.",
    "init.defaultbranch",
    "log.",
    "maintenance.",
    "merge.",
    "pack.",
    "pull.",
    "push.",
    "rebase.",
    "receive.",
    "remote.",
    "rerere.",
    "safe.directory",
    "stash.",
    "status.",
    "tag.",
    "transfer.",
    "user.",
    "versionsort.",
    "core.abbrev",
    "core.autocrlf",
    "core.bigfilethreshold",
    "core.checkstat",
    "core.commentchar",
    "core.compression",
    "core.eol",
    "core.filemode",
    "core.fscache",
    "core.ignorecase",
    "core.logallrefupdates",
    "core.longpaths",
    "core.precomposeunicode",
    "core.preloadindex",
    "core.quotepath",
    "core.safecrlf",
    "core.sharedrepository",
    "core.sparsecheckout",
    "core.sparsecheckoutcone",
    "core.symlinks",
    "core.trustctime",
    "core.untrackedcache",
    "core.whitespace",
    "gpg.format",
    "http.lowspeedlimit",
    "http.lowspeedtime",
    "http.maxrequests",
    "http.postbuffer",
    "http.version",
];

/// `config [--global] NAME VALUE`: a value is written where the options say.
pub(super) fn config(reader: &mut Reader, sorted: &Sorted<'_>) {
    let mut operands = sorted.operands.as_slice();
    let verb = operands.first().and_then(Value::as_str).unwrap_or("");
    let subcommand = matches!(verb, "set" | "unset" | "rename-section" | "remove-section" | "edit");
    if matches!(verb, "list" | "get") {
        return;
    }
    if subcommand {
        operands = operands.get(1..).unwrap_or(&[]);
    }
    let writes = reader.is("write") || subcommand || operands.len() > 1;
    if !writes || reader.is("get") {
        return;
    }
    let mere = matches!(operands, [key, values @ ..] if is_mere_word(key, values));
    let file = match (reader.is("global"), reader.is("system"), reader.is("file")) {
        (true, ..) if mere => Some("~/.gitconfig.lock"),
        (true, ..) => Some("~/.gitconfig"),
        (_, true, _) => Some("/etc/gitconfig"),
        (_, _, true) => None,
        // git writes the new file under this name before it takes the place of the old one
        _ if mere => Some(".git/config.lock"),
        _ => Some(".git/config"),
    };
    if let Some(file) = file {
        let path = Value::constant(file, reader.span);
        let word = Word { span: reader.span, ..Word::of(&path) };
        reader.use_of(Access::Write, Reach::Itself, &Thing::Path, word);
    }
    if let [key, value, ..] = operands {
        keyed(reader, &shown(key), value);
    }
}

/// Whether a setting is a word to git: it runs nothing, and leads nowhere else.
fn is_mere_word(key: &Value, values: &[Value]) -> bool {
    let Some(key) = key.as_str().map(str::to_ascii_lowercase) else { return false };
    let listed = WORDS
        .iter()
        .any(|word| if word.ends_with('.') { key.starts_with(word) } else { key == *word });
    if names_code(&key) {
        let idle = |value: &Value| value.as_const().is_some_and(is_idle);
        return !key.ends_with(".helper") && values.first().is_some_and(idle);
    }
    // the name of a remote may be a URL, and `ext::` and `!` in one are commands
    let plain = |value: &Value| {
        let bytes = leading(value);
        !bytes.starts_with(b"!") && !bytes.windows(2).any(|pair| pair == b"::")
    };
    let names_remote = key.starts_with("remote.") || key.starts_with("branch.");
    let vcs = key.ends_with(".vcs") || key.ends_with(".proxy");
    let certain = !names_remote || values.iter().all(|value| value.as_const().is_some());
    listed && certain && !vcs && values.iter().all(plain)
}
