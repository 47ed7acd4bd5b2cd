//! `stockade profile list|show|check`: what profiles there are, what one comes to, and whether a file is right.

use crate::policy::amount::{show_bytes, show_count, show_processors};
use crate::policy::ports::{PortSet, Ports};
use crate::policy::resolved::{Policy, Root};
use crate::policy::words::Word;
use crate::settings::{Request, SettingsError, catalogue, load};
use serde_json::{Value, json};
use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a verb could not do its work.
#[derive(Debug)]
pub(super) enum ProfileVerbError {
    /// The settings are wrong or cannot be had; the message is for the person.
    Settings(SettingsError),
    /// The answer could not be written.
    Output(io::Error),
}

impl Display for ProfileVerbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Output(error) => write!(f, "output: {error}"),
        }
    }
}

impl std::error::Error for ProfileVerbError {}

impl From<SettingsError> for ProfileVerbError {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

impl From<io::Error> for ProfileVerbError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

/// Names every profile that can be chosen, with what it is for.
pub(super) fn list(
    request: &Request<'_>,
    form: Form,
    out: &mut impl Write,
) -> Result<(), ProfileVerbError> {
    let all = catalogue::list(request)?;
    if form == Form::Json {
        let shown: Vec<Value> = all
            .iter()
            .map(|one| json!({ "name": one.name, "about": one.about, "file": one.file }))
            .collect();
        return Ok(writeln!(out, "{}", Value::from(shown))?);
    }
    let width = all.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
    for one in &all {
        let (name, about) = (&one.name, &one.about);
        let from = if one.file == "built in" { String::new() } else { format!("  ({})", one.file) };
        writeln!(out, "{name:width$}  {about}{from}")?;
    }
    Ok(())
}

/// Shows the policy a request comes to, all layers folded, each entry with the layer it came from.
pub(super) fn show(
    request: &Request<'_>,
    form: Form,
    out: &mut impl Write,
) -> Result<(), ProfileVerbError> {
    let policy = load(request)?;
    match form {
        Form::Text => text(&policy, out)?,
        Form::Json => writeln!(out, "{}", object(&policy))?,
    }
    Ok(())
}

/// Checks a file and the examples of its rules; an error says what is wrong and where.
pub(super) fn check(
    request: &Request<'_>,
    file: &Path,
    out: &mut impl Write,
) -> Result<(), ProfileVerbError> {
    let checked = catalogue::check(request, file)?;
    let kind = match checked.kind {
        crate::policy::profile::Kind::Profile => "profile",
        crate::policy::profile::Kind::User => "user settings",
        crate::policy::profile::Kind::Managed => "managed settings",
        crate::policy::profile::Kind::Project => "project file",
    };
    let (rules, examples) = (checked.rules, checked.examples);
    let shown = file.display();
    Ok(writeln!(out, "{shown}: right ({kind}, {rules} rules, {examples} examples hold)")?)
}

fn ports(out: &mut impl Write, ports: &Ports) -> io::Result<()> {
    if ports.is_every() {
        return Ok(());
    }
    let shown =
        |set: &Option<PortSet>| set.as_ref().map_or_else(|| "every".to_owned(), PortSet::to_string);
    writeln!(out, "ports: connect {}; bind {}", shown(&ports.connect), shown(&ports.bind))
}

fn text(policy: &Policy, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "profile {}", policy.profile)?;
    writeln!(out, "layers, strongest first:")?;
    for (at, layer) in policy.layers.iter().enumerate() {
        writeln!(out, "  [{at}] {layer}")?;
    }
    let origins = &policy.origins;
    writeln!(out, "network: {}  [{}]", policy.network.word(), origins.network)?;
    ports(out, &policy.ports)?;
    writeln!(out, "unix_sockets: {}  [{}]", policy.unix_sockets.word(), origins.unix_sockets)?;
    writeln!(out, "isolate: {}  [{}]", policy.isolate.word(), origins.isolate)?;
    roots(out, "read", &policy.files.read, &origins.read)?;
    roots(out, "write", &policy.files.write, &origins.write)?;
    lines(out, "devices", paths(&policy.files.devices), &origins.devices)?;
    lines(out, "sockets of others", paths(&policy.files.sockets), &origins.sockets)?;
    lines(out, "create when missing", paths(&policy.files.create), &origins.create)?;
    names(out, "protected in the workspace", &policy.files.protect)?;
    if !policy.files.protect.is_empty() {
        names(out, "but not below", &policy.files.protect_except)?;
    }
    let hidden = &policy.files.hidden;
    names(out, "hidden from reading", hidden.names())?;
    if !hidden.names().is_empty() {
        names(out, "but these are not", hidden.free())?;
    }
    let env = &policy.environment;
    lines(out, "variables that pass", env.pass.iter(), &origins.pass)?;
    lines(out, "variables that never pass", env.drop.iter(), &origins.drop)?;
    if !env.keep.is_empty() {
        lines(out, "but these do", env.keep.iter().map(|keep| &keep.name), &origins.keep)?;
    }
    if !env.set.is_empty() {
        writeln!(out, "variables that are set:")?;
    }
    for (name, value) in &env.set {
        writeln!(out, "  {name}={value}")?;
    }
    writeln!(out, "limits:")?;
    for (name, amount) in limits(policy) {
        writeln!(out, "  {name}: {amount}")?;
    }
    let require: Vec<&str> = policy.require.iter().map(|promise| promise.word()).collect();
    writeln!(out, "requires: {}", require.join(", "))?;
    writeln!(out, "rules; what none speaks of: {}", policy.judge.otherwise)?;
    for placed in &policy.judge.rules {
        let origin = policy.layers.len().saturating_sub(placed.rank + 1);
        let rule = &placed.rule;
        writeln!(
            out,
            "  {:<5} {:<20} {}  [{origin}]",
            rule.decision.as_str(),
            rule.id,
            rule.reason
        )?;
    }
    Ok(())
}

