//! From text to [`Profile`]: every key checked, every complaint with its place; nothing is resolved here.

use super::amount;
use super::error::{At, ProfileError};
use super::ports;
use super::profile::{
    EVERYTHING, Entry, EnvironmentWritten, FilesWritten, JudgeWritten, Kind, Limit, List, Profile,
    SettingsWritten, Unit,
};
use super::reader::{Source, Table, Value};
use super::rule::Text;
use super::rule_parse;
use super::variables::{self, Fault, Person};
use super::words::Word;
use crate::model::support::Promise;

const COMMON: &[&str] = &[
    "about",
    "files",
    "network",
    "ports",
    "unix_sockets",
    "isolate",
    "environment",
    "limits",
    "require",
    "judge",
];

/// Reads one layer.
pub fn profile(kind: Kind, source: Source<'_>) -> Result<Profile, ProfileError> {
    let document = source.parse()?;
    let root = Table::root(source, &document);
    let own: &[&str] = match kind {
        Kind::Profile => &["name", "extends"],
        Kind::User => &["profile"],
        Kind::Managed => &["profile", "profiles", "pin"],
        Kind::Project => &[],
    };
    root.only(&[COMMON, own].concat(), elsewhere)?;
    let mut layer = Profile::empty(kind, source.file.to_owned().into());
    layer.name = owned(root.text("name")?);
    layer.about = owned(root.text("about")?);
    layer.extends = owned(root.text("extends")?);
    layer.network = root.word("network")?;
    layer.unix_sockets = root.word("unix_sockets")?;
    layer.isolate = root.word("isolate")?;
    if let Some(table) = root.table("files")? {
        layer.files = files(&table)?;
    }
    if let Some(table) = root.table("ports")? {
        layer.ports = ports::ports(&table)?;
    }
    if let Some(table) = root.table("environment")? {
        layer.environment = environment(&table)?;
    }
    if let Some(table) = root.table("limits")? {
        layer.limits = limits(&table)?.into();
    }
    if let Some(value) = root.get("require") {
        let promises: Result<Vec<Promise>, _> = value.items()?.iter().map(Value::word).collect();
        layer.require = Some(promises?.into());
    }
    if let Some(table) = root.table("judge")? {
        layer.judge = judge(&table)?;
    }
    layer.settings = settings(&root)?;
    layer.stated = stated(&root)?;
    Ok(layer)
}

/// Why a key that exists has no place in this sort of file.
fn elsewhere(key: &str) -> Option<&'static str> {
    match key {
        "name" | "extends" => Some("only a profile has it; settings choose one with `profile`"),
        "profile" => Some("only the user's and the managed settings choose the profile"),
        "profiles" | "pin" => Some("only the managed settings have it"),
        _ => None,
    }
}

fn owned(text: Option<&str>) -> Option<Text> {
    text.map(|text| text.to_owned().into())
}

fn texts(list: Vec<&str>) -> List<Text> {
    list.into_iter().map(|text| text.to_owned().into()).collect()
}

fn files(table: &Table<'_>) -> Result<FilesWritten, ProfileError> {
    let known = [
        "read",
        "write",
        "devices",
        "sockets",
        "create",
        "deny",
        "readonly",
        "protect",
        "unprotect",
        "protect_except",
        "hide",
        "unhide",
    ];
    table.only(&known, |key| match key {
        "except" => Some("write it beside a path: { path = \"...\", except = [...] }"),
        _ => None,
    })?;
    let entries = |key| table.items(key)?.iter().map(entry).collect::<Result<List<_>, _>>();
    let names = |key| table.items(key)?.iter().map(anywhere).collect::<Result<List<_>, _>>();
    let free = |item: &Value<'_>| match item.text() {
        Ok(EVERYTHING) => Ok(EVERYTHING.into()),
        _ => anywhere(item),
    };
    let freed = |key| table.items(key)?.iter().map(free).collect::<Result<List<_>, _>>();
    let paths = |key| table.items(key)?.iter().map(path).collect::<Result<List<_>, _>>();
    Ok(FilesWritten {
        read: entries("read")?,
        write: entries("write")?,
        devices: entries("devices")?,
        sockets: paths("sockets")?,
        create: entries("create")?,
        deny: paths("deny")?,
        readonly: paths("readonly")?,
        protect: names("protect")?,
        unprotect: freed("unprotect")?,
        protect_except: names("protect_except")?,
        hide: names("hide")?,
        unhide: freed("unhide")?,
    })
}

fn entry(value: &Value<'_>) -> Result<Entry, ProfileError> {
    if !value.is_table() {
        return Ok(Entry { path: path(value)?, except: List::default(), only: None, why: None });
    }
    let table = value.table()?;
    table.only(&["path", "except", "only", "why"], |_| None)?;
    let Some(named) = table.get("path") else {
        return Err(value.wrong("expected { path = \"...\" }".to_owned()));
    };
    let except: Result<_, _> = table.items("except")?.iter().map(tail).collect();
    Ok(Entry {
        path: path(&named)?,
        except: except?,
        only: table.word("only")?,
        why: owned(table.text("why")?),
    })
}

impl Word for Person {
    const ALL: &'static [(Self, &'static str)] = &[(Self::User, "user"), (Self::Root, "root")];
}

/// A path with a variable at its head or none, checked in form.
pub(super) fn path(value: &Value<'_>) -> Result<Text, ProfileError> {
    let text = value.text()?;
    variables::check(text).map_err(|fault| fault_at(value, fault))?;
    Ok(text.to_owned().into())
}

/// A path relative to its entry.
fn tail(value: &Value<'_>) -> Result<Text, ProfileError> {
    let text = value.text()?;
    if text.is_empty() || text.starts_with(['/', '$', '~']) {
        return Err(value.expected("a path relative to its entry, such as \"sub/file\""));
    }
    variables::check_tail(text).map_err(|fault| fault_at(value, fault))?;
    Ok(text.trim_end_matches('/').to_owned().into())
}

