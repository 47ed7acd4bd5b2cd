//! Command lines made of nouns and verbs: `kubectl delete pod x`, `aws s3 rm s3://b`, `gcloud sql instances delete x`.

use super::super::act::Thing;
use super::super::getopt::Sorted;
use super::super::perform::{Word, is_remote, shown};
use super::super::reader::Reader;
use super::super::reading::{Object, Output};
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::finding::Span;

/// Verbs that change nothing, and beginnings of such verbs.
const LOOKING: &[&str] = &[
    "describe",
    "list",
    "get",
    "show",
    "ls",
    "help",
    "version",
    "info",
    "whoami",
    "login",
    "logout",
    "configure",
    "config",
    "wait",
    "view",
    "status",
    "test",
    "validate",
    "search",
    "head",
    "tail",
    "presign",
    "logs",
    "read",
    "print",
    "query",
    "scan",
    "select",
    "lookup",
    "check",
    "diff",
    "watch",
    "auth",
    "account",
    "init",
    "regions",
    "zones",
    "zone",
    "marketplace",
    "completion",
    "can-i",
    "replies",
    "options",
    "browse",
    "lint",
    "download",
];
/// Verbs whose output is a secret.
const SECRETS: &[&str] = &[
    "get-secret-value",
    "get-session-token",
    "print-access-token",
    "print-identity-token",
    "get-access-token",
    "get-login-password",
    "access",
    "get-parameter",
    "get-credentials",
    "assume-role",
];

/// Verbs that add something, and beginnings of such verbs: what was there before stays, or runs again.
const ADDING: &[&str] = &[
    "create",
    "add",
    "start",
    "tag",
    "label",
    "annotate",
    "register",
    "associate",
    "import",
    "restore",
    "restart",
    "resume",
    "insert",
    "new",
    "generate",
    "request",
    "expose",
    "autoscale",
    "comment",
    "note",
    "open",
    "fork",
    "checkout",
    "clone",
    "download",
    "export",
    "save",
    "backup",
    "snapshot",
    "up",
    "listen",
    "build",
    "connect",
    "enable",
    "link",
    "approve",
    "reply",
    "accept",
    "mb",
    "load",
    "attach",
    "append",
    "decrypt",
    "encrypt",
    "invoke",
];

/// Verbs that take away or overwrite, whatever else is said beside them.
const TAKING: &[&str] = &[
    "delete",
    "del",
    "rm",
    "remove",
    "destroy",
    "terminate",
    "purge",
    "drop",
    "revoke",
    "reset",
    "wipe",
    "stop",
    "disable",
    "update",
    "set",
    "apply",
    "replace",
    "put",
    "modify",
    "deregister",
    "cancel",
    "push",
    "deploy",
    "release",
    "detach",
    "unset",
    "kill",
    "flush",
    "truncate",
    "rollback",
    "edit",
    "run-command",
    "execute-command",
    "send-command",
];

/// What decides who may do what: to add to it opens a door.
const DOORS: &[&str] = &[
    "iam",
    "policy",
    "role",
    "user",
    "group",
    "key",
    "token",
    "credential",
    "secret",
    "password",
    "permission",
    "grant",
    "acl",
    "access",
    "member",
    "collaborator",
    "firewall",
    "ingress",
    "ssh",
    "sas",
    "trust",
    "federation",
    "admin",
    "owner",
    "share",
];

/// Programs that hand out secrets when they look.
const STORES: &[&str] = &["vault", "pass", "bw", "lpass"];

/// `TYPE NAME...`, `TYPE/NAME...`, or only files: each is an object of the cluster that changes.
pub(super) fn kubectl_objects(reader: &mut Reader, sorted: &Sorted<'_>) {
    let verbs =
        ["restart", "undo", "resume", "pause", "image", "env", "resources", "status", "history"];
    let operands: Vec<&Value> = sorted
        .operands
        .iter()
        .skip_while(|v| v.as_str().is_some_and(|t| verbs.contains(&t)))
        .collect();
    let Some((first, rest)) = operands.split_first() else {
        let name = Value { known: Known::Unknown, ..Value::constant("", reader.span) };
        return changed(reader, "cluster object", &name, reader.span);
    };
    let typed = shown(first).contains('/');
    if typed || rest.is_empty() {
        for one in &operands {
            changed(reader, "cluster object", one, one.span);
        }
        return;
    }
    for one in rest {
        let text = format!("{}/{}", shown(first), shown(one));
        let known = if one.as_const().is_some() {
            Known::Const(text.into_bytes())
        } else {
            one.known.clone()
        };
        changed(reader, "cluster object", &Value { known, ..(*one).clone() }, one.span);
    }
}

