//! A workload as data, and how it is carried out: the same script in twin directories, once bare and once boxed.

use crate::identity::{Identity, Who};
use crate::process::{self, Done, tail};
use crate::scratch::Scratch;
use crate::tmux::Terminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One thing people do.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

impl Workload {
    /// Why it does not get through yet.
    pub(crate) const fn owed(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Script(script) => script.owed,
            Kind::Terminal(..) => None,
        }
    }

    /// Whether somebody is to do it at all.
    pub(crate) fn concerns(&self, who: Who) -> bool {
        match self.kind {
            Kind::Script(script) => script.only.is_none_or(|only| only == who),
            Kind::Terminal(..) => true,
        }
    }

    /// Whether it waits until it is asked for.
    pub(crate) const fn on_request(&self) -> bool {
        match self.kind {
            Kind::Script(script) => script.on_request,
            Kind::Terminal(..) => false,
        }
    }
}

/// In place of the name of a profile: dev-box, with `--isolate`.
pub(crate) const ISOLATED: &str = "isolated";

/// The words that put something under a profile.
pub(crate) fn boxing(profile: &str) -> Vec<&str> {
    match profile {
        ISOLATED => vec!["run", "--isolate", "--profile", "dev-box"],
        profile => vec!["run", "--profile", profile],
    }
}

/// What came of a workload under each profile.
pub(crate) type Outcomes = Vec<(&'static str, Result<(), String>)>;

/// How it is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// By a bash script.
    Script(Script),
    /// By typing into a terminal that shows a shell; what runs in it runs under this profile.
    Terminal(&'static str, fn(&Terminal<'_>) -> Result<(), String>),
}

/// A script and what it must come to, bare and boxed alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    pub(crate) text: &'static str,
    pub(crate) place: Place,
    pub(crate) status: i32,
    /// What standard output must hold, so that two failures are no success.
    pub(crate) says: &'static [&'static str],
    /// Files that must be there afterwards.
    pub(crate) leaves: &'static [&'static str],
    pub(crate) twin: Twin,
    /// Finds a directory, made outside, that lies in the work directory as `given`.
    pub(crate) given: Option<fn() -> Result<PathBuf, String>>,
    /// Why it does not get through yet; with a reason here, getting through is a failure.
    pub(crate) owed: Option<&'static str>,
    /// Under which profiles, all of which must let it through alike.
    pub(crate) profiles: &'static [&'static str],
    /// Who does it, where not everybody can.
    pub(crate) only: Option<Who>,
    /// Only when asked for: what it needs is too large to install on every build server.
    pub(crate) on_request: bool,
    pub(crate) seconds: u64,
}

/// Where the wall stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The whole script runs inside.
    Inside,
    /// The script runs outside and starts with `$BOX` what runs inside; bare, `$BOX` is empty.
    Around,
}

/// What the bare run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twin {
    /// Status and standard output must be the same.
    Same,
    /// There is none: too slow to do twice, and `says` says it all.
    None,
}

/// The usual: inside, status 0, same output.
pub(crate) const USUAL: Script = Script {
    text: "",
    place: Place::Inside,
    status: 0,
    says: &[],
    leaves: &[],
    twin: Twin::Same,
    given: None,
    owed: None,
    profiles: &["dev-box", "ci-runner"],
    only: None,
    on_request: false,
    seconds: 60,
};

/// A script that must end well and say these things.
pub(crate) const fn inside(
    name: &'static str,
    text: &'static str,
    says: &'static [&'static str],
) -> Workload {
    Workload { name, kind: Kind::Script(Script { text, says, ..USUAL }) }
}

/// A script around the wall that must end well and say these things.
pub(crate) const fn around(
    name: &'static str,
    text: &'static str,
    says: &'static [&'static str],
) -> Workload {
    Workload { name, kind: Kind::Script(Script { text, says, place: Place::Around, ..USUAL }) }
}

