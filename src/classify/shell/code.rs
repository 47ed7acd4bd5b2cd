//! Text and files that are run: shell is walked, other languages go through one seam.

use super::Shell;
use super::state::State;
use crate::classify::flow::Stream;
use crate::classify::foreign::{backquoted, plain_words};
use crate::classify::literal_calls::prints;
use crate::classify::programs::reading::Language;
use crate::classify::remote_shell;
use crate::classify::scripts;
use crate::classify::syntax::{Origin, parse, parse_clean};
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Reach, Taint};
use crate::model::finding::{Severity, Span};
use crate::model::gap::GapKind;
use crate::model::target::Place;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Scripts larger than this are not read.
pub(super) const MAX_SCRIPT: usize = 64 * 1024;

/// A script that is being walked, and with what.
#[derive(Debug)]
pub(super) struct Visit {
    file: PathBuf,
    args: Vec<Value>,
    state: State,
}

impl Visit {
    /// A script that has called itself so often may do so without end.
    const SEVERAL: usize = 3;
}

impl Shell<'_> {
    /// Code in a word: `sh -c TEXT`, `python -c TEXT`.
    pub(super) fn run_text(
        &mut self,
        language: Language,
        text: &Value,
        args: &[Value],
        state: &mut State,
    ) -> Stream {
        self.strangers(&text.taint, text.span);
        match &text.known {
            Known::Const(bytes) => self.run_bytes(bytes, language, args, (text.span, state)),
            Known::OneOf(all) => {
                let mut output = Stream::empty();
                for bytes in all {
                    let mut inner = state.clone();
                    output.append(self.run_bytes(bytes, language, args, (text.span, &mut inner)));
                }
                output
            }
            Known::Prefix(_) | Known::Unknown => {
                if let (Language::Shell, Known::Prefix(bytes)) = (language, &text.known) {
                    self.beginning(bytes, (text.span, state));
                }
                let shown = text.describe();
                let what = format!("the {} that runs is not known: {shown}", name(language));
                self.gap(GapKind::OpaqueCode, text.span, what);
                state.blind = true;
                Stream::unknown(text.taint.clone())
            }
        }
    }

    /// Shell text of which only the beginning is known: its commands run whatever follows, and the last
    /// of them with words that nobody knows.
    pub(super) fn beginning(&mut self, bytes: &[u8], (span, state): (Span, &State)) {
        const REST: &str = "__rest";
        let text = String::from_utf8_lossy(bytes);
        let whole = format!("{text}${{{REST}}}");
        let ends = text.rfind([';', '\n', '&', '|']).map(|at| text.get(..at).unwrap_or_default());
        let read = |text: &str| parse_clean(text, Origin::Within(span), 0);
        let Some(script) = read(&whole).or_else(|| read(ends?)) else { return };
        if !self.budget.code(bytes.len()) || !self.deeper(span) {
            return;
        }
        let mut inner = state.clone();
        inner.assign(REST, Value::unknown(span));
        self.script(&script, &mut inner);
        self.budget.shallower();
    }

    /// A file of code: read as this text left it, else from disk.
    pub(super) fn run_file(
        &mut self,
        language: Language,
        path: &Value,
        args: &[Value],
        state: &mut State,
    ) -> Stream {
        if let Some("-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0") = path.as_str() {
            return self.run_input(language, state);
        }
        if let Some(open) =
            path.as_str().and_then(descriptor).and_then(|n| state.descriptors.get(&n))
        {
            let data = self.contents(open);
            let outer = std::mem::replace(&mut state.input, Rc::new(data));
            let output = self.run_input(language, state);
            state.input = outer;
            return output;
        }
        let mut output = Stream::empty();
        for place in self.places(path, state) {
            let act = super::judge::Act {
                access: Access::Execute,
                reach: Reach::Itself,
                adds: false,
                carries: &path.taint,
                span: path.span,
            };
            self.act_on(&place, &act);
            let code = match &place {
                Place::Exact(file) => {
                    self.network_file(file, path.span);
                    self.file_code(file)
                }
                Place::Below(_) | Place::Anywhere => None,
            };
            match code {
                Some(bytes) => {
                    let Place::Exact(file) = &place else { continue };
                    output.append(self.visit(file, &bytes, (language, args), (path.span, state)));
                }
                None => {
                    let what = format!("what {place} does could not be read");
                    self.gap(GapKind::OpaqueCode, path.span, what);
                    state.blind = true;
                    output = Stream::default();
                }
            }
        }
        output
    }

    /// A file of code that may run itself: what is being walked already is not walked again, and
    /// words that change from call to call are forgotten after a few.
    pub(super) fn visit(
        &mut self,
        file: &Path,
        bytes: &[u8],
        (language, args): (Language, &[Value]),
        (span, state): (Span, &mut State),
    ) -> Stream {
        let mut args = args.to_vec();
        let earlier: Vec<&Visit> = self.active.iter().filter(|visit| visit.file == file).collect();
        if let Some(last) = earlier.last().filter(|_| earlier.len() >= Visit::SEVERAL) {
            for arg in &mut args {
                *arg = Value::unknown(Span::default()).tainted_by(&arg.taint);
            }
            state.widen(&last.state);
        }
        let again = |visit: &&Visit| {
            visit.args == args
                && visit.state.directories == state.directories
                && visit.state.variables == state.variables
        };
        if earlier.iter().any(again) {
            return Stream::unknown(state.input.taint.clone());
        }
        self.active.push(Visit { file: file.into(), args: args.clone(), state: state.clone() });
        if language == Language::Make && self.written.contains_key(file) {
            self.recipes(bytes, (span, state));
        }
        let output = self.run_bytes(bytes, language, &args, (span, state));
        self.active.pop();
        output
    }

    /// The code a file holds, when it can be known.
    pub(super) fn file_code(&self, path: &Path) -> Option<Vec<u8>> {
        if self.realm.elsewhere.is_some() {
            return None;
        }
        match self.written.get(path) {
            Some(data) => match (data.bytes(), &data.file) {
                (Some(bytes), _) => Some(bytes.to_vec()),
                (None, Some(original)) => self.world.read(original, MAX_SCRIPT),
                (None, None) => None,
            },
            None => self.world.read(path, MAX_SCRIPT),
        }
    }

    /// Code whose bytes are known.
    pub(super) fn run_bytes(
        &mut self,
        bytes: &[u8],
        language: Language,
        args: &[Value],
        (span, state): (Span, &mut State),
    ) -> Stream {
        if language != Language::Shell {
            self.foreign_code((language, args), bytes, (span, state));
            if let Some(text) = std::str::from_utf8(bytes).ok().and_then(|t| prints(language, t)) {
                return Stream::exactly(text);
            }
            // whatever it writes may come from what it reads
            return Stream::unknown(state.input.taint.clone());
        }
        if !self.deeper(span) {
            return Stream::default();
        }
        if !self.budget.code(bytes.len()) {
            self.spent(span, "more code is carried in words than is read");
            self.budget.shallower();
            return Stream::default();
        }
        let text = String::from_utf8_lossy(bytes);
        let script = parse(&text, Origin::Within(span));
        let outer = state.give(args);
        let before = state.clone();
        let output = self.noted(
            (span, "shell text"),
            || text.to_string(),
            |shell| shell.script(&script, state),
        );
        self.other_reading(&text, span, &before);
        state.positional = outer;
        state.ended = false;
        self.budget.shallower();
        output
    }

    /// Whether code may be followed one step further into code.
    pub(super) fn deeper(&mut self, span: Span) -> bool {
        if self.budget.depth >= super::Budget::MAX_DEPTH {
            self.spent(span, "code is carried in code too deep to be followed");
            return false;
        }
        self.budget.depth += 1;
        true
    }

    /// The seam for other languages: what their code says literally is told, the rest is a gap.
    fn foreign_code(
        &mut self,
        (language, args): (Language, &[Value]),
        text: &[u8],
        (span, state): (Span, &State),
    ) {
        let whole = String::from_utf8_lossy(text);
        if remote_shell::serves(&whole) {
            let reason =
                format!("this {} gives whoever is at the other end a shell", name(language));
            self.danger(("run.remote-shell", Severity::Danger), span, reason, None);
        }
        let words: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
        if let Some(script) = scripts::read(language, &whole, &words) {
            self.script_deeds(&script.deeds, span, state);
            if !script.unread {
                return;
            }
        }
        if let Some((rule, severity, reason)) = plain_words(&whole) {
            self.danger((rule, severity), span, reason.to_owned(), None);
        }
        for command in backquoted(language, &whole) {
            let command = Value::constant(command, span);
            self.run_text(Language::Shell, &command, &[], &mut state.clone());
        }
        self.literal_calls(language, &whole, span, state);
        let what = format!("{} code of {} bytes is not read", name(language), text.len());
        self.gap(GapKind::OpaqueCode, span, what);
    }

    /// Code that came from the network.
    pub(super) fn strangers(&mut self, taint: &[Taint], span: Span) {
        for item in taint {
            if let Taint::Network(from) = item {
                self.run_from_network(from, span);
            }
        }
    }
}

