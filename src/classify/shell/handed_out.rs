//! Data sent to places whose purpose is to hand it to others: paste sites, drops, request bins, chats.
//!
//! What is in it does not matter here; that a secret is sent anywhere is told elsewhere.

use super::Shell;
use crate::classify::programs::reading::{Input, Object, Reading, Use};
use crate::classify::value::Value;
use crate::model::finding::Severity;

/// Such places: the end of the host's name, and the beginning of the path where that matters.
const PLACES: &[(&str, &str)] = &[
    ("0x0.st", ""),
    ("anonfiles.com", ""),
    ("api.github.com", "/gists"),
    ("api.telegram.org", "/bot"),
    ("bashupload.com", ""),
    ("catbox.moe", ""),
    ("discord.com", "/api/webhooks"),
    ("discordapp.com", "/api/webhooks"),
    ("dpaste.org", ""),
    ("file.io", ""),
    ("gofile.io", ""),
    ("hastebin.com", ""),
    ("hooks.slack.com", ""),
    ("interact.sh", ""),
    ("ix.io", ""),
    ("oast.fun", ""),
    ("oast.pro", ""),
    ("pastebin.com", ""),
    ("paste.ee", ""),
    ("pipedream.net", ""),
    ("rentry.co", ""),
    ("requestbin.com", ""),
    ("requestbin.net", ""),
    ("sprunge.us", ""),
    ("temp.sh", ""),
    ("termbin.com", ""),
    ("tmpfiles.org", ""),
    ("transfer.sh", ""),
    ("webhook.site", ""),
];

impl Shell<'_> {
    /// Tells of data that a call sends to such a place.
    pub(super) fn handed_out(&mut self, reading: &Reading) {
        let sends = reading.input == Input::Sent
            || reading.sent.iter().any(|one| !matches!(one, Object::Credential(_)));
        if !sends {
            return;
        }
        let place = |one: &Use| match &one.object {
            Object::Url(value) | Object::Host(value) => {
                place_of(value).map(|host| (host, one.span))
            }
            _ => None,
        };
        let Some((host, span)) = reading.uses.iter().find_map(place) else { return };
        let reason = format!("hands data to others by way of {host}, which cannot be taken back");
        let instead = Some("write it to a file of the workspace, and let a person send it");
        self.danger(("net.handed-out", Severity::Caution), span, reason, instead);
    }
}

/// The place of the list that an address leads to.
fn place_of(address: &Value) -> Option<&'static str> {
    let known = address.known.beginning();
    let text = std::str::from_utf8(&known).ok()?;
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (authority, path) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    let host = authority.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
    let fits = |(name, begins): &&(&str, &str)| {
        let below =
            host.strip_suffix(*name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        below && path.starts_with(begins)
    };
    PLACES.iter().find(fits).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::place_of;
    use crate::classify::value::Value;
    use crate::model::finding::Span;

    #[test]
    fn places_are_told_by_whole_names() {
        for (address, wanted) in [
            ("https://transfer.sh/x", Some("transfer.sh")),
            ("https://me:x@A.Webhook.site:443?q", Some("webhook.site")),
            ("termbin.com", Some("termbin.com")),
            ("https://api.github.com/gists", Some("api.github.com")),
            ("https://api.github.com/repos/a/b", None),
            ("https://nottransfer.sh/x", None),
            ("https://transfer.sh.example.org/x", None),
            ("https://h.example/transfer.sh", None),
        ] {
            assert_eq!(place_of(&Value::constant(address, Span::default())), wanted, "{address}");
        }
    }
}