/// Services, verbs and names without a model for each of the thousands there are: what does not
/// look is a change of what is named. Options are skipped with their arguments.
pub(super) fn words(reader: &mut Reader, words: &[Value]) {
    if words
        .iter()
        .any(|w| matches!(w.as_str(), Some("--help" | "help" | "--dry-run" | "--dryrun")))
    {
        return;
    }
    files(reader, words);
    let plain: Vec<&Value> = plain(words);
    if words.iter().any(|w| w.as_str().is_some_and(|t| SECRETS.contains(&t))) {
        reader.reading.output = Output::Secret(format!("a secret of `{}`", reader.name));
        return;
    }
    let looks = |w: &&&Value| {
        w.as_str().is_some_and(|t| {
            let verb = t.split('-').next().unwrap_or(t);
            LOOKING.contains(&verb)
        })
    };
    if plain.is_empty() {
        return;
    }
    // `aws logs delete-log-group`: the service is called like a verb
    let removes = |w: &&&Value| {
        w.as_str().and_then(|t| t.split_once('-')).is_some_and(|(verb, _)| {
            matches!(verb, "delete" | "remove" | "terminate" | "purge" | "destroy" | "revoke")
        })
    };
    if plain.iter().take(4).any(|w| looks(&w)) && !plain.iter().take(4).any(|w| removes(&w)) {
        if STORES.contains(&reader.name.as_str()) {
            reader.reading.output = Output::Secret(format!("a secret of `{}`", reader.name));
        }
        return;
    }
    if chooses(&reader.name, &plain) || transfer(reader, &plain) {
        return;
    }
    let text = plain.iter().map(|v| shown(v)).collect::<Vec<_>>().join(" ");
    let span = plain.iter().map(|v| v.span).reduce(Span::join).unwrap_or(reader.span);
    let name = Value::constant(text, span);
    let kind = format!("{} resource", reader.name);
    if adds(&plain) || renames(words, &plain) {
        return added(reader, &kind, &name, span);
    }
    changed(reader, &kind, &name, span);
}

/// Whether the first verb is one that adds, and nothing of it is about rights. Behind the verb, and the
/// noun of those that say the verb first, stand names, which may be called anything.
fn adds(plain: &[&Value]) -> bool {
    let texts: Vec<&str> = plain.iter().take(4).filter_map(|w| w.as_str()).collect();
    let known = texts.len() == plain.len().min(4);
    let verb = |t: &&str| ADDING.contains(&t.split(['-', ':']).next().unwrap_or(t));
    let door = |t: &&str| {
        t.split(['-', '_', '/']).any(|part| {
            DOORS.contains(&part) || part.strip_suffix('s').is_some_and(|one| DOORS.contains(&one))
        })
    };
    let takes =
        |t: &&str| TAKING.contains(t) || t.split(['-', ':']).any(|part| TAKING.contains(&part));
    let Some(at) = texts.iter().position(verb) else { return false };
    let said = texts.get(..at.max(1) + 1).unwrap_or(&texts);
    known && !said.iter().any(|t| door(t) || takes(t))
}

/// Whether an update sets nothing, or nothing but what a thing is called: names, labels, a description.
fn renames(words: &[Value], plain: &[&Value]) -> bool {
    let verb = plain.iter().take(4).filter_map(|w| w.as_str()).find(|t| t.starts_with("update"));
    let Some(noun) = verb.map(|t| t.strip_prefix("update-").unwrap_or("-")) else { return false };
    let options = words.iter().filter_map(Value::as_str).filter(|t| t.starts_with("--"));
    let options: Vec<&str> = options.map(|t| t.split('=').next().unwrap_or(t)).collect();
    // `update-analyzer --analyzer-arn a`
    let meant = |t: &str| {
        let end = t.strip_prefix("--").and_then(|t| t.strip_prefix(noun));
        matches!(end, Some("-id" | "-ids" | "-arn" | "-arns" | "-name" | "-names"))
            || WHICH.contains(&t)
    };
    !options.is_empty() && options.iter().all(|t| CALLED.contains(t) || meant(t))
}

/// Options that set what a thing is called.
const CALLED: &[&str] = &[
    "--label",
    "--labels",
    "--tags",
    "--tag",
    "--description",
    "--display-name",
    "--new-name",
    "--new-folder-path",
];