impl Script {
    /// Carries the script out, once bare and once under each profile, and compares.
    pub(crate) fn compare(
        &self,
        name: &str,
        scratch: &Scratch,
        identity: &Identity,
    ) -> Result<Outcomes, String> {
        let home = identity.home.join("work").join(name);
        identity.directory(&home)?;
        let outside = match self.twin {
            Twin::None => None,
            Twin::Same => {
                let bare = home.join("bare");
                identity.directory(&bare)?;
                let outside = self.run(&bare, None, identity)?;
                self.judge(&outside, &bare).map_err(|why| told("outside", &why, &outside))?;
                Some(placeless(&outside.stdout, &bare))
            }
        };
        let outcome = |profile: &'static str| {
            let boxed = home.join(profile);
            let inside = self.run_inside(profile, &boxed, scratch, identity);
            (profile, inside.and_then(|done| self.compare_to(outside.as_deref(), &done, &boxed)))
        };
        Ok(self.profiles.iter().copied().map(outcome).collect())
    }

    fn run_inside(
        &self,
        profile: &str,
        boxed: &Path,
        scratch: &Scratch,
        identity: &Identity,
    ) -> Result<Done, String> {
        identity.directory(boxed)?;
        if let Some(find) = self.given {
            give(&find()?, &boxed.join("given"), identity)?;
        }
        self.run(boxed, Some((&scratch.stockade, profile)), identity)
    }

    fn compare_to(&self, outside: Option<&str>, done: &Done, boxed: &Path) -> Result<(), String> {
        let through = self.judge(done, boxed).and_then(|()| is_quiet(done));
        let through = through.map_err(|why| told("inside", &why, done));
        let inside = placeless(&done.stdout, boxed);
        let same = match outside {
            Some(outside) if inside != outside => {
                Err(format!("says other things than outside\n{inside}\n---\n{outside}"))
            }
            Some(_) | None => Ok(()),
        };
        match (through.and(same), self.owed) {
            (outcome, None) => outcome,
            (Ok(()), Some(_)) => {
                Err("gets through now: move it from owed.rs to its subject".to_owned())
            }
            (Err(_), Some(_)) => Ok(()),
        }
    }

    fn run(
        &self,
        directory: &Path,
        stockade: Option<(&Path, &str)>,
        identity: &Identity,
    ) -> Result<Done, String> {
        let within = stockade
            .map(|(path, profile)| format!("{} {}", path.display(), boxing(profile).join(" ")));
        let mut command = match (self.place, stockade) {
            (Place::Inside, Some((stockade, profile))) => {
                let mut command = identity.command(stockade, directory);
                command.args(boxing(profile)).args(["-c", self.text]);
                command
            }
            (Place::Inside, None) | (Place::Around, _) => {
                let mut command = identity.command("/bin/bash", directory);
                command.args(["--noprofile", "--norc", "-c", self.text]);
                let prefix = within.map(|within| format!("{within} --")).unwrap_or_default();
                command.env("BOX", prefix);
                command
            }
        };
        process::run(&mut command, identity, Duration::from_secs(self.seconds))
    }

    fn judge(&self, done: &Done, directory: &Path) -> Result<(), String> {
        if done.status != self.status {
            return Err(format!("status {} in place of {}", done.status, self.status));
        }
        let said = String::from_utf8_lossy(&done.stdout);
        if let Some(word) = self.says.iter().find(|word| !said.contains(**word)) {
            return Err(format!("does not say `{word}`"));
        }
        match self.leaves.iter().find(|file| !directory.join(file).exists()) {
            Some(file) => Err(format!("does not make {file}")),
            None => Ok(()),
        }
    }
}

/// Work that goes well inside leaves nothing to tell a person of refusals.
fn is_quiet(done: &Done) -> Result<(), String> {
    let said = String::from_utf8_lossy(&done.stderr);
    let told = |line: &&str| line.starts_with("stockade: ") && !line.contains("time limit");
    match said.lines().find(told) {
        Some(line) => Err(format!("tells of a refusal that hindered nothing: {line}")),
        None => Ok(()),
    }
}

/// Copies the files of a directory.
fn give(from: &Path, to: &Path, identity: &Identity) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", from.display());
    identity.directory(to)?;
    for entry in std::fs::read_dir(from).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        std::fs::copy(entry.path(), to.join(entry.file_name())).map_err(fault)?;
    }
    Ok(())
}

fn told(place: &str, why: &str, done: &Done) -> String {
    let (out, err) = (tail(&done.stdout), tail(&done.stderr));
    format!("{place}: {why}: {}\nstdout:\n{out}\nstderr:\n{err}", last_line(&err))
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

/// An output without the one thing in which twins differ: where they are.
fn placeless(output: &[u8], directory: &Path) -> String {
    String::from_utf8_lossy(output).replace(&*directory.to_string_lossy(), "@")
}
