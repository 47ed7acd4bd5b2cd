//! Starting a program as an identity, with a deadline and everything it printed.

use super::{Place, World, places};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{fs, path::PathBuf};

/// No run of a test takes longer.
const LIMIT: Duration = Duration::from_secs(90);

/// A program that is about to be started.
#[derive(Debug)]
pub struct Run {
    pub command: Command,
    input: Option<Vec<u8>>,
    prints: PathBuf,
}

impl Run {
    /// A program in the workspace of a world, as its identity, with nothing in its environment
    /// but what an ordinary login has.
    pub fn new(world: &World, program: impl AsRef<OsStr>) -> Self {
        Self::at(world, world.identity.place, program)
    }

    /// The same by way of the program that enters places, with options of its own.
    pub fn entering(world: &World, options: &[&str], program: impl AsRef<OsStr>) -> Self {
        Self::by(world, places::entering(world, options), program)
    }

    /// The same somewhere else than the identity is.
    pub fn at(world: &World, place: Place, program: impl AsRef<OsStr>) -> Self {
        Self::by(world, place.words(world), program)
    }

    /// `way` are the words in front of it, which see to its identity; none if there is no need.
    fn by(world: &World, way: Vec<OsString>, program: impl AsRef<OsStr>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let is_direct = way.is_empty();
        let mut command = match way.split_first() {
            None => Command::new(program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", world.home())
            .env("LANG", "C.UTF-8")
            .current_dir(world.workspace())
            // A group of its own: what it signals there is not the test.
            .process_group(0);
        // Elsewhere it is on the way there that the user is changed.
        if let (true, Some((uid, gid))) = (is_direct, world.identity.ids()) {
            // Without other groups: std drops them when it changes the user.
            command.uid(uid).gid(gid);
        }
        let prints = world.top.join(format!("prints{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        Self { command, input: None, prints }
    }

    pub fn args<S: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        self.command.args(words);
        self
    }

    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn cwd(mut self, directory: impl AsRef<std::path::Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// What it reads from standard input; nothing when this is not called.
    pub fn input(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// Starts it and does not wait. Output goes to files: what lives on and holds them blocks nobody.
    pub fn start(mut self) -> Running {
        let (out, err) = (self.prints.with_extension("out"), self.prints.with_extension("err"));
        self.command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        match &self.input {
            None => self.command.stdin(Stdio::null()),
            Some(text) => {
                let path = self.prints.with_extension("in");
                File::create(&path).unwrap().write_all(text).unwrap();
                self.command.stdin(File::open(&path).unwrap())
            }
        };
        let child = spawned(&mut self.command);
        Running { child, out, err, begin: Instant::now() }
    }

    /// Starts it with the streams as they were set on `command`.
    pub fn start_as_set(mut self) -> Running {
        let (out, err) = (self.prints.with_extension("out"), self.prints.with_extension("err"));
        let child = spawned(&mut self.command);
        Running { child, out, err, begin: Instant::now() }
    }

    /// Runs it to its end.
    pub fn end(self) -> Ended {
        self.start().end()
    }
}

/// A child of another thread that has not executed its program yet may hold a file open to write that
/// was only just put here: the kernel then calls it busy.
#[expect(clippy::disallowed_methods, reason = "tests start what they test")]
fn spawned(command: &mut Command) -> Child {
    for _ in 0..100 {
        match command.spawn() {
            Err(e) if e.kind() == ErrorKind::ExecutableFileBusy => sleep(Duration::from_millis(10)),
            other => return other.unwrap_or_else(|e| panic!("{command:?}: {e}")),
        }
    }
    panic!("{command:?}: busy for a second")
}

/// A program that runs. It is ended when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    out: PathBuf,
    err: PathBuf,
    begin: Instant,
}

impl Running {
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).unwrap()
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.out).unwrap_or_default()).into_owned()
    }

    /// Waits for its end; a test fails when that does not come in time.
    pub fn end(mut self) -> Ended {
        let mut pause = Duration::from_micros(500);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.begin.elapsed() > LIMIT {
                let (out, err) = (self.printed(), fs::read_to_string(&self.err));
                panic!("still running after {LIMIT:?}; it printed {out:?}, {err:?}");
            }
            sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        };
        let text = |path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
        let ended = Ended { status, out: text(&self.out), err: text(&self.err) };
        assert!(!ended.err.contains("panicked at"), "it panicked: {ended:?}");
        ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Gone already when its end was waited for: the pid is then no longer used.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The exit status as a shell says it: 128+n for signal n.
    pub fn code(&self) -> i32 {
        self.status.code().or_else(|| Some(128 + self.status.signal()?)).unwrap()
    }

    /// Fails the test unless it ended with this status.
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "{self:?}");
        self
    }

    /// Fails the test unless standard error says so.
    pub fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words), "no {words:?} in {self:?}");
        self
    }
}

/// stockade itself in a world.
pub fn stockade(world: &World) -> Run {
    Run::new(world, super::base().join("stockade"))
}
