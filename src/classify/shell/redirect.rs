//! Redirections: files that are written, read and truncated, descriptors, here-documents, sockets.

use super::Shell;
use super::judge::Act;
use super::state::{Descriptor, State};
use crate::classify::effects;
use crate::classify::flow::Stream;
use crate::classify::syntax::tree::{Part, Redirect, Redirection};
use crate::classify::value::Value;
use crate::model::effect::{Access, Reach, Taint};
use crate::model::finding::Span;
use crate::model::target::{Place, Resource};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Where the streams of one command go.
#[derive(Debug)]
pub(super) struct Plumbing {
    /// Standard input, when it is redirected.
    pub(super) input: Option<Stream>,
    output: Descriptor,
    appends: bool,
    span: Span,
    /// The effects that were written down for the files of `output`.
    effects: std::ops::Range<usize>,
    opened: Vec<(i32, Descriptor)>,
}

impl Plumbing {
    /// Data is read from standard input, or from the descriptor that is named.
    fn reads(&mut self, descriptor: Option<i32>, data: Stream) {
        match descriptor.unwrap_or(0) {
            0 => self.input = Some(data),
            other => self.opened.push((other, Descriptor::Data(Rc::new(data)))),
        }
    }

    /// What is open beside standard input and output while the command runs.
    pub(super) fn lend(&self, state: &mut State) -> Option<Rc<BTreeMap<i32, Descriptor>>> {
        if self.opened.is_empty() {
            return None;
        }
        let outer = Rc::clone(&state.descriptors);
        Rc::make_mut(&mut state.descriptors).extend(self.opened.iter().cloned());
        Some(outer)
    }
}

