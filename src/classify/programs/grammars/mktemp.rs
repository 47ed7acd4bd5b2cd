//! mktemp: which directory the new name is in, and what it looks like.

use super::super::getopt::Sorted;
use super::super::reader::Reader;
use super::super::reading::Output;
use crate::classify::value::Value;

/// `mktemp [-p DIR] [-t] [TEMPLATE]`.
pub(super) fn read(reader: &mut Reader, sorted: &Sorted<'_>) {
    let template = sorted.operands.first().cloned();
    let here = || Value::constant(".", reader.span);
    let directory = match &template {
        _ if reader.into.is_some() => reader.into.clone(),
        Some(_) if !reader.is("temp") => Some(here()),
        _ => None,
    };
    let template = template.unwrap_or_else(|| Value::constant("tmp.XXXXXXXXXX", reader.span));
    let directory = directory.map(|directory| reader.below(&directory));
    reader.reading.output = Output::Fresh { directory, template };
}
