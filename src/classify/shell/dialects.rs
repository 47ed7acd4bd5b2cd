//! Text for another shell than bash: read as bash does and, where that shell reads it otherwise, a second
//! time as it does. What neither reading covers is a gap that names the shell.

use super::Shell;
use super::state::State;
use crate::classify::programs::reading::{Carried, Code, Language};
use crate::classify::syntax::dialect::{Dialect, Otherwise};
use crate::classify::syntax::{Origin, parse};
use crate::model::finding::Span;
use crate::model::gap::GapKind;
use std::path::Path;

impl Shell<'_> {
    /// The shell that reads what a program carries: itself, or `sh` where it is none.
    pub(super) fn reader_of(&self, program: &str, carried: &Carried) -> Dialect {
        let text = matches!(
            carried.code,
            Code::Text { language: Language::Shell, .. }
                | Code::File { language: Language::Shell, .. }
                | Code::Stdin(Language::Shell)
        );
        match Dialect::of(program) {
            Some(shell) => shell,
            None if text => Dialect::Sh,
            None => self.dialect,
        }
    }

    /// What the text would do besides, when the shell at hand reads it otherwise than bash.
    pub(super) fn other_reading(&mut self, text: &str, span: Span, state: &State) {
        let shell = match self.dialect {
            Dialect::Bash => return,
            Dialect::Sh => self.sh(),
            known => known,
        };
        match shell.otherwise(text) {
            None => {}
            Some(Otherwise::Unread(sign)) => {
                let sign = sign.trim();
                let what = format!("{} reads `{sign}` by rules of its own", shell.name());
                self.gap(GapKind::UnparsedText, span, what);
            }
            Some(Otherwise::Like(again)) => {
                if !self.deeper(span) {
                    return;
                }
                let script = parse(&again, Origin::Within(span));
                let mut inner = state.clone();
                let form = "the same text, as dash reads it";
                self.noted((span, form), || again, |shell| shell.script(&script, &mut inner));
                self.budget.shallower();
            }
        }
    }

    /// The shell that reads the text that was asked: bash, where there is one.
    pub(super) fn first_reader(&self) -> Dialect {
        let there = |path: &str| self.world.kind(Path::new(path)).is_some();
        let bash = ["/bin/bash", "/usr/bin/bash"].into_iter().any(there);
        if bash || !there("/bin/sh") { Dialect::Bash } else { Dialect::Sh }
    }

    /// What `/bin/sh` is here; where nobody can tell, bash's reading is the one there is.
    fn sh(&self) -> Dialect {
        let real = self.world.resolve(Path::new("/bin/sh"));
        match real.file_name().and_then(|name| name.to_str()).and_then(Dialect::of) {
            None | Some(Dialect::Sh) => Dialect::Bash,
            Some(known) => known,
        }
    }

    /// Whether `echo` reads backslashes here, as that of dash does.
    pub(super) fn echo_escapes(&self) -> bool {
        match self.dialect {
            Dialect::Bash | Dialect::Zsh | Dialect::Fish => false,
            Dialect::Dash => true,
            Dialect::Sh => self.sh() == Dialect::Dash,
        }
    }
}
