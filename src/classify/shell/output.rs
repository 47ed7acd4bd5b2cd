//! What a call prints: streams told from what it touched, and from what reached it.
//!
//! What it does besides is `reading`'s business.

use super::Shell;
use super::reading::{Touched, whole_span};
use super::state::State;
use crate::classify::flow::Stream;
use crate::classify::programs::reading::{Call, Input, Output};
use crate::classify::value::{Known, Value, add_taint};
use crate::classify::{pure, secrets};
use crate::model::effect::Taint;
use crate::model::world::Kind;
use std::borrow::Cow;

/// Programs whose output is a list of paths below what they look at.
const LISTERS: &[&str] = &["find", "fd", "fdfind", "ls", "tree", "locate"];

/// Programs that pass lines on as they are, or not at all.
const SELECTORS: &[&str] =
    &["cat", "egrep", "fgrep", "grep", "head", "rg", "shuf", "sort", "tac", "tail", "tee", "uniq"];

impl Shell<'_> {
    /// What a call writes to standard output.
    pub(super) fn output(
        &mut self,
        output: &Output,
        input: &Input,
        touched: &Touched,
        (call, state): (&Call<'_>, &State),
    ) -> Stream {
        let words: Vec<Taint> = call.argv.iter().flat_map(|v| v.taint.clone()).collect();
        let piped = matches!(input, Input::PassedOn | Input::Written);
        let mut source = touched.read.clone();
        if piped && touched.sources.is_empty() && touched.roots.is_empty() {
            source.append((*state.input).clone());
        }
        match output {
            Output::Exactly(bytes) => {
                return with_taint(Stream::exactly(bytes.clone()), &words);
            }
            Output::Secret(name) => return Stream::unknown(vec![Taint::Secret(name.clone())]),
            Output::Network => {
                let mut hosts = touched.hosts.iter().flatten();
                let from = hosts.next().cloned().unwrap_or_else(|| "the network".to_owned());
                return Stream::unknown(vec![Taint::Network(from)]);
            }
            Output::Fresh { directory, template } => {
                return self.fresh(directory.as_ref(), template, (state, whole_span(call.argv)));
            }
            Output::Own | Output::Contents => {}
        }
        let argv = behind_file(call, touched, &source);
        if let Some(bytes) = pure::output(call.name, &argv, &source) {
            if !self.budget.make(bytes.len()) {
                self.spent(whole_span(call.argv), "more is printed than is followed");
                return with_taint(Stream::unknown(source.taint), &words);
            }
            let taint = source.taint.clone();
            return with_taint(with_taint(Stream::exactly(bytes), &taint), &words);
        }
        if let Some(names) = self.names_listed(touched, call) {
            return names;
        }
        if LISTERS.contains(&call.name) {
            let mut paths = touched.roots.clone();
            // What lies in a directory `ls` tells by names that lead on from nowhere.
            if paths.is_empty() || call.name == "ls" {
                paths.push(Value::constant(".", whole_span(call.argv)));
            }
            return Stream { paths, ..Stream::default() };
        }
        match (output, piped) {
            (Output::Contents, _) | (_, true) => {
                let plain = matches!(call.name, "cat" | "tac") && source.file.is_some();
                let file = source.file.take().filter(|_| plain);
                if !SELECTORS.contains(&call.name) {
                    source.paths.clear();
                }
                Stream { known: Known::Unknown, file, ..source }
            }
            _ if pure::is_pure(call.name) => Stream::unknown(words),
            // whatever else a program prints, a secret it reads may be among it
            _ => Stream::unknown(self.shown_secrets(touched, call)),
        }
    }

    /// What `ls` prints: files by the words that name them, of directories the names in them alone.
    fn names_listed(&self, touched: &Touched, call: &Call<'_>) -> Option<Stream> {
        let long = |word: &Value| {
            word.as_str()
                .is_some_and(|t| t.starts_with('-') && t.contains(['l', 'R', 's', 'i', 'F', 'p']))
        };
        if call.name != "ls" || touched.roots.is_empty() || call.argv.iter().any(long) {
            return None;
        }
        let bare = call.argv.iter().any(|word| word.as_str() == Some("-d"));
        let kinds = touched.sources.iter().map(|path| self.world.kind(&self.world.resolve(path)));
        let files = touched.sources.len() == touched.roots.len()
            && kinds.clone().all(|kind| kind.is_some() && (bare || kind != Some(Kind::Directory)));
        if files {
            let mut names: Vec<Vec<u8>> = touched
                .roots
                .iter()
                .filter_map(|root| root.as_const().map(<[u8]>::to_vec))
                .collect();
            names.sort();
            let mut bytes = names.join(&b'\n');
            bytes.push(b'\n');
            return Some(Stream::exactly(bytes));
        }
        let inside = touched.sources.len() == touched.roots.len()
            && kinds.into_iter().all(|kind| kind == Some(Kind::Directory));
        let here = Value::constant(".", whole_span(call.argv));
        inside.then(|| Stream { paths: vec![here], ..Stream::default() })
    }

    /// The secrets a program may print: of the files it reads, or of the whole environment.
    fn shown_secrets(&self, touched: &Touched, call: &Call<'_>) -> Vec<Taint> {
        let read = touched.read.taint.iter();
        let mut shown: Vec<Taint> =
            read.filter(|taint| matches!(taint, Taint::Secret(_))).cloned().collect();
        if matches!(call.name, "env" | "printenv") && call.argv.len() == 1 {
            let names = self.invocation.env.keys().filter_map(|name| name.to_str());
            let secret = names.filter(|name| secrets::is_secret_name(name));
            shown.extend(secret.map(|name| Taint::Secret(format!("${name}"))));
        }
        shown
    }
}

/// The words of a call without the one file whose contents are known: the program is then as good as
/// fed with them.
fn behind_file<'c>(call: &Call<'c>, touched: &Touched, source: &Stream) -> Cow<'c, [Value]> {
    match touched.roots.as_slice() {
        [file] if call.name != "cat" && source.bytes().is_some() => {
            let same = |word: &Value| word.as_const().is_some() && word.known == file.known;
            call.argv.iter().filter(|word| !same(word)).cloned().collect()
        }
        _ => Cow::Borrowed(call.argv),
    }
}

fn with_taint(mut stream: Stream, taint: &[Taint]) -> Stream {
    add_taint(&mut stream.taint, taint);
    stream
}
