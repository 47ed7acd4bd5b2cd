//! git's own ways: refspecs, `--` between revisions and paths, settings that carry code.

use super::super::act::Thing;
use super::super::getopt::Sorted;
use super::super::perform::{Word, last_component, leading, shown};
use super::super::reader::Reader;
use super::super::reading::{Code, Language, Object, Which};
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::finding::Span;
use crate::model::gap::GapKind;

/// Settings whose value git runs, beside `alias.*` with `!` and those with a name in the middle.
const CODE: &[&str] = &[
    "core.pager",
    "core.editor",
    "core.sshcommand",
    "core.fsmonitor",
    "core.askpass",
    "diff.external",
    "sequence.editor",
    "gpg.program",
    "gpg.ssh.program",
    "uploadpack.packobjectshook",
    "credential.helper",
    "interactive.difffilter",
    "core.gitproxy",
    "core.alternaterefscommand",
    "web.browser",
];
/// Endings of settings with a name in the middle (`filter.x.clean`).
const ENDINGS: &[&str] = &[
    ".clean",
    ".smudge",
    ".process",
    ".textconv",
    ".command",
    ".driver",
    ".cmd",
    ".helper",
    ".uploadpack",
    ".receivepack",
    ".program",
];

/// `remote [+]source[:destination]...`: each destination is a branch changed elsewhere.
pub(super) fn push(reader: &mut Reader, sorted: &Sorted<'_>) {
    let mut operands = sorted.operands.iter();
    let remote = operands.next().cloned().unwrap_or_else(|| Value::constant("origin", reader.span));
    if remote_is_place(&remote) {
        url(reader, &remote);
    }
    let specs: Vec<&Value> = operands.filter(|v| v.as_const() != Some(b"tag")).collect();
    if specs.is_empty() {
        return branch(reader, &remote, "", remote.span);
    }
    for spec in specs {
        let text = shown(spec);
        let name = text.trim_start_matches('+');
        let target = name.rsplit_once(':').map_or(name, |(_, to)| to);
        if text.starts_with('+') && !reader.is("force") {
            reader.finding("git.force-push", spec.span);
        }
        if text.starts_with(':') && !reader.is("deletes") {
            reader.finding("git.delete-remote-branch", spec.span);
        }
        let target = target.strip_prefix("refs/heads/").unwrap_or(target).trim_end_matches('…');
        branch(reader, &Value { known: remote.known.clone(), ..spec.clone() }, target, spec.span);
        if spec.as_const().is_none() {
            let what = "which branch of the remote `git push` changes".to_owned();
            reader.gap(GapKind::UnresolvedWord, spec.span, what);
        }
    }
}

fn branch(reader: &mut Reader, remote: &Value, branch: &str, span: Span) {
    let name = match branch {
        "" => shown(remote),
        _ => format!("{}/{branch}", shown(remote)),
    };
    let name = Value { known: Known::Const(name.into_bytes()), ..remote.clone() };
    let object = Object::Remote { kind: "git branch".to_owned(), name };
    reader.act_on(Access::RemoteChange, Reach::Itself, object, span);
}

/// Whether a remote is written out rather than named.
fn remote_is_place(remote: &Value) -> bool {
    leading(remote).iter().any(|b| matches!(b, b':' | b'/'))
}

/// A repository: a URL, `host:path`, a local path, or `ext::COMMAND`.
pub(super) fn url(reader: &mut Reader, word: &Value) {
    let bytes = leading(word);
    if let Some(command) = bytes.strip_prefix(b"ext::") {
        let text = Value { known: Known::Const(command.to_vec()), ..word.clone() };
        return reader.text(Language::Shell, Word::of(&text), Vec::new());
    }
    let scheme = bytes.windows(3).any(|w| w == b"://");
    if scheme && !bytes.starts_with(b"file://") {
        return reader.use_of(Access::Connect, Reach::Itself, &Thing::Url, Word::of(word));
    }
    if word.as_const().is_none() {
        return reader.use_of(Access::Connect, Reach::Itself, &Thing::Host, Word::of(word));
    }
    let named = !remote_is_place(word) && !reader.name.ends_with("clone");
    if !named {
        reader.use_of(Access::Read, Reach::Tree, &Thing::Place, Word::of(word));
    }
}

/// The directory `git clone` makes for a repository.
pub(super) fn clone_directory(reader: &mut Reader, word: &Value) {
    let name = last_component(word);
    let known = match &name.known {
        Known::Const(bytes) => {
            let from = bytes.iter().rposition(|b| *b == b':').map_or(0, |at| at + 1);
            let bytes = bytes.get(from..).unwrap_or(b"");
            Known::Const(bytes.strip_suffix(b".git").unwrap_or(bytes).to_vec())
        }
        other => other.clone(),
    };
    let name = Value { known, ..name };
    reader.use_of(Access::Create, Reach::Tree, &Thing::Path, Word::of(&name));
}

