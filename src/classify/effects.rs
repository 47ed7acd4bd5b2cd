//! Words as places, hosts and streams: what a path or an address means, without asking the machine.
//!
//! Scope is told from the places of the invocation. What is lost there is the business of `loss`.

use crate::classify::shell::Last;
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Effect, Reach, Reversibility, Scope};
use crate::model::finding::Span;
use crate::model::invocation::Places;
use crate::model::target::{Place, Resource};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// An effect of which nothing is lost on this machine.
pub(super) fn plain(access: Access, resource: Resource, span: Span) -> Effect {
    let (scope, reversibility) = match access {
        Access::Connect | Access::Publish | Access::RemoteChange => {
            (Scope::Remote, Reversibility::Unknown)
        }
        _ => match resource {
            Resource::Remote { .. } | Resource::Host(_) => (Scope::Remote, Reversibility::Unknown),
            _ => (Scope::System, Reversibility::Unknown),
        },
    };
    let reversibility = if matches!(access, Access::Connect | Access::Read | Access::Listen) {
        Reversibility::Harmless
    } else {
        reversibility
    };
    Effect {
        access,
        resource,
        reach: Reach::Itself,
        scale: None,
        reversibility,
        scope,
        carries: Vec::new(),
        loss: None,
        span,
    }
}

/// The places a word names, seen from any of `directories`, told from its text alone.
pub(super) fn places(value: &Value, directories: &[PathBuf]) -> Vec<Place> {
    let plain = |(place, _)| match place {
        Place::Exact(path) => Place::Exact(normalise(&path)),
        Place::Below(path) => Place::Below(normalise(&path)),
        Place::Anywhere => Place::Anywhere,
    };
    written(value, directories).into_iter().map(plain).collect()
}

/// The same with `..` as it is written, and whether a link at the end is certainly followed (`l/`).
pub(super) fn written(value: &Value, directories: &[PathBuf]) -> Vec<(Place, Last)> {
    let exact = |bytes: &[u8]| {
        let last = if bytes.ends_with(b"/") || bytes.ends_with(b"/.") {
            Last::Followed
        } else {
            Last::Itself
        };
        seen_from(bytes, directories, Place::Exact).into_iter().map(move |place| (place, last))
    };
    match &value.known {
        Known::Const(bytes) => exact(bytes).collect(),
        Known::OneOf(all) => all.iter().flat_map(|bytes| exact(bytes)).collect(),
        Known::Prefix(bytes) => {
            let end = bytes.iter().rposition(|c| *c == b'/').map_or(0, |at| at + 1);
            let directory = bytes.get(..end).unwrap_or_default();
            let directory = if directory.is_empty() { b"." } else { directory };
            let all = seen_from(directory, directories, Place::Below).into_iter();
            all.map(|place| (place, Last::Followed)).collect()
        }
        Known::Unknown => vec![(Place::Anywhere, Last::Itself)],
    }
}

/// Whether a path leads on from an open descriptor (`/dev/fd/9/x`): where to, no name tells.
fn is_behind_descriptor(path: &Path) -> bool {
    let mut parts = path.iter().skip(1);
    let fits = match (parts.next().and_then(OsStr::to_str), parts.next().and_then(OsStr::to_str)) {
        (Some("dev"), Some("fd")) => true,
        (Some("proc"), Some(_)) => parts.by_ref().any(|part| part == "fd"),
        _ => false,
    };
    fits && parts.count() > 1
}

fn seen_from(
    bytes: &[u8],
    directories: &[PathBuf],
    place: impl Fn(PathBuf) -> Place,
) -> Vec<Place> {
    // names that are not UTF-8 are told as well as can be
    let text = String::from_utf8_lossy(bytes);
    let path = Path::new(text.as_ref());
    let place =
        |path: PathBuf| if is_behind_descriptor(&path) { Place::Anywhere } else { place(path) };
    if path.is_absolute() {
        return vec![place(path.to_path_buf())];
    }
    if bytes.is_empty() {
        return Vec::new();
    }
    if directories.is_empty() {
        return vec![Place::Anywhere];
    }
    directories.iter().map(|directory| place(directory.join(path))).collect()
}