fn roots(out: &mut impl Write, title: &str, list: &[Root], from: &[usize]) -> io::Result<()> {
    let shown = list.iter().map(|root| {
        let except: Vec<String> = paths(&root.except).map(|path| path.to_string()).collect();
        let path = root.path.display();
        if except.is_empty() {
            path.to_string()
        } else {
            format!("{path} except {}", except.join(", "))
        }
    });
    lines(out, title, shown, from)
}

/// A list without origins, on one line.
fn names(out: &mut impl Write, title: &str, list: &[String]) -> io::Result<()> {
    let shown = if list.is_empty() { "none".to_owned() } else { list.join(" ") };
    writeln!(out, "{title}: {shown}")
}

fn paths(list: &[PathBuf]) -> impl Iterator<Item = std::path::Display<'_>> {
    list.iter().map(|path| path.display())
}

fn lines(
    out: &mut impl Write,
    title: &str,
    items: impl Iterator<Item = impl Display>,
    from: &[usize],
) -> io::Result<()> {
    if from.is_empty() {
        return writeln!(out, "{title}: none");
    }
    writeln!(out, "{title}:")?;
    for (item, origin) in items.zip(from) {
        writeln!(out, "  {item}  [{origin}]")?;
    }
    Ok(())
}

fn limits(policy: &Policy) -> Vec<(&'static str, String)> {
    let limits = &policy.limits;
    let count: fn(u64) -> String = show_count;
    let seconds: fn(u64) -> String = |n| format!("{} s", show_count(n));
    [
        ("processes", limits.processes, count),
        ("open files", limits.open_files, count),
        ("file size", limits.file_size, show_bytes),
        ("core dump", limits.core, show_bytes),
        ("memory", limits.memory, show_bytes),
        ("processor time", limits.cpu_seconds, seconds),
        ("wall time", limits.wall_seconds, seconds),
        ("output", limits.output, show_bytes),
        ("memory of all", limits.total_memory, show_bytes),
        ("processes of the run", limits.total_processes, count),
        ("processors at once", limits.cpu, show_processors),
        ("space that stays free", limits.free_space, show_bytes),
    ]
    .into_iter()
    .filter_map(|(name, amount, show)| Some((name, show(amount?))))
    .collect()
}

