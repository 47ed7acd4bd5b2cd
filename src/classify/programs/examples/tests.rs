//! Tests over all models: their examples hold, their files are TOML, and no words make them panic.

use super::*;
use crate::classify::value::{Arity, Known};
use proptest::prelude::*;

#[test]
fn every_model_keeps_its_examples() {
    let wrong = verify_all();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_file_is_toml_as_a_whole() {
    for (name, text) in super::super::shelf::files() {
        let parsed: Result<toml::Table, _> = toml::from_str(text);
        assert!(parsed.is_ok(), "{name}: {parsed:?}");
    }
}

#[test]
fn an_unknown_program_is_a_gap() {
    assert_eq!(summary(&read_line("frobnicate -x")), ["gap unknown-program"]);
    assert_eq!(summary(&read_line("")), ["gap unknown-program"]);
}

#[test]
fn every_alternative_of_a_word_is_used() {
    let mut argv = words("rm -r X");
    argv[2].known = Known::OneOf(vec![b"a".to_vec(), b"b".to_vec()]);
    let facts = summary(&super::super::read(&Call { name: "rm", argv: &argv }));
    assert_eq!(facts, ["delete tree path a", "delete tree path b"]);
}

#[test]
fn help_that_is_only_one_case_makes_nothing_harmless() {
    let mut argv = words("rm X a");
    argv[1].known = Known::OneOf(vec![b"--help".to_vec(), b"-r".to_vec()]);
    let facts = summary(&super::super::read(&Call { name: "rm", argv: &argv }));
    assert_eq!(facts, ["delete tree path a", "gap unresolved-word"]);
}

fn any_word() -> impl Strategy<Value = Value> {
    let bytes = prop_oneof![
        "(-{0,2}[a-zA-Z0-9=:/.,@+!{}%\\\\]{0,8})".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..6),
        proptest::sample::select(vec![
            "--", "-", "-exec", ";", "{}", "+", "-c", "push", "run", "a=b", "-rf", "--help",
            "config", "x:y",
        ])
        .prop_map(|w| w.as_bytes().to_vec()),
    ];
    (bytes, 0..5_u8).prop_map(|(bytes, kind)| {
        let known = match kind {
            0 => Known::Unknown,
            1 => Known::Prefix(bytes),
            2 => Known::OneOf(vec![bytes, b"-x".to_vec(), b"y".to_vec()]),
            _ => Known::Const(bytes),
        };
        let arity = if kind == 0 { Arity::Any } else { Arity::One };
        Value { known, arity, taint: Vec::new(), span: Span::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_words_make_a_model_panic(pick in any::<usize>(), rest in proptest::collection::vec(any_word(), 0..8)) {
        let names = super::super::shelf::names();
        let full = names[pick % names.len()];
        let mut argv: Vec<Value> = words(full);
        argv.extend(rest);
        let name = full.split(' ').next().unwrap_or(full);
        let _ = summary(&super::super::read(&Call { name, argv: &argv }));
    }
}