impl Shell<'_> {
    /// Follows redirections in order; what they do to files is written down.
    pub(super) fn redirections(&mut self, all: &[Redirection], state: &mut State) -> Plumbing {
        let mut plumbing = Plumbing {
            input: None,
            output: Descriptor::Out,
            appends: false,
            span: all.first().map(|r| r.span).unwrap_or_default(),
            effects: 0..0,
            opened: Vec::new(),
        };
        for redirection in all {
            self.redirection(redirection, &mut plumbing, state);
        }
        plumbing
    }

    fn redirection(&mut self, one: &Redirection, plumbing: &mut Plumbing, state: &mut State) {
        let target = self.redirected_to(one, state);
        self.note_word(&one.target, std::slice::from_ref(&target));
        let target = Value { span: one.span, ..target };
        match one.kind {
            Redirect::HereDocument => plumbing.reads(one.descriptor, Stream::of(&target)),
            Redirect::HereString => {
                let mut input = Stream::of(&target);
                input.append(Stream::exactly(b"\n".to_vec()));
                plumbing.reads(one.descriptor, input);
            }
            Redirect::Input => {
                let input = self.open_to_read(&target, state);
                plumbing.reads(one.descriptor, input);
            }
            Redirect::Duplicate => self.duplicate(one, &target, plumbing, state),
            Redirect::ReadWrite => {
                let opened = self.open_to_write(&target, Access::Write, one, state);
                if matches!(opened, Descriptor::Host(_)) && one.descriptor.unwrap_or(0) == 0 {
                    plumbing.input = Some(network(&opened));
                }
                plumbing.opened.push((one.descriptor.unwrap_or(0), opened));
            }
            Redirect::Output | Redirect::Append => self.write_to(one, &target, plumbing, state),
        }
    }

    /// The word of a redirection: a pattern stands for the only file it matches.
    fn redirected_to(&mut self, one: &Redirection, state: &mut State) -> Value {
        let is_pattern = |part: &Part| match part {
            Part::Plain(text) => text.contains(['*', '?', '[']),
            Part::Quoted(_) | Part::Expansion(..) => false,
        };
        let text = matches!(one.kind, Redirect::HereDocument | Redirect::HereString);
        if !text && one.target.parts.iter().any(is_pattern) {
            let words = self.words(std::slice::from_ref(&one.target), state);
            if let [only] = words.as_slice() {
                return only.clone();
            }
        }
        self.single(&one.target, state)
    }

    /// `>`, `>>` and `&>`.
    fn write_to(
        &mut self,
        one: &Redirection,
        target: &Value,
        plumbing: &mut Plumbing,
        state: &State,
    ) {
        let before = self.found.effects.len();
        let opened = self.open_to_write(target, Access::Write, one, state);
        match one.descriptor {
            None | Some(1) => {
                plumbing.output = opened;
                plumbing.appends = one.kind == Redirect::Append;
                plumbing.span = one.span;
                plumbing.effects = before..self.found.effects.len();
            }
            Some(2) => {}
            Some(other) => plumbing.opened.push((other, opened)),
        }
    }

    /// `2>&1`, `>&3`, `<&3`, `>&file`.
    fn duplicate(
        &mut self,
        one: &Redirection,
        target: &Value,
        plumbing: &mut Plumbing,
        state: &State,
    ) {
        let Some(text) = target.as_str() else { return };
        let text = text.trim_end_matches('-');
        let Ok(number) = text.parse::<i32>() else {
            if !text.is_empty() && one.descriptor.is_none_or(|n| n == 1) {
                self.write_to(one, target, plumbing, state);
            }
            return;
        };
        let here = plumbing.opened.iter().rev().find(|(n, _)| *n == number).map(|(_, d)| d);
        let here = here.or_else(|| {
            (number == 1 && plumbing.output != Descriptor::Out).then_some(&plumbing.output)
        });
        let Some(meant) = here.or_else(|| state.descriptors.get(&number)).cloned() else { return };
        match one.descriptor.unwrap_or(1) {
            0 => plumbing.input = Some(self.contents(&meant)),
            1 => plumbing.output = meant,
            _ => {}
        }
    }

    pub(super) fn contents(&self, descriptor: &Descriptor) -> Stream {
        match descriptor {
            Descriptor::Data(data) => Stream::clone(data),
            Descriptor::Host(_) => network(descriptor),
            Descriptor::Files(paths) => {
                let mut all = Stream::empty();
                for path in paths {
                    all.append(self.file(path));
                }
                all
            }
            Descriptor::Out | Descriptor::Screen => Stream::default(),
        }
    }

    fn open_to_read(&mut self, target: &Value, state: &State) -> Stream {
        if let Some(host) = effects::socket(target) {
            self.connect(&host, &[], target.span);
            return network(&Descriptor::Host(host));
        }
        if self.is_stream(target) {
            return Rc::unwrap_or_clone(Rc::clone(&state.input));
        }
        let mut whole = Stream::empty();
        for place in self.behind_all(self.places(target, state)) {
            whole.append(self.read(&place, Reach::Itself, target.span));
            if let Some(label) = self.secret_at(&place) {
                self.secret_read(&label, target.span);
            }
        }
        whole
    }

    fn open_to_write(
        &mut self,
        target: &Value,
        access: Access,
        one: &Redirection,
        state: &State,
    ) -> Descriptor {
        if let Some(host) = effects::socket(target) {
            self.connect(&host, &[], target.span);
            return Descriptor::Host(host);
        }
        if let Some(path) = self.read_by_code(target) {
            return Descriptor::Files(vec![path]);
        }
        if self.is_stream(target) {
            return Descriptor::Screen;
        }
        let mut files = Vec::new();
        for place in self.places(target, state) {
            // Outside the work: there it fails, and the command with it. In it the text may have made room.
            if self.is_directory_outside(&place) {
                continue;
            }
            let adds = one.kind == Redirect::Append;
            let act = Act { access, reach: Reach::Itself, adds, carries: &[], span: target.span };
            self.act_on(&place, &act);
            files.extend(exact(&place));
        }
        Descriptor::Files(files)
    }

    /// Whether a word names a stream of the command's own, and not what `<(...)` gave.
    pub(super) fn is_stream(&self, value: &Value) -> bool {
        effects::is_stream_device(value)
            && !value.as_str().is_some_and(|text| self.written.contains_key(Path::new(text)))
    }

    /// The other end of a `>(...)`, when the word is one.
    pub(super) fn read_by_code(&self, value: &Value) -> Option<PathBuf> {
        let path = PathBuf::from(value.as_str()?);
        self.readers.contains_key(&path).then_some(path)
    }

    /// Sends the output of a command where its redirections say.
    pub(super) fn deliver(&mut self, output: Stream, plumbing: &Plumbing) -> Stream {
        match &plumbing.output {
            Descriptor::Out => return output,
            Descriptor::Screen | Descriptor::Data(_) => {}
            Descriptor::Host(host) => self.send(host.as_deref(), &output.taint, plumbing.span),
            Descriptor::Files(files) => {
                for effect in
                    self.found.effects.get_mut(plumbing.effects.clone()).into_iter().flatten()
                {
                    crate::classify::value::add_taint(&mut effect.carries, &output.taint);
                }
                for file in files {
                    self.wrote(file, output.clone(), plumbing.appends);
                }
            }
        }
        Stream::empty()
    }

    /// `exec >file 3<>socket`: the rest of the shell uses them.
    pub(super) fn keep(&mut self, plumbing: Plumbing, state: &mut State) {
        if let Some(input) = plumbing.input {
            state.input = Rc::new(input);
        }
        let descriptors = Rc::make_mut(&mut state.descriptors);
        if plumbing.output != Descriptor::Out {
            descriptors.insert(1, plumbing.output);
        }
        descriptors.extend(plumbing.opened);
        state.succeeds = false;
    }

    /// Remembers what a file written by this text holds.
    pub(super) fn wrote(&mut self, file: &Path, data: Stream, appends: bool) {
        // Taken away meanwhile, so that code that writes to itself comes to an end.
        if let Some(reader) = self.readers.remove(file) {
            let mut inner = reader.state.clone();
            inner.input = Rc::new(data);
            self.script(&reader.script, &mut inner);
            self.readers.insert(file.to_path_buf(), reader);
            return;
        }
        match self.written.get_mut(file) {
            Some(before) if appends => before.append(data),
            _ => {
                let data = if appends { Stream::unknown(data.taint) } else { data };
                self.written.insert(file.to_path_buf(), data);
            }
        }
    }

    /// Writes down a connection.
    pub(super) fn connect(&mut self, host: &Option<String>, carries: &[Taint], span: Span) {
        let mut effect = effects::plain(Access::Connect, Resource::Host(host.clone()), span);
        effect.carries = carries.to_vec();
        self.add_effect(effect);
    }
}

fn network(descriptor: &Descriptor) -> Stream {
    let Descriptor::Host(host) = descriptor else { return Stream::default() };
    let from = host.clone().unwrap_or_else(|| "an unknown host".to_owned());
    Stream::unknown(vec![Taint::Network(from)])
}

fn exact(place: &Place) -> Option<PathBuf> {
    if let Place::Exact(path) = place { Some(path.clone()) } else { None }
}
