//! A real terminal: a tmux server of its own with one shell in it, driven by keys and read by its screen.

use crate::identity::Identity;
use crate::process::{self, Done, tail};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Every wait for the screen ends after this.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(30);
/// The prompt of the shell in the terminal.
pub(crate) const PROMPT: &str = "outside> ";

/// A terminal that shows a shell. Ends with everything in it when dropped.
#[derive(Debug)]
pub(crate) struct Terminal<'a> {
    identity: &'a Identity,
    directory: &'a Path,
    socket: PathBuf,
}

impl<'a> Terminal<'a> {
    /// Starts a shell of the identity in a terminal of 100 columns and 30 rows. `$box` runs
    /// the words after it inside.
    pub(crate) fn open(
        identity: &'a Identity,
        directory: &'a Path,
        boxed: &str,
    ) -> Result<Self, String> {
        let terminal = Self { identity, directory, socket: directory.join("tmux") };
        let shell = format!("PS1='{PROMPT}' exec bash --noprofile --norc -i");
        let size = ["-x", "100", "-y", "30"];
        terminal
            .tmux(&[&["-f", "/dev/null", "new-session", "-d"], &size[..], &[&shell]].concat())?;
        terminal.wait_for("the prompt", |screen| screen.contains(PROMPT.trim_end()))?;
        terminal.line(&format!("box='{boxed} --'; clear"))?;
        terminal.wait_for("an empty screen", |screen| screen.trim() == PROMPT.trim_end())?;
        Ok(terminal)
    }

    /// Types a line and presses Enter.
    pub(crate) fn line(&self, text: &str) -> Result<(), String> {
        self.tmux(&["send-keys", "-l", text])?;
        self.key("Enter")
    }

    /// Presses one key, by tmux's name of it.
    pub(crate) fn key(&self, name: &str) -> Result<(), String> {
        self.tmux(&["send-keys", name]).map(drop)
    }

    /// Changes the size of the window.
    pub(crate) fn resize(&self, columns: &str, rows: &str) -> Result<(), String> {
        self.tmux(&["resize-window", "-x", columns, "-y", rows]).map(drop)
    }

    /// Waits until the screen holds a text.
    pub(crate) fn see(&self, text: &str) -> Result<(), String> {
        self.wait_for(text, |screen| screen.contains(text)).map(drop)
    }

    /// Waits until the screen fits.
    pub(crate) fn wait_for(
        &self,
        what: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<String, String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let done = self.tmux(&["capture-pane", "-p"])?;
            let screen = String::from_utf8_lossy(&done.stdout).into_owned();
            if fits(&screen) {
                return Ok(screen);
            }
            if Instant::now() > deadline {
                return Err(format!("the terminal never showed {what:?}\n{}", screen.trim_end()));
            }
            std::thread::sleep(POLL);
        }
    }

    fn tmux(&self, arguments: &[&str]) -> Result<Done, String> {
        let mut command = self.identity.command("tmux", self.directory);
        command.arg("-S").arg(&self.socket).args(arguments);
        let done = process::run(&mut command, self.identity, PATIENCE)?;
        match done.status {
            0 => Ok(done),
            status => Err(format!("tmux {arguments:?}: status {status}: {}", tail(&done.stderr))),
        }
    }
}

impl Drop for Terminal<'_> {
    /// The server ends its shell, and that shell's hang-up ends what it had started.
    fn drop(&mut self) {
        if let Err(error) = self.tmux(&["kill-server"])
            && !std::thread::panicking()
        {
            // The server may have ended with its last shell.
            assert!(error.contains("no server") || error.contains("error connecting"), "{error}");
        }
    }
}
