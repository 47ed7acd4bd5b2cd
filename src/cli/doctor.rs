//! `stockade doctor`: what this machine can enforce, what is missing, what that costs, how to get it.

use super::arguments;
use super::tell;
use crate::model::invocation::Request;
use crate::model::support::{Enforcement, Promise, Support};
use crate::sandbox::cgroup::{self, Controller};
use crate::sandbox::compile::{enforcement, why};
use crate::sandbox::{isolation, network, support};
use crate::session::outcome::status;
use crate::session::{invocation, state};
use serde::Serialize;
use std::ffi::OsString;
use std::io::Write;

/// Everything doctor has to say, as printed by `--json`.
#[derive(Debug, Serialize)]
struct Diagnosis {
    landlock_abi: u32,
    landlock_errata: u32,
    seccomp_filter: bool,
    user_notification: bool,
    pidfd_getfd: bool,
    user_namespace: Option<bool>,
    proc_children: bool,
    isolate: bool,
    totals: Totals,
    state: Option<String>,
    promises: Vec<Held>,
    network: Vec<Reach>,
    healthy: bool,
}

/// A key of a profile that no built-in one has, and what it comes to here.
#[derive(Debug, Serialize)]
struct Reach {
    key: &'static str,
    enforcement: Enforcement,
    meaning: &'static str,
}

/// Which limits of a run as a whole can be kept here.
#[derive(Debug, Default, Serialize)]
struct Totals {
    /// Keys of `[limits]`.
    keys: Vec<&'static str>,
    /// What is in the way of the others.
    remedy: Option<String>,
}

impl Totals {
    fn here() -> Self {
        let (controllers, hindrance) = cgroup::delegated();
        let keys = controllers.into_iter().map(Controller::key).collect();
        Self { keys, remedy: hindrance.map(|hindrance| hindrance.to_string()) }
    }
}

#[derive(Debug, Serialize)]
struct Held {
    promise: Promise,
    enforcement: Enforcement,
    meaning: &'static str,
    remedy: Option<String>,
}

/// Looks at the machine. Exit 0 when every promise of the default profile can be kept, else 1.
pub(super) fn doctor(arguments: &arguments::Doctor) -> u8 {
    let support = support::probe_thoroughly();
    let diagnosis = Diagnosis { totals: Totals::here(), ..diagnose(support) };
    let text = if arguments.json {
        serde_json::to_string_pretty(&diagnosis).map_or_else(|e| e.to_string(), |t| t + "\n")
    } else {
        prose(&diagnosis)
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            tell::error(&format!("standard output cannot be written: {error}"));
            status::FAILED
        }
        Ok(()) | Err(_) => u8::from(!diagnosis.healthy),
    }
}

fn diagnose(support: Support) -> Diagnosis {
    let promises: Vec<Held> = Promise::ALL
        .iter()
        .map(|promise| {
            let enforcement = enforcement(*promise, support);
            let remedy = (enforcement != Enforcement::Full).then(|| remedy(*promise, support));
            Held { promise: *promise, enforcement, meaning: meaning(*promise), remedy }
        })
        .collect();
    let here = invocation::surroundings(Request::Argv(vec![OsString::from("true")]));
    Diagnosis {
        landlock_abi: support.landlock_abi,
        landlock_errata: support.landlock_errata,
        seccomp_filter: support.seccomp_filter,
        user_notification: support.user_notification,
        pidfd_getfd: support.pidfd_getfd,
        user_namespace: support.user_namespace,
        proc_children: support.proc_children,
        isolate: support.namespaces == Some(Ok(())),
        totals: Totals::default(),
        state: state::path(&here).map(|path| path.display().to_string()),
        healthy: promises
            .iter()
            .all(|held| held.enforcement == Enforcement::Full || held.is_extra()),
        promises,
        network: network::kept(support)
            .map(|kept| Reach { key: kept.key, enforcement: kept.enforcement, meaning: kept.words })
            .into(),
    }
}

/// What is in the way, and how to get there; of namespaces the very step is known.
fn remedy(promise: Promise, support: Support) -> String {
    match (promise, support.namespaces) {
        (Promise::Private, Some(Err(obstacle))) => isolation::explain(obstacle),
        _ => why(promise, support).to_owned(),
    }
}

impl Held {
    /// Whether no built-in profile requires it: it is there for who asks (`--isolate`).
    fn is_extra(&self) -> bool {
        self.promise == Promise::Private
    }
}

const fn meaning(promise: Promise) -> &'static str {
    match promise {
        Promise::Writes => "nothing is changed outside the write roots",
        Promise::Reads => "nothing is read outside the read roots",
        Promise::Protected => {
            "hooks, settings and start-up files in the workspace stay as they are; hidden names are not read"
        }
        Promise::Metadata => "mode, owner, times and attributes change inside the write roots only",
        Promise::Truncate => "truncating a file counts as changing it",
        Promise::Devices => "devices take no commands",
        Promise::Isolation => "no signal and no abstract socket reaches processes outside",
        Promise::Network => "there is no more network than the profile gives",
        Promise::Kernel => "dangerous entrances to the kernel are closed",
        Promise::Cleanup => "nothing outlives the run",
        Promise::Private => {
            "with --isolate: no process outside is seen, /tmp and shared memory are the run's own"
        }
        Promise::Journal => "every run is written down",
    }
}

