//! Programs that are pure functions of their words and their input, evaluated on what is known.
//!
//! This is what takes disguises off: `echo cm0= | base64 -d`, `printf '\x72m'`, `rev <<< fr-`. No
//! program here touches anything; a form that is not understood gives nothing.

mod codec;
mod filters;
mod inflate;
mod lines;
mod print;
mod translate;

use crate::classify::flow::Stream;
use crate::classify::value::{Arity, Value};

/// Results longer than this are not worth following.
const MAX_OUTPUT: usize = 64 * 1024;

/// What the program writes, when its words and input are known and it is one of ours.
#[must_use]
pub(super) fn output(name: &str, argv: &[Value], input: &Stream) -> Option<Vec<u8>> {
    if !is_pure(name) {
        return None;
    }
    let mut words: Vec<&[u8]> = Vec::with_capacity(argv.len());
    for value in argv.get(1..)? {
        if value.arity == Arity::Any {
            return None;
        }
        words.push(value.as_const()?);
    }
    let source = || input.bytes();
    let result = match name {
        "echo" => Some(print::echo(&words)),
        "printf" => print::printf(&words),
        "base64" => codec::base64(&words, source()?),
        "base32" => codec::base32(&words, source()?),
        "xxd" => codec::xxd(&words, source()?),
        "basename" => filters::basename(&words),
        "dirname" => filters::dirname(&words),
        "seq" => filters::seq(&words),
        "cat" => filters::cat(&words, source()?),
        "tr" => translate::tr(&words, source()?),
        "rev" => filters::rev(&words, source()?),
        "tac" => filters::tac(&words, source()?),
        "head" => filters::head(&words, source()?),
        "tail" => filters::tail(&words, source()?),
        "cut" => filters::cut(&words, source()?),
        "sed" => filters::sed(&words, source()?),
        "openssl" => codec::openssl(&words, source()?),
        "grep" | "egrep" | "fgrep" => lines::grep(&words, source()?),
        "sort" => lines::sort(&words, source()?),
        // what it writes elsewhere it passes on
        "tee" => source().map(<[u8]>::to_vec),
        "awk" | "gawk" | "mawk" => lines::awk(&words, source()),
        "dd" => lines::dd(&words, source()?),
        "yes" => lines::yes(&words),
        "gzip" | "gunzip" | "zcat" => inflate::gzip(name, &words, source()?),
        _ => None,
    };
    result.filter(|bytes| bytes.len() <= MAX_OUTPUT)
}

/// What a program of encodings makes of bytes.
#[must_use]
pub(super) fn undone(name: &str, words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    match name {
        "base64" => codec::base64(words, input),
        "xxd" => codec::xxd(words, input),
        _ => None,
    }
}

/// Whether the program's output depends on nothing but its words and its input.
#[must_use]
pub(super) fn is_pure(name: &str) -> bool {
    matches!(
        name,
        "echo"
            | "printf"
            | "base64"
            | "base32"
            | "xxd"
            | "basename"
            | "dirname"
            | "seq"
            | "cat"
            | "tr"
            | "rev"
            | "tac"
            | "head"
            | "tail"
            | "cut"
            | "sed"
            | "openssl"
            | "grep"
            | "egrep"
            | "fgrep"
            | "sort"
            | "tee"
            | "awk"
            | "gawk"
            | "mawk"
            | "dd"
            | "yes"
            | "gzip"
            | "gunzip"
            | "zcat"
    )
}

/// The text of a word.
fn text(word: &[u8]) -> Option<&str> {
    std::str::from_utf8(word).ok()
}
