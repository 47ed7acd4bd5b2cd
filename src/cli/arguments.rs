//! What may stand on the command line: the declaration from which parser and help are made.

use crate::model::invocation::Request;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// Leaves AI agents alone with a shell: judges every command before it runs, and confines what runs.
#[derive(Debug, Parser)]
#[command(name = "stockade", version, max_term_width = 100, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Judge a command, then run it inside the sandbox
    #[command(after_help = STATUSES, override_usage = "stockade run [OPTIONS] (-c TEXT | -- ARGV...)")]
    Run(Run),
    /// Judge a command without running it: exit 0 allow, 10 ask, 11 deny
    #[command(override_usage = "stockade check [OPTIONS] (-c TEXT | -- ARGV... | --jsonl)")]
    Check(Check),
    /// Judge a command without running it, and explain the verdict in the text itself
    #[command(override_usage = "stockade explain [OPTIONS] (-c TEXT | -- ARGV...)")]
    Explain(Explain),
    /// What ran, what was refused, and whether the record is whole
    Log(Log),
    /// List, show and check profiles
    Profile(Profile),
    /// Write what other programs can enforce of a profile
    Export(Export),
    /// What this machine can enforce, what is missing, and how to get it
    Doctor(Doctor),
}

const STATUSES: &str = "Exit status: the command's own; 128+n when signal n ended it; 124 time \
limit; 125 stockade could not do its job and nothing ran; 126 refused before start; 127 no such \
program.";

/// The command, as shell text or as words.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Command {
    /// Shell text, read by bash (else sh) without start-up files
    #[arg(short = 'c', value_name = "TEXT", allow_hyphen_values = true)]
    pub(super) text: Option<OsString>,
    /// A program and its arguments
    #[arg(last = true, value_name = "ARGV")]
    pub(super) argv: Vec<OsString>,
}

impl Command {
    pub(super) fn request(self) -> Request {
        match self.text {
            Some(text) => Request::Shell(text.into_vec()),
            None => Request::Argv(self.argv),
        }
    }
}

/// By what a command is judged and confined.
#[derive(Debug, Args)]
pub(super) struct Setting {
    /// A profile by name or file [default: dev-box]
    #[arg(short, long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    /// The directory the work belongs to [default: the git top level, else the current directory]
    #[arg(short, long, value_name = "DIR")]
    pub(super) workspace: Option<PathBuf>,
    /// The conversation the command belongs to, as its client calls it: what was refused in it is
    /// known again, and what flowed where [default: $STOCKADE_SESSION]
    #[arg(short, long, value_name = "ID")]
    pub(super) session: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) setting: Setting,
    /// In namespaces of its own: no other process is seen, /tmp and /dev/shm are private and empty;
    /// refused where the machine has none
    #[arg(long)]
    pub(super) isolate: bool,
    /// Say nothing at the end of what was refused while the command ran; the journal has it
    #[arg(short, long, conflicts_with = "why")]
    pub(super) quiet: bool,
    /// Watch every open for reading, too, and say at the end which were refused; slower
    #[arg(long)]
    pub(super) why: bool,
    #[command(flatten)]
    pub(super) command: Command,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["text", "argv", "jsonl"]))]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) setting: Setting,
    /// Print the verdict as one JSON object
    #[arg(long, conflicts_with = "jsonl")]
    pub(super) json: bool,
    /// Show every step from the text to the verdict: words, directories, who reads them, effects,
    /// what the machine was asked, the rules that spoke; with --json as `steps` and `rules`
    #[arg(long, conflicts_with = "jsonl")]
    pub(super) trace: bool,
    /// Judge many: one {"id","cmd","cwd"?,"session"?} a line in, one verdict a line out, in the same order
    #[arg(long)]
    pub(super) jsonl: bool,
    /// Shell text, read by bash (else sh) without start-up files
    #[arg(short = 'c', value_name = "TEXT", allow_hyphen_values = true)]
    pub(super) text: Option<OsString>,
    /// A program and its arguments
    #[arg(last = true, value_name = "ARGV")]
    pub(super) argv: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    #[command(flatten)]
    pub(super) setting: Setting,
    #[command(flatten)]
    pub(super) command: Command,
}

#[derive(Debug, Args)]
pub(super) struct Log {
    /// Print the records as they are stored, one JSON object a line
    #[arg(long)]
    pub(super) json: bool,
    /// Everything about one run; the beginning of its id is enough
    #[arg(long, value_name = "ID")]
    pub(super) run: Option<String>,
    #[command(subcommand)]
    pub(super) verb: Option<LogVerb>,
}

#[derive(Debug, Subcommand)]
pub(super) enum LogVerb {
    /// Check that no record was changed, removed or reordered: exit 0 whole, 1 broken
    Verify,
}

#[derive(Debug, Args)]
pub(super) struct Profile {
    #[command(subcommand)]
    pub(super) verb: ProfileVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum ProfileVerb {
    /// The profiles there are, with a line about each
    List {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// A profile as it holds here: merged, every variable filled in
    Show {
        /// A profile by name or file [default: dev-box]
        profile: Option<String>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        /// The system calls that are refused or held, with conditions, answers and reasons, instead
        #[arg(long)]
        syscalls: bool,
    },
    /// Whether a profile file is right; a mistake is named by file, line and key
    Check {
        /// The file
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(subcommand)]
    pub(super) verb: ExportVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExportVerb {
    /// A seccomp profile as Docker, Podman and OCI runtimes read it; held calls are left to the container
    Seccomp {
        /// A profile by name or file [default: dev-box]
        #[arg(short, long, value_name = "NAME|FILE")]
        profile: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}
