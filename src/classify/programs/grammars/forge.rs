//! `gh api`: whether a request adds something that others decide upon, or changes what is there.

use super::super::getopt::Sorted;
use super::super::perform::leading;
use super::super::reader::Reader;
use super::super::reading::Object;
use crate::classify::value::Value;
use crate::model::effect::{Access, Reach};

/// What a POST to a list of these adds: words and marks. Keys, hooks, releases and merges are none.
const WORDS: &[&str] = &[
    "assignees",
    "comments",
    "issues",
    "labels",
    "pulls",
    "reactions",
    "requested_reviewers",
    "reviews",
    "statuses",
];

/// `gh api [-X METHOD] [-f FIELD] PATH`.
pub(super) fn request(reader: &mut Reader, sorted: &Sorted<'_>) {
    if !["change", "patch", "post"].iter().any(|mode| reader.is(mode)) {
        return;
    }
    let Some(path) = sorted.operands.first() else { return };
    let adds = !reader.is("change") && only_words(path, reader.is("patch"));
    let access = if adds { Access::Create } else { Access::RemoteChange };
    let object = Object::Remote { kind: "GitHub object".to_owned(), name: path.clone() };
    reader.act_on(access, Reach::Itself, object, path.span);
}

/// Whether the request is about words: a new one in such a list, or an old one said anew.
fn only_words(path: &Value, patch: bool) -> bool {
    let text = String::from_utf8_lossy(leading(path));
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = text.split('/').collect();
    if parts.contains(&"..") {
        return false;
    }
    match (patch, parts.as_slice()) {
        (true, [.., list, _]) => *list == "comments",
        (false, [.., list]) => path.as_const().is_some() && WORDS.contains(list),
        _ => false,
    }
}
