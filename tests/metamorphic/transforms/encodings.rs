//! Words and whole texts in an encoding that a program undoes.

use super::words::{given, respelled};
use super::{Transform, same};
use crate::spelling::{base64, hex, octal, quoted, rot13};

pub const ALL: &[Transform] = &[
    same("code.base64-word", "base64 -d undoes base64", |s, d| {
        respelled(s, d, |w, _, _| {
            line(w).then(|| given(&format!("$(echo {} | base64 -d)", base64(w.as_bytes())), w))
        })
    }),
    same("code.hex-word", "xxd -r -p undoes hexadecimal", |s, d| {
        respelled(s, d, |w, _, _| {
            line(w).then(|| given(&format!("$(echo {} | xxd -r -p)", hex(w.as_bytes())), w))
        })
    }),
    same("code.base64", "base64 -d undoes base64", |s, _| {
        Some(s.with(format!("echo {} | base64 -d | {}", base64(s.text.as_bytes()), s.shell())))
    }),
    same("code.base64-twice", "undone twice", |s, _| {
        let twice = base64(base64(s.text.as_bytes()).as_bytes());
        Some(s.with(format!("echo {twice} | base64 --decode | base64 -d | {}", s.shell())))
    }),
    same("code.base64-eval", "eval runs what was undone", |s, _| {
        Some(s.with(format!("eval \"$(echo {} | base64 -d)\"", base64(s.text.as_bytes()))))
    }),
    same("code.base64-here", "base64 reads a here-string", |s, _| {
        let text = format!("bash <(base64 -d <<< {})", base64(s.text.as_bytes()));
        Some(s.with(text).for_bash())
    }),
    same("code.openssl", "openssl undoes base64 as well", |s, _| {
        let text = base64(s.text.as_bytes());
        Some(s.with(format!("echo {text} | openssl base64 -d -A | {}", s.shell())))
    }),
    same("code.hex", "xxd -r -p undoes hexadecimal", |s, _| {
        Some(s.with(format!("echo {} | xxd -r -p | {}", hex(s.text.as_bytes()), s.shell())))
    }),
    same("code.octal", "printf decodes octal", |s, _| {
        Some(s.with(format!("printf '{}' | {}", octal(s.text.as_bytes()), s.shell())))
    }),
    same("code.hex-format", "printf of bash decodes hexadecimal", |s, _| {
        let text: String = s.text.bytes().map(|b| format!("\\x{b:02x}")).collect();
        Some(s.with(format!("printf '{text}' | bash")).for_bash())
    }),
    same("code.ansi", "eval of $'..'", |s, _| {
        let text: String = s.text.bytes().map(|b| format!("\\x{b:02x}")).collect();
        Some(s.with(format!("eval $'{text}'")).for_bash())
    }),
    same("code.rot13", "tr undoes the change of letters", |s, _| {
        let text = quoted(&rot13(&s.text));
        Some(s.with(format!("printf '%s\\n' {text} | tr 'n-za-mN-ZA-M' 'a-zA-Z' | {}", s.shell())))
    }),
    same("code.reversed", "rev turns the line round", |s, _| {
        let text: String = s.text.chars().rev().collect();
        let text = quoted(&text);
        s.one_line().then(|| s.with(format!("printf '%s\\n' {text} | rev | {}", s.shell())))
    }),
    same("code.sed", "sed puts a letter back", |s, _| {
        if s.text.contains("QQ") || !s.one_line() {
            return None;
        }
        let text = quoted(&s.text.replace('e', "QQ"));
        Some(s.with(format!("printf '%s\\n' {text} | sed s/QQ/e/g | {}", s.shell())))
    }),
    same("code.pieces", "printf puts the text together", |s, d| {
        let at = s.text.char_indices().nth(1 + d.below(s.text.chars().count().max(2) - 1))?.0;
        let (left, right) = s.text.split_at(at);
        let (left, right) = (quoted(left), quoted(right));
        Some(s.with(format!("printf '%s%s\\n' {left} {right} | {}", s.shell())))
    }),
    same("code.gzip", "what gzip packs, gunzip unpacks", |s, _| {
        let text = quoted(&s.text);
        Some(s.with(format!("printf '%s\\n' {text} | gzip -c | gunzip -c | {}", s.shell())))
    }),
    same("code.base64-there-and-back", "packed and unpacked at once", |s, _| {
        let text = quoted(&s.text);
        Some(s.with(format!("printf '%s\\n' {text} | base64 | base64 -d | {}", s.shell())))
    }),
];

fn line(word: &str) -> bool {
    !word.contains('\n')
}
