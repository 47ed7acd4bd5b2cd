//! Any bytes as shell text: the parser's door and what lies behind it never panic, and their bounds hold.
#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    drop(shared::judge(text));
});
