//! Any text as a settings file of any kind: a mistake is an error, never a panic.
#![no_main]

use stockade::policy::parse::profile;
use stockade::policy::profile::Kind;
use stockade::policy::reader::Source;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for kind in [Kind::Profile, Kind::User, Kind::Managed, Kind::Project] {
        drop(profile(kind, Source { file: "fuzz.toml", text }));
    }
});