fn prose(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    let yes = |there: bool| if there { "yes" } else { "no" };
    let mut line = |name: &str, value: &str| {
        text.push_str(&format!("  {name:<22}{value}\n"));
    };
    line("Landlock ABI", &diagnosis.landlock_abi.to_string());
    line("Landlock errata", &format!("{:#x}", diagnosis.landlock_errata));
    line("seccomp filter", yes(diagnosis.seccomp_filter));
    line("seccomp notification", yes(diagnosis.user_notification));
    line("pidfd_getfd", yes(diagnosis.pidfd_getfd));
    line("user namespaces", diagnosis.user_namespace.map_or("not tried", yes));
    line("children in /proc", yes(diagnosis.proc_children));
    let totals = match (diagnosis.totals.keys.join(", "), &diagnosis.totals.remedy) {
        (keys, None) => keys,
        (keys, Some(remedy)) if keys.is_empty() => format!("none: {remedy}"),
        (keys, Some(remedy)) => format!("{keys}; not the others: {remedy}"),
    };
    line("limits of the whole", &totals);
    line("state directory", diagnosis.state.as_deref().unwrap_or("nowhere: set XDG_STATE_HOME"));
    let mut promises = String::new();
    for held in &diagnosis.promises {
        let mark = match held.enforcement {
            Enforcement::Full => "kept",
            Enforcement::Partial => "in part",
            Enforcement::Missing if held.is_extra() => "not here",
            Enforcement::Missing => "NOT KEPT",
        };
        let (name, meaning) = (held.promise.as_str(), held.meaning);
        promises.push_str(&format!("  {name:<11}{mark:<10}{meaning}\n"));
        if let Some(remedy) = &held.remedy {
            promises.push_str(&format!("  {:<21}{remedy}\n", ""));
        }
    }
    let mut networks = String::new();
    for Reach { key, enforcement, meaning } in &diagnosis.network {
        let mark = match enforcement {
            Enforcement::Full => "kept",
            Enforcement::Partial => "in part",
            Enforcement::Missing => "not here",
        };
        networks.push_str(&format!("  {key:<22}{mark:<10}{meaning}\n"));
    }
    let verdict = if diagnosis.healthy {
        "This machine keeps every promise of the built-in profiles.\n"
    } else {
        "Some promises cannot be kept here. A profile that requires one of them refuses to run\n\
         anything (status 125); one that does not require it runs without that protection.\n"
    };
    format!(
        "What this machine offers\n{text}\nWhat stockade promises here\n{promises}\n\
         What a profile may ask for here\n{networks}\n{verdict}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_in_part_says_which_part_is_missing() {
        let support = Support {
            landlock_abi: 2,
            landlock_errata: 0,
            seccomp_filter: true,
            user_notification: true,
            pidfd_getfd: true,
            user_namespace: None,
            proc_children: true,
            namespaces: None,
        };
        let diagnosis = diagnose(support);
        let text = prose(&diagnosis);
        for words in [
            "writes     in part   nothing is changed outside",
            "kept but for truncation",
            "isolation  in part",
            "devices    NOT KEPT",
            "reads      kept",
        ] {
            assert!(text.contains(words), "no {words:?} in\n{text}");
        }
        let json = serde_json::to_string(&diagnosis).unwrap();
        assert!(json.contains("\"promise\":\"writes\",\"enforcement\":\"partial\""), "{json}");
        assert!(!diagnosis.healthy);
    }

    #[test]
    fn networks_are_told_by_what_the_machine_has() {
        let whole = Support {
            landlock_abi: 7,
            landlock_errata: 0,
            seccomp_filter: true,
            user_notification: true,
            pidfd_getfd: true,
            user_namespace: None,
            proc_children: true,
            namespaces: None,
        };
        for (support, loopback, ports) in [
            (whole, "kept      TCP with this machine alone", "kept      TCP by the ports"),
            (
                Support { pidfd_getfd: false, ..whole },
                "kept      TCP with this machine alone",
                "in part   no other port is open, but no server listens unless `bind` holds 0",
            ),
            (
                Support { user_notification: false, ..whole },
                "not here  `network = \"loopback\"` needs system calls that can be held",
                "in part   no other port",
            ),
            (
                Support { landlock_abi: 3, ..whole },
                "kept      TCP with this machine alone",
                "not here  `[ports]` needs Landlock ABI 4",
            ),
        ] {
            let text = prose(&diagnose(support));
            assert!(text.contains(&format!("  network = \"loopback\"  {loopback}")), "{text}");
            assert!(text.contains(&format!("  [ports]               {ports}")), "{text}");
        }
    }
}