/// A name of the workspace, at any depth of it: relative, each part with one star at most.
fn anywhere(value: &Value<'_>) -> Result<Text, ProfileError> {
    let text = value.text()?;
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..") && part.matches('*').count() <= 1 && part != "*"
    };
    if text.starts_with('$') || text.contains(['\0', '?', '[']) || !text.split('/').all(plain) {
        return Err(value.expected(
            "a name that may lie anywhere in the workspace, such as \".vscode\", \".env.*\" or \
             \"config/*.key\": no `?` or `[`, at most one `*` a part, and never alone",
        ));
    }
    Ok(text.to_owned().into())
}

fn fault_at(value: &Value<'_>, fault: Fault) -> ProfileError {
    match fault {
        Fault::Form(what) => value.wrong(what.to_owned()),
        Fault::Unknown(name, near) => {
            let (key, hint) = (value.key().to_owned(), near.map(str::to_owned));
            ProfileError::UnknownVariable { at: value.at(), key, name, hint }
        }
    }
}

fn environment(table: &Table<'_>) -> Result<EnvironmentWritten, ProfileError> {
    table.only(&["pass", "drop", "keep", "set"], |_| None)?;
    let names = |key| table.items(key)?.iter().map(name).collect::<Result<List<_>, _>>();
    let mut set = Vec::new();
    if let Some(inner) = table.table("set")? {
        for (key, value) in inner.entries() {
            if key.is_empty() || key.contains(['=', '\0']) {
                return Err(value.wrong("this cannot be the name of a variable".to_owned()));
            }
            let text = value.text()?;
            if text.contains('\0') {
                return Err(value.wrong("a value holds no NUL".to_owned()));
            }
            set.push((key.to_owned().into(), text.to_owned().into()));
        }
    }
    Ok(EnvironmentWritten {
        pass: names("pass")?,
        drop: names("drop")?,
        keep: names("keep")?,
        set: set.into(),
    })
}

fn name(value: &Value<'_>) -> Result<Text, ProfileError> {
    let text = value.text()?;
    if text.is_empty() || text.contains(['=', '$', '\0', '/']) {
        return Err(value.expected("the name of a variable without $, or a pattern like AWS_*"));
    }
    Ok(text.to_owned().into())
}

fn limits(table: &Table<'_>) -> Result<Vec<(Limit, Option<u64>)>, ProfileError> {
    let keys: Vec<_> = Limit::ALL.iter().map(|(_, key, _)| *key).collect();
    table.only(&keys, |_| None)?;
    let mut found = Vec::new();
    for (limit, key, unit) in Limit::ALL {
        if let Some(value) = table.get(key) {
            found.push((*limit, amount_of(&value, *unit)?));
        }
    }
    Ok(found)
}

fn amount_of(value: &Value<'_>, unit: Unit) -> Result<Option<u64>, ProfileError> {
    if let (Some(number), false) = (value.number(), unit == Unit::Processors) {
        return Ok(Some(number));
    }
    let (read, what): (fn(&str) -> Option<u64>, _) = match unit {
        Unit::Count => (|text| text.parse().ok(), "a number such as 4096, or \"unlimited\""),
        Unit::Bytes => (amount::bytes, "a size such as \"10G\" or \"512M\", or \"unlimited\""),
        Unit::Seconds => (amount::seconds, "a time such as \"30m\" or \"2h\", or \"unlimited\""),
        Unit::Processors => (
            amount::processors,
            "a number of processors such as 2 or \"0.5\", from 0.01 on, or \"unlimited\"",
        ),
    };
    if let Some(whole) = value.number() {
        return read(&whole.to_string()).map(Some).ok_or_else(|| value.expected(what));
    }
    let text = value.text().map_err(|_| value.expected(what))?;
    if text == "unlimited" {
        return Ok(None);
    }
    read(text).map(Some).ok_or_else(|| value.expected(what))
}

fn judge(table: &Table<'_>) -> Result<JudgeWritten, ProfileError> {
    table.only(&["otherwise", "off", "rule"], |_| None)?;
    let mut rules = Vec::new();
    for value in table.items("rule")? {
        rules.push(rule_parse::rule(&value.table()?)?);
    }
    Ok(JudgeWritten {
        otherwise: table.word("otherwise")?,
        off: texts(table.texts("off")?),
        rules: rules.into(),
    })
}

fn settings(root: &Table<'_>) -> Result<SettingsWritten, ProfileError> {
    for value in root.items("pin")? {
        let key = value.text()?;
        let head = key.split('.').next().unwrap_or(key);
        if !COMMON.contains(&head) && head != "profile" {
            return Err(value.expected("a key such as \"network\", \"files.write\" or \"judge\""));
        }
    }
    Ok(SettingsWritten {
        profile: owned(root.text("profile")?),
        pin: texts(root.texts("pin")?),
        profiles: root.get("profiles").map(|_| root.texts("profiles")).transpose()?.map(texts),
    })
}

/// Every key the layer sets down to the second floor; each rule and limit by itself.
fn stated(root: &Table<'_>) -> Result<Vec<(String, At)>, ProfileError> {
    let mut found = Vec::new();
    for (key, value) in root.entries() {
        if !value.is_table() {
            found.push((key.to_owned(), value.at()));
            continue;
        }
        for (inner, value) in value.table()?.entries() {
            let whole = format!("{key}.{inner}");
            if whole == "judge.rule" {
                found.extend(value.items()?.iter().map(|rule| (whole.clone(), rule.at())));
            } else {
                found.push((whole, value.at()));
            }
        }
    }
    Ok(found)
}
