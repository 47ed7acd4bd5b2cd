//! Code that programs run in their turn: unwrapped and walked like everything else.
//!
//! Where it runs (with other rights, on another machine) is kept beside it while it is walked.

use super::Shell;
use super::call::Lookup;
use super::reading::whole_span;
use super::state::State;
use crate::classify::flow::{Stream, below};
use crate::classify::programs::reading::{Carried, Code, Language, Realm};
use crate::classify::value::{Known, Value};
use crate::model::finding::Severity;
use crate::model::gap::GapKind;
use crate::model::target::Place;
use std::rc::Rc;

/// Commands an `xargs` is taken to start, one for each line it is given.
const MAX_BATCH: usize = 64;

impl Shell<'_> {
    /// Walks carried code; what it writes to standard output.
    pub(super) fn carried(&mut self, carried: &Carried, state: &State) -> Stream {
        let mut inner = match &carried.code {
            Code::Text { language: Language::Shell, .. }
            | Code::File { language: Language::Shell, .. }
            | Code::Stdin(Language::Shell) => self.started(state),
            _ => state.clone(),
        };
        for (name, value) in &carried.variables {
            inner.assign(name, value.clone());
            inner.export(name);
            self.exported(name, &mut inner, value.span);
        }
        if let Some(directory) = &carried.directory {
            let (directories, _) = self.enter(directory, state);
            inner.directories = directories;
            if matches!(directory.known, Known::Prefix(_)) {
                let places = self.places(directory, state);
                inner.directories =
                    places.iter().filter_map(Place::known).map(Into::into).collect();
                inner.scattered = true;
            }
        }
        let outer = self.realm.clone();
        match &carried.realm {
            Realm::Here | Realm::Elevated => {}
            Realm::Elsewhere(host) => self.realm.elsewhere = Some(host.describe()),
        }
        let before = self.sightings;
        let argv = match &carried.code {
            Code::Argv(words) | Code::ArgvFromStdin(words) | Code::ArgvPerPath { words, .. } => {
                Some(words.as_slice())
            }
            Code::Text { .. } | Code::File { .. } | Code::Stdin(_) => None,
        };
        let output = match argv.filter(|_| self.trace.is_some()) {
            None => self.code(&carried.code, &mut inner),
            Some(words) => {
                let text = || words.iter().map(Value::describe).collect::<Vec<_>>().join(" ");
                let span = whole_span(words);
                self.noted((span, form(&carried.realm)), text, |shell| {
                    shell.code(&carried.code, &mut inner)
                })
            }
        };
        // What only shows the machine (`sudo lsmod`) is no matter of rights.
        let idle = only_shows(&carried.code) && self.sightings == before;
        if matches!(carried.realm, Realm::Elevated) && !idle {
            self.elevated(&carried.code);
        }
        self.end(state.traps.len(), &inner);
        self.realm = outer;
        output
    }

    /// What a shell knows that is started from this one.
    pub(super) fn started(&self, state: &State) -> State {
        state.child(&|name| self.invocation.var(name).is_some())
    }

    fn elevated(&mut self, code: &Code) {
        let (what, span) = match code {
            Code::Argv(words) | Code::ArgvFromStdin(words) | Code::ArgvPerPath { words, .. } => {
                let shown: Vec<String> = words.iter().take(4).map(Value::describe).collect();
                (shown.join(" "), whole_span(words))
            }
            Code::Text { text, .. } => (text.describe(), text.span),
            Code::File { path, .. } => (path.describe(), path.span),
            Code::Stdin(_) => ("what it reads".to_owned(), self.carrier),
        };
        let what = if what.is_empty() { "a shell".to_owned() } else { what };
        let reason = format!("runs `{what}` with other rights than yours");
        self.danger(("privilege.elevated", Severity::Caution), span, reason, None);
    }

    fn code(&mut self, code: &Code, state: &mut State) -> Stream {
        match code {
            Code::Argv(words) => {
                let span = whole_span(words);
                self.dispatch(words, state, span, Lookup::ProgramsOnly)
            }
            Code::ArgvFromStdin(words) => self.with_input(words, state),
            Code::ArgvPerPath { words, roots } => self.per_path(words, roots, state),
            Code::Text { language, text, args } => {
                // the first argument is `$0` of the text
                let skipped = usize::from(*language == Language::Shell);
                state.zero = args.first().filter(|_| skipped == 1).cloned();
                self.run_text(*language, text, args.get(skipped..).unwrap_or_default(), state)
            }
            Code::File { language, path, args } => self.run_file(*language, path, args, state),
            Code::Stdin(language) => self.run_input(*language, state),
        }
    }

    /// `xargs`: the words it reads become words of the command.
    fn with_input(&mut self, words: &[Value], state: &mut State) -> Stream {
        let span = whole_span(words);
        let given = Stream::clone(&state.input).into_words(span);
        let replaced = |value: &Value| value.as_str().is_some_and(|text| text.contains("{}"));
        state.input = Rc::default();
        if words.iter().any(replaced) {
            let mut output = Stream::empty();
            for path in given.iter().take(MAX_BATCH) {
                let words = filled(words, path, state);
                output.append(self.dispatch(&words, state, span, Lookup::ProgramsOnly));
            }
            return output;
        }
        let mut argv = words.to_vec();
        let is_shell = words.first().and_then(Value::as_str).is_some_and(|name| {
            matches!(name.rsplit('/').next(), Some("sh" | "bash" | "dash" | "zsh" | "ksh"))
        });
        if is_shell && given.len() > 1 {
            // Which of them come together decides which is `$0` and which `$1`.
            for word in given.iter().take(MAX_BATCH) {
                let mut alone = argv.clone();
                alone.push(word.clone());
                self.dispatch(&alone, &mut state.clone(), span, Lookup::ProgramsOnly);
            }
        }
        argv.extend(given.into_iter().take(MAX_BATCH * 4));
        self.dispatch(&argv, state, span, Lookup::ProgramsOnly)
    }

    /// `find -exec`: `{}` is any path at or below the roots.
    fn per_path(&mut self, words: &[Value], roots: &[Value], state: &mut State) -> Stream {
        let span = whole_span(words);
        let here = [Value::constant(".", span)];
        let roots = if roots.is_empty() { here.as_slice() } else { roots };
        let mut output = Stream::empty();
        for root in roots {
            let path = below(root, root.span);
            let argv = filled(words, &path, state);
            output.append(self.dispatch(&argv, state, span, Lookup::ProgramsOnly));
        }
        output
    }

    /// Whatever arrives on standard input is code.
    fn run_input(&mut self, language: Language, state: &mut State) -> Stream {
        let input = Rc::clone(&state.input);
        let span = self.carrier;
        self.strangers(&input.taint, span);
        if let Some(bytes) = input.bytes() {
            let bytes = bytes.to_vec();
            state.input = Rc::new(Stream::empty());
            let words = state.positional.to_vec();
            return self.run_bytes(&bytes, language, &words, (span, state));
        }
        if let Some(path) = &input.file
            && let Some(bytes) = self.world.read(path, super::code::MAX_SCRIPT)
        {
            return self.run_bytes(&bytes, language, &[], (span, state));
        }
        let what = format!("{} read from standard input is not known", super::code::name(language));
        self.gap(GapKind::OpaqueCode, span, what);
        Stream::default()
    }
}