/// `checkout`: a branch switch keeps changes; named paths lose theirs.
pub(super) fn checkout(reader: &mut Reader, sorted: &Sorted<'_>) {
    let operands = &sorted.operands;
    if reader.is("new-branch") {
        return;
    }
    let looks_like_path = |value: &Value| {
        let bytes = leading(value);
        matches!(bytes, b"." | b"..")
            || bytes.starts_with(b"./")
            || bytes.starts_with(b"../")
            || bytes.starts_with(b"/")
            || bytes.starts_with(b":")
            || bytes.contains(&b'*')
    };
    let from = match sorted.dashes {
        Some(at) => at,
        None if operands.first().is_some_and(|o| o.as_const().is_none()) => {
            let what = "whether `git checkout` is given a branch or a path".to_owned();
            reader.gap(GapKind::UnresolvedWord, reader.span, what);
            1
        }
        None if operands.first().is_some_and(looks_like_path) => 0,
        None => 1,
    };
    for path in operands.get(from..).unwrap_or(&[]) {
        reader.use_of(Access::Write, Reach::Tree, &Thing::Path, Word::of(path));
    }
    // A lone word is a branch, or else a file.
    if let ([only], None, 1) = (operands.as_slice(), sorted.dashes, from)
        && only.as_const().is_some()
    {
        let path = reader.below(only);
        reader.act_on(Access::Write, Reach::Tree, Object::Existing(path), only.span);
    }
}

/// `clean [-d] [-x|-X] [PATH...]`: what git does not track goes, here or at the paths.
pub(super) fn clean(reader: &mut Reader, sorted: &Sorted<'_>) {
    let ignored = reader.is("ignored") || reader.is("only-ignored");
    let which = Which {
        untracked: !reader.is("only-ignored"),
        ignored,
        directories: reader.is("directories") || !sorted.operands.is_empty(),
    };
    let here = [Value::constant(".", reader.span)];
    let paths = if sorted.operands.is_empty() { here.as_slice() } else { &sorted.operands };
    for path in paths {
        let below = reader.below(path);
        reader.act_on(Access::Delete, Reach::Tree, Object::Strays { below, which }, path.span);
    }
}

/// `key=value` of `git -c`.
pub(super) fn setting(reader: &mut Reader, word: &Value) {
    let bytes = leading(word);
    let Some(at) = bytes.iter().position(|b| *b == b'=') else {
        if word.as_const().is_none() {
            reader.carry(
                Code::Text { language: Language::Shell, text: word.clone(), args: Vec::new() },
                Word::of(word),
            );
        }
        return;
    };
    let key = String::from_utf8_lossy(bytes.get(..at).unwrap_or(b"")).into_owned();
    let rest = bytes.get(at + 1..).unwrap_or(b"").to_vec();
    let known = match word.known {
        Known::Const(_) => Known::Const(rest),
        _ if rest.is_empty() => Known::Unknown,
        _ => Known::Prefix(rest),
    };
    let value = Value { known, ..word.clone() };
    let lower = key.to_ascii_lowercase();
    if lower == "include.path" || (lower.starts_with("includeif.") && lower.ends_with(".path")) {
        return reader.use_of(Access::Execute, Reach::Itself, &Thing::Path, Word::of(&value));
    }
    keyed(reader, &key, &value);
}

/// What git makes of a setting: most are words, some are code.
pub(super) fn keyed(reader: &mut Reader, key: &str, value: &Value) {
    let key = key.to_ascii_lowercase();
    let bytes = leading(value);
    let text = if let Some(command) = bytes.strip_prefix(b"!") {
        command.to_vec()
    } else {
        bytes.to_vec()
    };
    let bang = bytes.first() == Some(&b'!') || value.as_const().is_none();
    if key == "core.hookspath" || key == "init.templatedir" {
        return reader.use_of(Access::Execute, Reach::Tree, &Thing::Path, Word::of(value));
    }
    let named =
        key.starts_with("alias.") || (key.starts_with("submodule.") && key.ends_with(".update"));
    if key.starts_with("url.ext::") {
        let what = "a command in the place of a URL".to_owned();
        reader.gap(GapKind::OpaqueCode, value.span, what);
    }
    let alias = named && bang;
    let harmless = is_idle(bytes) && value.as_const().is_some();
    if !(alias || names_code(&key)) || harmless {
        return;
    }
    let known = match value.known {
        Known::Const(_) => Known::Const(text),
        Known::Prefix(_) => Known::Prefix(text),
        _ => Known::Unknown,
    };
    let text = Value { known, ..value.clone() };
    reader.text(Language::Shell, Word::of(&text), Vec::new());
}

/// Whether git runs the value of this setting (the key in lower case).
pub(super) fn names_code(key: &str) -> bool {
    CODE.contains(&key)
        || key.starts_with("pager.")
        || ENDINGS.iter().any(|end| key.ends_with(end) && key.matches('.').count() > 1)
}

/// Values by which a setting that names code names none worth a word.
pub(super) fn is_idle(value: &[u8]) -> bool {
    matches!(value, b"" | b"true" | b"false" | b"cat" | b"less" | b"store" | b"cache")
}
