//! Which variables reach the command: those a profile passes, less those it drops, and those it sets.

use super::pattern::fits;
use crate::policy::resolved::{Environment, Sieve};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// An environment divided into what goes in and what stays out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrubbed {
    /// What the command gets, sorted by name.
    pub passed: Vec<(OsString, OsString)>,
    /// The names of what it does not get.
    pub withheld: Vec<OsString>,
}

/// Never passed by any profile: our own control variables must not be visible inside, and
/// exported functions are code.
const NEVER: [&str; 2] = ["STOCKADE_*", "BASH_FUNC_*"];

/// Divides `env` by the rules of a profile. A name or pattern in `drop` wins over `pass`.
#[must_use]
pub fn scrub(rules: &Environment, env: &BTreeMap<OsString, OsString>) -> Scrubbed {
    let mut scrubbed = Scrubbed::default();
    let mut passed = BTreeMap::new();
    let sieve = rules.sieve();
    for (name, value) in env {
        if passes(&sieve, name) {
            passed.insert(name.clone(), value.clone());
        } else {
            scrubbed.withheld.push(name.clone());
        }
    }
    for (name, value) in &rules.set {
        passed.insert(OsString::from(name), OsString::from(value));
    }
    scrubbed.passed = passed.into_iter().collect();
    scrubbed
}

fn passes(sieve: &Sieve<'_>, name: &OsStr) -> bool {
    !NEVER.iter().any(|p| fits(p.as_bytes(), name.as_bytes()))
        && sieve.passes(&name.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::{Scrubbed, scrub};
    use crate::policy::resolved::Environment;
    use std::collections::BTreeMap;
    use std::ffi::OsString;

    fn scrubbed(rules: &Environment, names: &[&str]) -> Scrubbed {
        let env: BTreeMap<OsString, OsString> =
            names.iter().map(|n| (OsString::from(n), OsString::from("v"))).collect();
        scrub(rules, &env)
    }

    #[test]
    fn drop_wins_over_pass() {
        let rules = Environment {
            pass: vec!["*".into()],
            drop: vec!["AWS_*".into(), "LD_PRELOAD".into()],
            ..Environment::default()
        };
        let got = scrubbed(&rules, &["AWS_KEY", "HOME", "LD_PRELOAD", "PATH"]);
        assert_eq!(got.withheld, ["AWS_KEY", "LD_PRELOAD"]);
        assert_eq!(got.passed.len(), 2);
    }

    #[test]
    fn control_variables_and_exported_functions_never_pass() {
        let rules = Environment { pass: vec!["*".into()], ..Environment::default() };
        let got = scrubbed(&rules, &["STOCKADE_MANAGED_FILE", "BASH_FUNC_ls%%", "TERM"]);
        assert_eq!(got.withheld, ["BASH_FUNC_ls%%", "STOCKADE_MANAGED_FILE"]);
    }

    #[test]
    fn what_no_pattern_passes_stays_out() {
        let rules = Environment {
            pass: vec!["PATH".into()],
            set: BTreeMap::from([("CI".to_owned(), "1".to_owned())]),
            ..Environment::default()
        };
        let got = scrubbed(&rules, &["PATH", "SECRET"]);
        assert_eq!(got.withheld, ["SECRET"]);
        assert_eq!(got.passed.first().map(|(n, _)| n.clone()), Some(OsString::from("CI")));
    }
}