/// How a command that another starts is told of.
const fn form(realm: &Realm) -> &'static str {
    match realm {
        Realm::Here => "another command",
        Realm::Elevated => "another command, with other rights",
        Realm::Elsewhere(_) => "another command, elsewhere",
    }
}

/// Programs that show hardware, processes and networks; with words that change something their models
/// see an effect. A model without effects says no such thing: to start a service as another is one.
const SHOWING: &[&str] = &[
    "arptables",
    "blkid",
    "defaults",
    "df",
    "dmidecode",
    "ethtool",
    "fdisk",
    "free",
    "gdisk",
    "id",
    "ifconfig",
    "iotop",
    "ip6tables",
    "iptables",
    "iwconfig",
    "lsblk",
    "lscpu",
    "lshw",
    "lsmod",
    "lsof",
    "lspci",
    "lsusb",
    "netstat",
    "ps",
    "slabtop",
    "socketfilterfw",
    "ss",
    "uname",
    "uptime",
    "vmstat",
    "wg",
    "who",
    "whoami",
];

fn only_shows(code: &Code) -> bool {
    let Code::Argv(words) = code else { return false };
    let name = words.first().and_then(Value::as_str).map(|t| t.rsplit('/').next().unwrap_or(t));
    // Some put what they show into a file.
    let dumps =
        |word: &Value| word.as_str().is_none_or(|t| t.starts_with('-') && t.contains("dump"));
    name.is_some_and(|name| SHOWING.contains(&name)) && !words.iter().any(dumps)
}

/// Shells, whose text is read again with the path in it.
const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh", "ksh", "ash"];

/// Stands for the path in such a text.
const FOUND: &str = "__found";

/// The words with `{}` replaced by a path; in the text of a shell by a variable that holds it, so that
/// the text can be read although the path is not known (`find / -exec sh -c 'rm "{}"' \;`).
fn filled(words: &[Value], path: &Value, state: &mut State) -> Vec<Value> {
    let shell = |word: &Value| {
        let name = word.as_str().map(|t| t.rsplit('/').next().unwrap_or(t));
        name.is_some_and(|name| SHELLS.contains(&name))
    };
    if path.as_const().is_some() || !words.iter().any(shell) {
        return words.iter().map(|word| fill(word, path)).collect();
    }
    state.assign(FOUND, path.clone());
    state.export(FOUND);
    let text = |word: &Value| {
        let text = word.as_str().filter(|t| t.contains("{}") && t.contains([' ', ';', '>']))?;
        let quoted = format!("\"${FOUND}\"");
        let text = text.replace("'{}'", &quoted).replace("\"{}\"", &quoted);
        let known = Known::Const(text.replace("{}", &format!("${{{FOUND}}}")).into_bytes());
        Some(Value { known, ..word.clone() })
    };
    words.iter().map(|word| text(word).unwrap_or_else(|| fill(word, path))).collect()
}

/// The word with `{}` replaced by a path.
fn fill(word: &Value, path: &Value) -> Value {
    let Some(text) = word.as_str() else { return word.clone() };
    let Some((before, after)) = text.split_once("{}") else { return word.clone() };
    let known = Known::Const(before.into())
        .then(&path.known)
        .then(&Known::Const(after.replace("{}", "").into_bytes()));
    let whole = before.is_empty() && after.is_empty();
    let arity = if whole { path.arity } else { word.arity };
    Value { known, arity, taint: path.taint.clone(), span: word.span }
}