/// The number in `/dev/fd/3`.
fn descriptor(path: &str) -> Option<i32> {
    let number = path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/"))?;
    number.parse().ok()
}

/// The language a script says it is written in.
pub(super) fn shebang(code: &[u8]) -> Option<Language> {
    let line = code.strip_prefix(b"#!")?.split(|c| *c == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_ascii_whitespace().filter(|word| !word.starts_with('-'));
    let first = words.next()?.rsplit('/').next()?;
    let program = if first == "env" { words.next()?.rsplit('/').next()? } else { first };
    let base = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    Some(match base {
        "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh" => Language::Shell,
        "python" | "pypy" => Language::Python,
        "node" | "nodejs" | "deno" | "bun" | "ts-node" | "tsx" => Language::JavaScript,
        "perl" => Language::Perl,
        "ruby" => Language::Ruby,
        "awk" | "gawk" | "mawk" => Language::Awk,
        "sed" => Language::Sed,
        "tclsh" | "wish" | "expect" => Language::Tcl,
        "make" => Language::Make,
        _ => Language::Other,
    })
}

/// The language as people call it.
pub(super) const fn name(language: Language) -> &'static str {
    match language {
        Language::Shell => "shell",
        Language::Python => "Python",
        Language::JavaScript | Language::Mongo => "JavaScript",
        Language::Perl => "Perl",
        Language::Ruby => "Ruby",
        Language::Awk => "AWK",
        Language::Sed => "sed",
        Language::Sql => "SQL",
        Language::Ex => "editor",
        Language::Ed => "ed",
        Language::Debugger => "debugger",
        Language::Sqlite => "SQLite",
        Language::Psql => "psql",
        Language::Mysql => "MySQL",
        Language::Tcl => "Tcl",
        Language::Batch => "file transfer",
        Language::Config => "settings",
        Language::Tmux => "tmux",
        Language::Make => "make",
        Language::Other => "other",
    }
}
