//! Code that programs run in their turn: unwrapped and walked like everything else.
//!
//! Where it runs (with other rights, on another machine) is kept beside it while it is walked.

use super::Shell;
use super::call::Lookup;
use super::reading::whole_span;
use super::state::State;
use crate::classify::flow::{Stream, below};
use crate::classify::programs::reading::{Call, Carried, Code, Language, Realm};
use crate::classify::value::{Known, Value};
use crate::model::finding::Severity;
use crate::model::gap::GapKind;
use crate::model::target::Place;
use std::path::Path;
use std::rc::Rc;

/// So many words of a command that needs other rights are told.
const MOST_SHOWN: usize = 16;

impl Shell<'_> {
    /// Walks carried code; what it writes to standard output.
    pub(super) fn carried(
        &mut self,
        carried: &Carried,
        (call, state): (&Call<'_>, &State),
    ) -> Stream {
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
            // by way of a server outside of the sandbox, but on the same files
            Realm::Elsewhere(host) if call.name == "ssh" && is_this_machine(&host.describe()) => {
                inner.directories = vec![self.invocation.places.home.clone()];
            }
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
            None => self.code(&carried.code, (call, &mut inner)),
            Some(words) => {
                let text = || words.iter().map(Value::describe).collect::<Vec<_>>().join(" ");
                let span = whole_span(words);
                self.noted((span, form(&carried.realm)), text, |shell| {
                    shell.code(&carried.code, (call, &mut inner))
                })
            }
        };
        // What only shows the machine (`sudo lsmod`) is no matter of rights.
        let plain = carried.variables.is_empty() && is_plain(call);
        let idle = plain && only_shows(&carried.code) && self.sightings == before;
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
                // Whoever is asked is to see all of it, or that there is more.
                let mut shown: Vec<String> =
                    words.iter().take(MOST_SHOWN).map(Value::describe).collect();
                shown.extend((words.len() > MOST_SHOWN).then(|| "…".to_owned()));
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

    fn code(&mut self, code: &Code, (call, state): (&Call<'_>, &mut State)) -> Stream {
        match code {
            Code::Argv(words) => {
                let span = whole_span(words);
                self.dispatch(words, state, span, Lookup::ProgramsOnly)
            }
            Code::ArgvFromStdin(words) => self.with_input(words, (call, state)),
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

    /// `find -exec`: `{}` is any path at or below the roots.
    fn per_path(&mut self, words: &[Value], roots: &[Value], state: &mut State) -> Stream {
        let span = whole_span(words);
        let here = [Value::constant(".", span)];
        let roots = if roots.is_empty() { here.as_slice() } else { roots };
        let mut output = Stream::empty();
        for root in roots {
            let path = below(root, root.span);
            let argv = filled(words, b"{}", &path, state);
            output.append(self.dispatch(&argv, state, span, Lookup::ProgramsOnly));
        }
        output
    }

    /// Whatever arrives on standard input is code.
    pub(super) fn run_input(&mut self, language: Language, state: &mut State) -> Stream {
        let input = Rc::clone(&state.input);
        let span = self.carrier;
        self.strangers(&input.taint, span);
        if let Some(bytes) = input.bytes() {
            let bytes = bytes.to_vec();
            state.input = Rc::new(Stream::empty());
            if language == Language::Make {
                self.recipes(&bytes, (span, state));
            }
            let words = state.positional.to_vec();
            return self.run_bytes(&bytes, language, &words, (span, state));
        }
        if let Some(path) = &input.file
            && let Some(bytes) = self.world.read(path, super::code::MAX_SCRIPT)
        {
            return self.run_bytes(&bytes, language, &[], (span, state));
        }
        if let (Language::Shell, Known::Prefix(bytes)) = (language, &input.known) {
            self.beginning(bytes, (span, state));
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

/// Whether `sudo` and its like are given nothing but the command: no options, settings or paths.
fn is_plain(call: &Call<'_>) -> bool {
    let odd = |word: &Value| {
        word.as_str().is_none_or(|t| {
            t.contains(['=', '/', '.']) || matches!(t, "-Z" | "-K" | "-D" | "-A" | "-R" | "-E")
        })
    };
    let bare = call.argv.get(1).and_then(Value::as_str).is_some_and(|t| !t.starts_with('-'));
    bare && !call.argv.iter().skip(2).any(odd)
}

fn only_shows(code: &Code) -> bool {
    let Code::Argv(words) = code else { return false };
    let Some(path) = words.first().and_then(Value::as_str) else { return false };
    let (place, name) = path.rsplit_once('/').unwrap_or(("/bin", path));
    // By another path it is somebody's own program.
    let ours = ["/bin", "/sbin", "/usr"].iter().any(|top| Path::new(place).starts_with(top))
        && !place.contains("/../");
    // Some put what they show into a file.
    let dumps =
        |word: &Value| word.as_str().is_none_or(|t| t.starts_with('-') && t.contains("dump"));
    ours && SHOWING.contains(&name) && !words.iter().any(dumps)
}

/// Shells, whose text is read again with the path in it.
const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh", "ksh", "ash"];

/// Stands for the path in such a text.
const FOUND: &str = "__found";

/// The words with `{}` replaced by a path; in the text of a shell by a variable that holds it, so that
/// the text can be read although the path is not known (`find / -exec sh -c 'rm "{}"' \;`).
pub(super) fn filled(words: &[Value], mark: &[u8], path: &Value, state: &mut State) -> Vec<Value> {
    let shell = |word: &Value| {
        let name = word.as_str().map(|t| t.rsplit('/').next().unwrap_or(t));
        name.is_some_and(|name| SHELLS.contains(&name))
    };
    if path.as_const().is_some() || !words.iter().any(shell) {
        return words.iter().map(|word| fill(word, mark, path)).collect();
    }
    let Ok(mark_text) = std::str::from_utf8(mark) else {
        return words.iter().map(|word| fill(word, mark, path)).collect();
    };
    state.assign(FOUND, path.clone());
    state.export(FOUND);
    let text = |word: &Value| {
        let text =
            word.as_str().filter(|t| t.contains(mark_text) && t.contains([' ', ';', '>']))?;
        let quoted = format!("\"${FOUND}\"");
        let text = text
            .replace(&format!("'{mark_text}'"), &quoted)
            .replace(&format!("\"{mark_text}\""), &quoted);
        let known = Known::Const(text.replace(mark_text, &format!("${{{FOUND}}}")).into_bytes());
        Some(Value { known, ..word.clone() })
    };
    words.iter().map(|word| text(word).unwrap_or_else(|| fill(word, mark, path))).collect()
}

/// Whether a name surely means the machine one is on.
fn is_this_machine(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or(host);
    matches!(host, "localhost" | "ip6-localhost" | "::1" | "0.0.0.0" | "0")
        || host.starts_with("127.")
}

/// The word with `mark` replaced by a value, wherever it stands.
pub(super) fn fill(word: &Value, mark: &[u8], value: &Value) -> Value {
    let Some(bytes) = word.as_const().filter(|_| !mark.is_empty()) else { return word.clone() };
    let find = |bytes: &[u8]| bytes.windows(mark.len()).position(|piece| piece == mark);
    let Some(mut at) = find(bytes) else { return word.clone() };
    if bytes == mark {
        return Value { span: word.span, ..value.clone() };
    }
    let (mut known, mut rest) = (Known::Const(Vec::new()), bytes);
    loop {
        let (before, after) = rest.split_at(at);
        known = known.then(&Known::Const(before.to_vec())).then(&value.known);
        rest = after.get(mark.len()..).unwrap_or_default();
        match find(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    let known = known.then(&Known::Const(rest.to_vec()));
    Value { known, arity: word.arity, taint: value.taint.clone(), span: word.span }
}
