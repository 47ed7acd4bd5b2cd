//! Secrets that are sent to prove who is asking, which is what tokens are for.
//!
//! That holds where one peer is named in the text and spoken to in private, and where the header is
//! one for credentials. Any other secret that leaves is simply gone.

use super::Shell;
use crate::classify::programs::reading::Object;
use crate::classify::value::{Value, add_taint};
use crate::model::effect::{Access, Taint};
use crate::model::finding::Severity;
use std::ops::Range;

impl Shell<'_> {
    /// Judges the credentials among what is sent.
    pub(super) fn credentials(
        &mut self,
        sent: &[Object],
        (trusted, hosts): (bool, &[Option<String>]),
        effects: &Range<usize>,
    ) {
        for object in sent {
            let Object::Credential(value) = object else { continue };
            for effect in self.found.effects.get_mut(effects.clone()).into_iter().flatten() {
                if matches!(effect.access, Access::Connect | Access::RemoteChange) {
                    add_taint(&mut effect.carries, &value.taint);
                }
            }
            let one = match hosts {
                [Some(host)] if trusted && proves(value) => Some(host),
                _ => None,
            };
            let Some(host) = one else {
                let host = hosts.first().and_then(Option::as_deref);
                self.send(host, &value.taint, value.span);
                continue;
            };
            for item in &value.taint {
                let Taint::Secret(label) = item else { continue };
                let reason = format!("shows {label} to {host}, to prove who is asking");
                let rule = ("secret.sent-as-credential", Severity::Caution);
                self.danger(rule, value.span, reason, None);
            }
        }
    }
}

/// Whether the text names the peer, by a name, and speaks to it by TLS.
pub(super) fn is_named(url: &Value) -> bool {
    let known = url.known.beginning();
    let Some(rest) = known.strip_prefix(b"https://") else { return false };
    let end = rest.iter().position(|c| matches!(c, b'/' | b'?' | b'#'));
    let whole = end.is_some() || url.as_const().is_some();
    let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let host = authority.split(|c| *c == b':').next().unwrap_or_default();
    let letters = host.iter().any(u8::is_ascii_alphabetic);
    let plain = host.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-'));
    whole && letters && plain && !host.starts_with(b"0x") && host.contains(&b'.')
}

/// Whether a header is one by which people prove who they are.
fn proves(value: &Value) -> bool {
    let known = value.known.beginning();
    let text = String::from_utf8_lossy(&known).to_ascii_lowercase();
    let Some((name, _)) = text.split_once(':') else { return false };
    let ends = ["authorization", "-token", "-key", "-auth"];
    ends.iter().any(|end| name.trim().ends_with(end))
}