fn object(policy: &Policy) -> Value {
    let from = |origin: usize| policy.layers.get(origin).cloned().unwrap_or_default();
    let roots = |list: &[Root], origins: &[usize]| -> Vec<Value> {
        list.iter()
            .zip(origins)
            .map(|(root, origin)| {
                let except: Vec<String> = paths(&root.except).map(|path| path.to_string()).collect();
                json!({ "path": root.path.display().to_string(), "except": except, "from": from(*origin) })
            })
            .collect()
    };
    let plain = |list: &[PathBuf]| paths(list).map(|path| path.to_string()).collect::<Vec<_>>();
    let (files, env, limits) = (&policy.files, &policy.environment, &policy.limits);
    let keep: Vec<&String> = env.keep.iter().map(|keep| &keep.name).collect();
    let rules: Vec<Value> = policy
        .judge
        .rules
        .iter()
        .map(|placed| {
            let origin = policy.layers.len().saturating_sub(placed.rank + 1);
            let rule = &placed.rule;
            json!({ "id": rule.id, "decision": rule.decision, "reason": rule.reason,
                "instead": rule.instead, "from": from(origin) })
        })
        .collect();
    json!({
        "profile": policy.profile,
        "layers": policy.layers,
        "unix_sockets": policy.unix_sockets.word(),
        "isolate": policy.isolate.word(),
        "network": policy.network.word(),
        "ports": {
            "connect": policy.ports.connect.as_ref().map(PortSet::to_string),
            "bind": policy.ports.bind.as_ref().map(PortSet::to_string),
        },
        "files": {
            "read": roots(&files.read, &policy.origins.read),
            "write": roots(&files.write, &policy.origins.write),
            "devices": plain(&files.devices),
            "sockets": plain(&files.sockets),
            "create": plain(&files.create),
            "protect": files.protect,
            "protect_except": files.protect_except,
            "hide": files.hidden.names(),
            "unhide": files.hidden.free(),
        },
        "environment": { "pass": env.pass, "drop": env.drop, "keep": keep, "set": env.set },
        "limits": {
            "processes": limits.processes, "open_files": limits.open_files,
            "file_size": limits.file_size, "core": limits.core, "memory": limits.memory,
            "cpu_time": limits.cpu_seconds, "wall_time": limits.wall_seconds,
            "output": limits.output, "total_memory": limits.total_memory,
            "total_processes": limits.total_processes,
            "cpu": limits.cpu.map(show_processors), "free_space": limits.free_space,
        },
        "require": policy.require,
        "judge": { "otherwise": policy.judge.otherwise, "rules": rules },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(verb: impl Fn(&Request<'_>, &mut Vec<u8>) -> Result<(), ProfileVerbError>) -> String {
        let env = std::collections::BTreeMap::from([(
            "STOCKADE_MANAGED_FILE".into(),
            "/nonexistent/managed.toml".into(),
        )]);
        let request = Request {
            profile: Some("strict".to_owned()),
            workspace: "/nonexistent/w".into(),
            home: "/nonexistent/h".into(),
            env: &env,
            uid: 1000,
        };
        let mut out = Vec::new();
        verb(&request, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn profiles_are_listed_and_shown() {
        let listed = told(|request, out| list(request, Form::Text, out));
        assert!(listed.lines().count() == 5 && listed.contains("readonly   looks"), "{listed}");
        let shown = told(|request, out| show(request, Form::Text, out));
        for part in [
            "profile strict",
            "[1] built-in common",
            "network: none  [0]",
            "  /nonexistent/w  [0]",
            "sockets of others: none\n",
            "hidden from reading: .env .env.*\nbut these are not: .env.example ",
        ] {
            assert!(shown.contains(part), "{part}\n{shown}");
        }
        let shown = told(|request, out| show(request, Form::Json, out));
        let shown: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(shown["files"]["read"][0]["from"], "built-in strict");
        assert_eq!(shown["judge"]["otherwise"], "ask");
    }
}