/// The path without `.` and `..`, told from its text alone.
pub(super) fn normalise(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir | Component::Prefix(_) => {}
            Component::ParentDir => {
                normal.pop();
            }
            Component::RootDir => normal.push("/"),
            Component::Normal(name) => normal.push(name),
        }
    }
    normal
}

/// Whose ground a path stands on. What holds the workspace or the home is ground of the wider thing.
pub(super) fn scope(path: &Path, places: &Places) -> Scope {
    if path.starts_with(&places.workspace) {
        return Scope::Workspace;
    }
    if places.temp.iter().any(|temp| path.starts_with(temp)) {
        return Scope::Temp;
    }
    if path.starts_with(&places.home) {
        return Scope::Home;
    }
    Scope::System
}

/// Whether a word names a stream rather than a file: `/dev/null`, `/dev/stdout`, `-`.
pub(super) fn is_stream_device(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    matches!(
        text,
        "-" | "/dev/null"
            | "/dev/stdin"
            | "/dev/stdout"
            | "/dev/stderr"
            | "/dev/tty"
            | "/dev/zero"
            | "/dev/full"
            | "/dev/random"
            | "/dev/urandom"
    ) || is_descriptor(text)
}

/// `/dev/fd/3`, `/proc/self/fd/3`: a descriptor that is open already.
fn is_descriptor(text: &str) -> bool {
    ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"]
        .iter()
        .filter_map(|directory| text.strip_prefix(directory))
        .any(|number| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()))
}

/// The peer of bash's `/dev/tcp/HOST/PORT`; `Some(None)` when it is one, but which is not known.
pub(super) fn socket(value: &Value) -> Option<Option<String>> {
    let known = value.known.beginning();
    let text = String::from_utf8_lossy(&known);
    let rest = text.strip_prefix("/dev/tcp/").or_else(|| text.strip_prefix("/dev/udp/"))?;
    let host = rest.split('/').next().filter(|host| !host.is_empty());
    let whole = value.as_const().is_some() || rest.contains('/');
    Some(host.filter(|_| whole).map(str::to_owned))
}

/// The host of `user@host`, `host:port`, `host:path`.
pub(super) fn host(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    if text.contains("://") {
        return url_host(value);
    }
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split(']').next().map(str::to_owned);
    }
    let colons = text.matches(':').count();
    let host = if colons == 1 { text.split(':').next().unwrap_or(text) } else { text };
    (!host.is_empty()).then(|| host.to_owned())
}

/// The host of a URL, as far as it is known.
pub(super) fn url_host(value: &Value) -> Option<String> {
    let known = value.known.beginning();
    let text = std::str::from_utf8(&known).ok()?;
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']);
    // without an end the unknown rest may still belong to the name
    if end.is_none() && value.as_const().is_none() {
        return None;
    }
    let authority = rest.get(..end.unwrap_or(rest.len()))?;
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => authority.split(':').next()?,
    };
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether a host is this machine.
pub(super) fn is_local(host: &str) -> bool {
    host == "localhost" || host == "::1" || host.starts_with("127.") || host == "0.0.0.0"
}

#[cfg(test)]
mod tests {
    use super::{host, places, url_host};
    use crate::classify::value::Value;
    use crate::model::finding::Span;

    #[test]
    fn hosts_are_read_from_addresses() {
        let cases = [
            ("user@h.example:22", Some("h.example")),
            ("h:dir/file", Some("h")),
            ("[::1]:80", Some("::1")),
            ("::1", Some("::1")),
            ("", None),
        ];
        for (text, expected) in cases {
            let value = Value::constant(text, Span::default());
            assert_eq!(host(&value).as_deref(), expected, "{text}");
        }
        let url = Value::constant("https://u:p@Evil.example:8443/x?k=v", Span::default());
        assert_eq!(url_host(&url).as_deref(), Some("evil.example"));
    }

    #[test]
    fn relative_words_are_seen_from_the_directory() {
        let seen = |text: &str| {
            let value = Value::constant(text, Span::default());
            places(&value, &["/w".into()]).iter().map(ToString::to_string).collect::<String>()
        };
        assert_eq!(seen("a/../b/./c"), "/w/b/c");
        assert_eq!(seen("/../x"), "/x");
        assert_eq!(seen("../../.."), "/");
    }
}
