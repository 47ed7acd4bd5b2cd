//! A reading of a call becomes effects, streams and further code: data flow from words to sinks.

use super::Shell;
use super::credentials;
use super::judge::Act;
use super::state::State;
use crate::classify::effects;
use crate::classify::flow::Stream;
use crate::classify::persist;
use crate::classify::programs::reading::{
    Call, Code, Input, Language, Object, Output, Reading, Use,
};
use crate::classify::secrets;
use crate::classify::value::{Arity, Known, Value, add_taint};
use crate::model::effect::{Access, Effect, Reach, Scope, Taint};
use crate::model::finding::{Severity, Span};
use crate::model::target::{Place, Resource};
use crate::model::world::Kind;
use std::path::PathBuf;
use std::rc::Rc;

/// Programs that write what they read, byte for byte.
const COPIERS: &[&str] = &["cp", "mv", "ln", "install", "rsync"];

/// What the uses of one call touched.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) read: Stream,
    pub(super) sources: Vec<PathBuf>,
    pub(super) written: Vec<PathBuf>,
    pub(super) hosts: Vec<Option<String>>,
    /// Whether every peer is one that the text names, spoken to in private.
    pub(super) trusted: bool,
    pub(super) roots: Vec<Value>,
    pub(super) secrets: Vec<(String, Span)>,
    pub(super) effects: std::ops::Range<usize>,
}

