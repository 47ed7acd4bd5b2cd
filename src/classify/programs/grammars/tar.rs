//! Words that hold several in one: tar's bundled first word, and `-v SOURCE:TARGET` of containers.

use super::super::model::{Argument, Model};
use super::super::perform::leading;
use super::super::reader::Reader;
use super::super::reading::Object;
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Reach};

/// `tar czf out.tgz a` as `tar -c -z -f out.tgz a`: in a first word without a dash, letters that
/// take an argument take the following words in turn.
pub(super) fn first_word(model: &Model, words: &[Value]) -> Vec<Value> {
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let Some(letters) = first.as_str().filter(|t| !t.starts_with('-') && !t.is_empty()) else {
        return words.to_vec();
    };
    let mut rest = rest.iter();
    let mut out = Vec::with_capacity(words.len() + letters.len());
    for letter in letters.chars() {
        let spelled = format!("-{letter}");
        let takes = model
            .options
            .iter()
            .any(|o| o.argument == Argument::Required && o.spellings.iter().any(|s| *s == spelled));
        out.push(Value { known: Known::Const(spelled.into_bytes()), ..first.clone() });
        if takes {
            out.extend(rest.next().cloned());
        }
    }
    out.extend(rest.cloned());
    out
}

/// `-v /host:/container[:ro]`: what a container is given of the machine it may change.
pub(super) fn mount(reader: &mut Reader, word: &Value) {
    let bytes = leading(word);
    let source = match bytes
        .split(|b| *b == b',')
        .find_map(|part| part.strip_prefix(b"source=").or_else(|| part.strip_prefix(b"src=")))
    {
        Some(source) => source,
        None => bytes.split(|b| *b == b':').next().unwrap_or(b""),
    };
    if !source.iter().any(|b| matches!(b, b'/' | b'.' | b'~')) && word.as_const().is_some() {
        return; // a named volume
    }
    let complete = word.as_const().is_some() || source.len() < bytes.len();
    let known = match (complete, source.is_empty()) {
        (true, _) => Known::Const(source.to_vec()),
        (false, true) => Known::Unknown,
        (false, false) => Known::Prefix(source.to_vec()),
    };
    let readonly = bytes.ends_with(b":ro") || bytes.windows(8).any(|w| w == b"readonly");
    let access = if readonly { Access::Read } else { Access::Write };
    let value = reader.below(&Value { known, ..word.clone() });
    reader.act_on(access, Reach::Tree, Object::Path(value), word.span);
}
