//! The contract between program models and the interpreter: a call goes in, a reading comes out.

use crate::classify::value::Value;
use crate::model::effect::{Access, Reach};
use crate::model::finding::{Finding, Span};
use crate::model::gap::Gap;

/// One simple command with its words expanded.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The program's name: the last component of `argv[0]`.
    pub name: &'a str,
    /// All words, the program's own first.
    pub argv: &'a [Value],
}

/// What a word names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A file or directory; relative ones are resolved by the interpreter.
    Path(Value),
    /// A path, if there is such: else the word means something else (`git checkout WORD`).
    Existing(Value),
    /// Where something is put (`cp a b`): this path, or below it under that name when a directory is there.
    Destination {
        /// The path.
        path: Value,
        /// The last name of what is put there.
        name: Value,
        /// Whether a link to a directory counts as one.
        links: Links,
    },
    /// A host name, address, `user@host` or `host:port`.
    Host(Value),
    /// A URL; the interpreter takes the host from it.
    Url(Value),
    /// A process.
    Process(Value),
    /// Something kept elsewhere.
    Remote {
        /// `git branch`, `package`, `bucket`, `cluster object`, `database table`...
        kind: String,
        /// Its name.
        name: Value,
    },
    /// A directory that goes only when nothing is in it (`rmdir`).
    Directory(Value),
    /// What git does not track at or below a path (`git clean`).
    Strays {
        /// The path.
        below: Value,
        /// Which of it.
        which: Which,
    },
    /// The machine: power, kernel, accounts, services.
    Machine(String),
    /// An environment variable.
    Env(String),
    /// A header, or `user:password`, that may prove who is asking (`curl -H`, `-u`).
    Credential(Value),
    /// Text as it stands: what is sent when no file is (`curl -d TEXT`). Never the object of a use.
    Text(Value),
}

/// What becomes of a link to a directory as a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// It is a directory.
    Followed,
    /// It is replaced (`ln -n`).
    Kept,
}

/// Which of the things that git does not track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Which {
    /// What is not ignored.
    pub untracked: bool,
    /// What is ignored.
    pub ignored: bool,
    /// Directories too.
    pub directories: bool,
}

/// One act upon one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The act.
    pub access: Access,
    /// On what.
    pub object: Object,
    /// That object alone, or all below it.
    pub reach: Reach,
    /// The words it stands on.
    pub span: Span,
}

/// A language code may be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// A POSIX-like shell.
    Shell,
    /// Python.
    Python,
    /// JavaScript or TypeScript.
    JavaScript,
    /// Perl.
    Perl,
    /// Ruby.
    Ruby,
    /// AWK.
    Awk,
    /// sed scripts.
    Sed,
    /// SQL for a server.
    Sql,
    /// JavaScript for a document database.
    Mongo,
    /// Commands of vi and vim.
    Ex,
    /// Commands of ed.
    Ed,
    /// Commands of gdb and lldb.
    Debugger,
    /// SQL in a file, and commands of sqlite3.
    Sqlite,
    /// SQL, and commands of psql.
    Psql,
    /// SQL, and commands of mysql.
    Mysql,
    /// Tcl and expect.
    Tcl,
    /// Commands of sftp, ftp and lftp.
    Batch,
    /// Files of settings, a key and its value on each line.
    Config,
    /// Commands of tmux.
    Tmux,
    /// A makefile.
    Make,
    /// Anything else: PHP, Lua, a compiled program...
    Other,
}

/// Code that the program runs in its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// A command as separate words (`env`, `sudo`, `timeout`, `nice`).
    Argv(Vec<Value>),
    /// A command as words, to which words read from standard input are added (`xargs`).
    ArgvFromStdin(Vec<Value>),
    /// A command as words in which `{}` stands for any path at or below `roots` (`find -exec`).
    ArgvPerPath {
        /// The command.
        words: Vec<Value>,
        /// What is walked.
        roots: Vec<Value>,
    },
    /// Program text in a word (`sh -c`, `python -c`, `eval`); the arguments after it.
    Text {
        /// In which language.
        language: Language,
        /// The text.
        text: Value,
        /// `$0`, `$1`... of the text.
        args: Vec<Value>,
    },
    /// A file of code (`sh x.sh`, `python x.py`, `source x`, `make`).
    File {
        /// In which language.
        language: Language,
        /// Which file.
        path: Value,
        /// `$1`... of the script.
        args: Vec<Value>,
    },
    /// Whatever arrives on standard input (`sh`, `python3 -`).
    Stdin(Language),
}

/// Where carried code runs and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The code.
    pub code: Code,
    /// The directory it runs in, when the program changes it (`env -C`, `make -C`); one somewhere
    /// below when only a beginning is known (`find -execdir`).
    pub directory: Option<Value>,
    /// Variables the program sets for it (`env A=b`).
    pub variables: Vec<(String, Value)>,
    /// On which machine and with whose rights.
    pub realm: Realm,
}

/// Where code runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Realm {
    /// Here, as the person.
    #[default]
    Here,
    /// Here, with other rights (`sudo`, `su`, `doas`).
    Elevated,
    /// On another machine or in a container: `ssh host`, `docker exec c`, `kubectl exec p`.
    Elsewhere(Value),
}

/// What becomes of standard input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Input {
    /// Not read, or read without consequence.
    #[default]
    Ignored,
    /// Passed on to standard output, perhaps changed (`cat`, `sort`, `base64`, `gzip`).
    PassedOn,
    /// Sent over the network (`curl -d @-`, `nc`, `ssh host cat`).
    Sent,
    /// Written to files (`tee`, `dd of=`): the paths are among the uses.
    Written,
}

/// Where standard output comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Output {
    /// The program's own words, nothing that matters.
    #[default]
    Own,
    /// The contents of the paths it reads, and of standard input when that is passed on.
    Contents,
    /// The network (`curl`, `wget -O-`).
    Network,
    /// A secret by nature (`gpg --export-secret-keys`, `gh auth token`): its name.
    Secret(String),
    /// The path of a new file or directory (`mktemp`).
    Fresh {
        /// Where; the directory for temporary files when it is not said.
        directory: Option<Value>,
        /// Its name, in which the last run of `X` is replaced.
        template: Value,
    },
    /// Exactly these bytes, because the program is a pure function of constant words (`echo`, `printf`, `basename`).
    Exactly(Vec<u8>),
}

/// Everything one call would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Acts on objects, in the order of the words.
    pub uses: Vec<Use>,
    /// Code that it runs in its turn.
    pub carried: Vec<Carried>,
    /// What becomes of standard input.
    pub input: Input,
    /// Where standard output comes from.
    pub output: Output,
    /// Words that travel to the network peer as payload (`curl -d TEXT`, `-d @file` as paths).
    pub sent: Vec<Object>,
    /// Dangers that need no path to be dangers (`shutdown`, `mkfs`, a reverse shell's flags).
    pub findings: Vec<Finding>,
    /// What the model does not know.
    pub gaps: Vec<Gap>,
}