impl Shell<'_> {
    /// Writes down what a call does and gives what it writes to standard output.
    pub(super) fn apply(
        &mut self,
        mut reading: Reading,
        call: &Call<'_>,
        state: &mut State,
    ) -> Stream {
        let span = whole_span(call.argv);
        self.with_history(&mut reading, call, state);
        self.handed_out(&reading);
        for finding in reading.findings {
            self.add_finding(finding);
        }
        for gap in reading.gaps {
            self.add_gap(gap);
        }
        let touched = self.touch(&reading.uses, state);
        let sent = self.sent(&reading.sent, state);
        self.credentials(&reading.sent, (touched.trusted, &touched.hosts), &touched.effects);
        self.sinks(&reading.input, &touched, sent, (state, span));
        self.files(&reading.input, &touched, call, state);
        self.replace_links(call, &reading.uses, state);
        self.remember_names(call, state);
        self.remember_directories(call, touched.effects.clone());
        let discloses = reading.output == Output::Contents || !touched.written.is_empty();
        if discloses {
            for (label, span) in &touched.secrets {
                self.secret_read(label, *span);
            }
        }
        state.succeeds = reading.carried.is_empty() && self.only_makes(&touched);
        let mut carried = Stream::empty();
        for code in &reading.carried {
            let mut inner = state.clone();
            if matches!(code.code, Code::Stdin(Language::Shell)) {
                inner.positional = Rc::new(behind_input(call));
            }
            if call.name == "split" {
                // each part has a name of its own
                inner.assign("FILE", Value { arity: Arity::One, ..Value::unknown(span) });
                inner.export("FILE");
            }
            let reader = self.reader_of(call.name, code);
            let outer = std::mem::replace(&mut self.dialect, reader);
            let around = std::mem::replace(&mut self.carrier, span);
            carried.append(self.carried(code, (call, &inner)));
            (self.dialect, self.carrier) = (outer, around);
        }
        let mut output = self.output(&reading.output, &reading.input, &touched, (call, state));
        if !reading.carried.is_empty() && reading.output == Output::Own {
            return carried;
        }
        add_taint(&mut output.taint, &carried.taint);
        output
    }

    /// Whether the call makes directories on the ground of the work and nothing else: that does not
    /// fail but in odd places, and there the command after it is refused as well.
    fn only_makes(&self, touched: &Touched) -> bool {
        let made = |effect: &Effect| {
            let ground = matches!(effect.scope, Scope::Workspace | Scope::Temp);
            let free = effect
                .resource
                .path()
                .is_some_and(|path| matches!(self.world.kind(path), None | Some(Kind::Directory)));
            effect.access == Access::Create && effect.reach == Reach::Tree && ground && free
        };
        let all = self.found.effects.get(touched.effects.clone()).unwrap_or_default();
        !all.is_empty() && all.iter().all(made)
    }

    fn touch(&mut self, uses: &[Use], state: &State) -> Touched {
        let mut touched = Touched { read: Stream::empty(), trusted: true, ..Touched::default() };
        touched.effects.start = self.found.effects.len();
        for one in uses {
            match &one.object {
                Object::Path(value) => self.touch_path(one, value, &mut touched, state),
                Object::Existing(value) => {
                    let there = |place: &Place| {
                        place.known().is_some_and(|path| self.world.kind(path).is_some())
                    };
                    if self.places(value, state).iter().any(there) {
                        self.touch_path(one, value, &mut touched, state);
                    }
                }
                Object::Destination { path, name, links } => {
                    let value = self.destination((path, name, *links), state);
                    self.touch_path(one, &value, &mut touched, state);
                }
                Object::Host(value) => {
                    self.touch_host(one, effects::host(value), value, &mut touched)
                }
                Object::Url(value) => {
                    self.touch_host(one, effects::url_host(value), value, &mut touched);
                }
                Object::Process(value) => {
                    self.swept(one, value);
                    self.touch_other(one, Resource::Process(value.describe()));
                }
                Object::Remote { kind, name } => {
                    let resource = Resource::Remote { kind: kind.clone(), name: name.describe() };
                    self.send(Some(kind), &name.taint, one.span);
                    self.touch_other(one, resource);
                }
                Object::Machine(what) => self.touch_other(one, Resource::Machine(what.clone())),
                Object::Env(name) => {
                    if secrets::is_secret_name(name) && self.invocation.var(name).is_some() {
                        add_taint(&mut touched.read.taint, &[Taint::Secret(format!("${name}"))]);
                    }
                    self.touch_other(one, Resource::Env(name.clone()));
                }
                Object::Directory(value) => self.touch_directory(one, value, state),
                Object::Strays { below, which } => {
                    self.touch_strays(one, (below, *which), state);
                }
                // never the object of a use
                Object::Text(_) | Object::Credential(_) => {}
            }
        }
        touched.effects.end = self.found.effects.len();
        touched
    }

    fn touch_path(&mut self, one: &Use, value: &Value, touched: &mut Touched, state: &State) {
        if let Some(path) = self.read_by_code(value) {
            return touched.written.push(path);
        }
        if self.is_stream(value) {
            return;
        }
        let value = &self.at_home(value);
        let mut places = self.places(value, state);
        if one.access == Access::Read {
            places = self.behind_all(places);
        }
        for place in places {
            if matches!(one.access, Access::Read | Access::Rename) {
                touched.read.append(self.look(&place));
                touched.roots.push(value.clone());
                if let Place::Exact(path) = &place {
                    touched.sources.push(path.clone());
                }
                touched.secrets.extend(self.secret_at(&place).map(|label| (label, one.span)));
            }
            if let (Access::Write | Access::Create, Place::Exact(path)) = (one.access, &place) {
                touched.written.push(path.clone());
            }
            let act = Act {
                access: one.access,
                reach: one.reach,
                adds: false,
                carries: &value.taint,
                span: one.span,
            };
            self.act_on(&place, &act);
        }
    }

    /// Models say `~/.gitconfig`. What outlasts the command there is told; whether caches and
    /// toolchains in a home may be written, the sandbox knows better.
    fn at_home(&self, value: &Value) -> Value {
        let Some(rest) = value.as_const().and_then(|bytes| bytes.strip_prefix(b"~/")) else {
            return value.clone();
        };
        let home = &self.invocation.places.home;
        let path = home.join(String::from_utf8_lossy(rest).as_ref());
        if persist::lasts(&path, home).is_none() {
            return value.clone();
        }
        let known = Known::Const(path.as_os_str().as_encoded_bytes().to_vec());
        Value { known, ..value.clone() }
    }

    fn touch_host(
        &mut self,
        one: &Use,
        host: Option<String>,
        value: &Value,
        touched: &mut Touched,
    ) {
        let mut effect = effects::plain(one.access, Resource::Host(host.clone()), one.span);
        effect.carries.clone_from(&value.taint);
        self.add_effect(effect);
        self.send(host.as_deref(), &value.taint, one.span);
        touched.trusted &= credentials::is_named(value);
        touched.hosts.push(host);
    }

    /// One process whose number was kept is everyday; whichever a listing names, one after another,
    /// are those of others as well.
    fn swept(&mut self, one: &Use, value: &Value) {
        if one.access == Access::Signal && self.turning > 0 && value.known == Known::Unknown {
            let reason =
                "signals one process after another, and which those are is only known when it runs";
            let instead = Some("signal the process that was started, by the number it had (`$!`)");
            self.danger(("process.swept", Severity::Caution), one.span, reason.to_owned(), instead);
        }
    }

    fn touch_other(&mut self, one: &Use, resource: Resource) {
        self.add_effect(effects::plain(one.access, resource, one.span));
    }

    /// The taint of words and files that travel as payload.
    fn sent(&mut self, objects: &[Object], state: &State) -> Vec<Taint> {
        let mut taint = Vec::new();
        for object in objects {
            match object {
                Object::Path(value) => {
                    for place in self.places(value, state) {
                        let stream = self.read(&place, Reach::Itself, value.span);
                        add_taint(&mut taint, &stream.taint);
                    }
                }
                Object::Destination { path: value, .. }
                | Object::Existing(value)
                | Object::Host(value)
                | Object::Url(value)
                | Object::Process(value)
                | Object::Directory(value)
                | Object::Text(value) => {
                    add_taint(&mut taint, &value.taint);
                }
                Object::Remote { name, .. } => add_taint(&mut taint, &name.taint),
                Object::Machine(_)
                | Object::Env(_)
                | Object::Credential(_)
                | Object::Strays { .. } => {}
            }
        }
        taint
    }

    /// What is sent to a peer: payload words and files, and standard input.
    fn sinks(
        &mut self,
        input: &Input,
        touched: &Touched,
        mut sent: Vec<Taint>,
        (state, span): (&State, Span),
    ) {
        if *input == Input::Sent {
            add_taint(&mut sent, &state.input.taint);
        }
        if sent.is_empty() {
            return;
        }
        for effect in self.found.effects.get_mut(touched.effects.clone()).into_iter().flatten() {
            if matches!(effect.access, Access::Connect | Access::Publish | Access::RemoteChange) {
                add_taint(&mut effect.carries, &sent);
            }
        }
        if touched.hosts.is_empty() {
            self.send(None, &sent, span);
        }
        for host in &touched.hosts {
            self.send(host.as_deref(), &sent, span);
        }
    }

    /// What the files hold that this call writes.
    fn files(&mut self, input: &Input, touched: &Touched, call: &Call<'_>, state: &State) {
        if COPIERS.contains(&call.name) && touched.hosts.is_empty() {
            // What is moved keeps what is in it.
            let effects = self.found.effects.get_mut(touched.effects.clone()).into_iter().flatten();
            for effect in effects.filter(|effect| effect.access == Access::Rename) {
                add_taint(&mut effect.carries, &touched.read.taint);
            }
        }
        // A link holds nothing by itself.
        let links = call.name == "ln" && touched.sources.is_empty();
        if touched.written.is_empty() || links {
            return;
        }
        let mut data = touched.read.clone();
        if *input == Input::Written {
            data = (*state.input).clone();
            add_taint(&mut data.taint, &touched.read.taint);
        }
        for host in &touched.hosts {
            let from = host.clone().unwrap_or_else(|| "an unknown host".to_owned());
            add_taint(&mut data.taint, &[Taint::Network(from)]);
            data.known = Known::Unknown;
            data.file = None;
        }
        let copies = COPIERS.contains(&call.name) && touched.hosts.is_empty();
        if !copies && *input != Input::Written {
            data.known = Known::Unknown;
            data.file = None;
        }
        for path in &touched.written {
            self.wrote(path, data.clone(), false);
            if let ([source], true) = (touched.sources.as_slice(), copies) {
                self.copies.insert(path.clone(), source.clone());
            }
        }
        for effect in self.found.effects.get_mut(touched.effects.clone()).into_iter().flatten() {
            if matches!(effect.access, Access::Write | Access::Create) {
                add_taint(&mut effect.carries, &data.taint);
            }
        }
    }
}

/// The words of `sh -s -- WORDS`, which the text on standard input sees as its own.
fn behind_input(call: &Call<'_>) -> Vec<Value> {
    let is_it = |word: &Value| {
        word.as_str().is_some_and(|t| t.starts_with('-') && !t.starts_with("--") && t.contains('s'))
    };
    let words = call.argv.iter().skip_while(|word| !is_it(word)).skip(1);
    words.filter(|word| word.as_str() != Some("--")).cloned().collect()
}

/// From the first word to the last.
pub(super) fn whole_span(argv: &[Value]) -> Span {
    let mut spans = argv.iter().map(|value| value.span);
    let first = spans.next().unwrap_or_default();
    spans.fold(first, Span::join)
}
