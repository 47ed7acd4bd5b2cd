//! One effect in plain words, for `explain` and `check --trace`.

use crate::model::effect::{Count, Effect, Reach, Reversibility};
use crate::policy::amount::{show_bytes, show_count};

/// The effect, and between brackets whose ground it is, how much, and whether it can be had again.
pub(super) fn phrase(effect: &Effect) -> String {
    let mut phrase = format!("{} {}", effect.access, effect.resource);
    if effect.reach == Reach::Tree {
        phrase.push_str(" and all below");
    }
    let mut notes = vec![effect.scope.as_str().to_owned()];
    if let Some(scale) = effect.scale {
        let one = scale.files == Count::Exactly(1);
        let files = counted(scale.files, show_count);
        notes.push(format!("{files} {}", if one { "file" } else { "files" }));
        notes.push(counted(scale.bytes, show_bytes));
    }
    if effect.reversibility != Reversibility::Harmless {
        notes.push(effect.reversibility.as_str().to_owned());
    }
    format!("{phrase}  [{}]", notes.join(", "))
}

fn counted(count: Count, show: fn(u64) -> String) -> String {
    match count {
        Count::Exactly(n) => show(n),
        Count::AtLeast(n) => format!("more than {}", show(n)),
    }
}
