//! `shopt`, `compgen`, `hash -p`, `mapfile -C`: builtins that switch the shell, or call back into code.

use crate::classify::flow::Stream;
use crate::classify::programs::reading::Language;
use crate::classify::shell::Shell;
use crate::classify::shell::call::Lookup;
use crate::classify::shell::state::State;
use crate::classify::value::{Known, Value};
use std::rc::Rc;

/// Options that change what words become or where a pipe ends.
const FOLLOWED: &[&str] =
    &["allexport", "dotglob", "nocaseglob", "globstar", "lastpipe", "noglob", "physical"];

impl Shell<'_> {
    /// `compgen -C COMMAND -F FUNCTION -W WORDS`: code that makes completions, run at once.
    pub(super) fn complete(&mut self, rest: &[Value], state: &mut State) -> Stream {
        for pair in rest.windows(2) {
            let [option, value] = pair else { continue };
            let unknown = Value::unknown(value.span);
            match option.as_str() {
                Some("-C") => {
                    self.callback(value, state);
                }
                Some("-F") => {
                    let words = [value.clone(), unknown.clone(), unknown];
                    self.dispatch(&words, &mut state.clone(), value.span, Lookup::Everything);
                }
                Some("-W") => {
                    for bytes in value.alternatives() {
                        let text = String::from_utf8_lossy(bytes).into_owned();
                        self.expanded(&text, &mut state.clone());
                    }
                }
                _ => {}
            }
        }
        Stream::default()
    }

    /// Code that is run with words behind it that nobody knows.
    pub(super) fn callback(&mut self, code: &Value, state: &State) {
        let known = code.known.then(&Known::Const(b" \"$@\"".to_vec()));
        let text = Value { known, ..code.clone() };
        let words = [Value::unknown(code.span)];
        self.run_text(Language::Shell, &text, &words, &mut state.clone());
    }
}

/// `shopt -s NAME`. What is switched off again may have been on meanwhile, so nothing is taken back.
pub(super) fn switch(rest: &[Value], state: &mut State) -> Stream {
    if rest.iter().any(|word| word.as_str() == Some("-s")) {
        rest.iter().filter_map(Value::as_str).for_each(|name| switch_on(name, state));
    }
    Stream::default()
}

/// Notes that an option is on, if it is one that matters.
pub(super) fn switch_on(name: &str, state: &mut State) {
    if FOLLOWED.contains(&name) && !state.is_on(name) {
        Rc::make_mut(&mut state.options).insert(name.to_owned());
    }
}

/// `hash -p FILE NAME`: the name stands for that file from now on.
pub(super) fn locate(rest: &[Value], state: &mut State) -> Stream {
    let mut words = rest.iter().skip_while(|word| word.as_str() != Some("-p")).skip(1);
    if let Some(file) = words.next() {
        for name in words.filter_map(Value::as_str) {
            Rc::make_mut(&mut state.aliases).insert(name.to_owned(), file.clone());
        }
    }
    Stream::default()
}