/// Options that say which thing is meant, or how the answer looks.
const WHICH: &[&str] = &[
    "--id",
    "--name",
    "--organization",
    "--output",
    "--profile",
    "--project",
    "--region",
    "--resource-group",
    "--zone",
];

/// Whether it only chooses what later calls of the same client are about (`az quantum target set`).
fn chooses(name: &str, plain: &[&Value]) -> bool {
    const WHAT: &[&str] = &["context", "contexts", "defaults", "target", "workspace"];
    let texts: Vec<&str> = plain.iter().take(4).filter_map(|w| w.as_str()).collect();
    let set = |pair: &[&str]| match pair {
        [what, verb] => WHAT.contains(what) && matches!(*verb, "set" | "unset" | "use" | "select"),
        _ => false,
    };
    texts.windows(2).any(set) || (name == "ibmcloud" && texts.first() == Some(&"api"))
}

fn added(reader: &mut Reader, kind: &str, name: &Value, span: Span) {
    let object = Object::Remote { kind: kind.to_owned(), name: name.clone() };
    reader.act_on(Access::Create, Reach::Itself, object, span);
}

/// `cp`, `sync` and their like between here and a `scheme://` place: what leaves is sent, what
/// arrives is written here. Whether nothing changes elsewhere.
fn transfer(reader: &mut Reader, plain: &[&Value]) -> bool {
    let verbs = ["cp", "sync", "mv", "copy", "put", "move", "upload"];
    let at = plain.iter().position(|w| w.as_str().is_some_and(|t| verbs.contains(&t)));
    let Some([.., last]) = at.and_then(|at| plain.get(at + 1..)) else { return false };
    let remote = |w: &Value| is_remote(w);
    let sources = at.and_then(|at| plain.get(at + 1..plain.len() - 1)).unwrap_or(&[]);
    for source in sources.iter().filter(|s| !remote(s)) {
        reader.use_of(Access::Read, Reach::Tree, &Thing::Path, Word::of(source));
        reader.reading.sent.push(Object::Path((*source).clone()));
    }
    let local = !remote(last) && last.as_const().is_some();
    let moves = plain.iter().any(|w| matches!(w.as_str(), Some("mv" | "move")));
    if local {
        reader.use_of(Access::Write, Reach::Tree, &Thing::Path, Word::of(last));
    }
    local && !moves
}

/// The words that are neither options nor their arguments.
fn plain(words: &[Value]) -> Vec<&Value> {
    let mut out = Vec::new();
    let mut skip = false;
    for word in words {
        let option = word.as_str().is_some_and(|t| t.starts_with('-') && t.len() > 1);
        let open = option && word.as_str().is_some_and(|t| t.starts_with("--") && !t.contains('='));
        match (skip, option) {
            (true, false) => skip = false,
            (_, true) => skip = open && !is_flag(word) && !names(word),
            (false, false) => out.push(word),
        }
    }
    out
}

/// Options whose argument says which object is meant.
fn names(word: &Value) -> bool {
    word.as_str().is_some_and(|t| ENDINGS.iter().any(|end| t.ends_with(end)))
}

/// Ends of such options.
const ENDINGS: &[&str] =
    &["-id", "-ids", "-name", "--name", "-arn", "--bucket", "--key", "--resource-group", "--ids"];

/// Long options known to stand alone.
fn is_flag(word: &Value) -> bool {
    const FLAGS: &[&str] = &[
        "--recursive",
        "--delete",
        "--force",
        "--quiet",
        "--yes",
        "--no-wait",
        "--no-paginate",
        "--exact-timestamps",
        "--debug",
        "--no-cli-pager",
        "--only-show-errors",
        "--async",
        "--all",
        "--no-sign-request",
        "--verbose",
    ];
    word.as_str().is_some_and(|t| FLAGS.contains(&t))
}

/// `file://x` and `fileb://x` are read and sent.
fn files(reader: &mut Reader, words: &[Value]) {
    for word in words {
        let Some(text) = word.as_str() else { continue };
        let path = text.split_once("file://").or_else(|| text.split_once("fileb://"));
        if let Some((_, path)) = path {
            let value = Value::constant(path, word.span);
            reader.act_on(Access::Read, Reach::Itself, Object::Path(value.clone()), word.span);
            reader.reading.sent.push(Object::Path(value));
        }
    }
}

fn changed(reader: &mut Reader, kind: &str, name: &Value, span: Span) {
    let object = Object::Remote { kind: kind.to_owned(), name: name.clone() };
    reader.act_on(Access::RemoteChange, Reach::Itself, object, span);
}
