//! Variables through which programs are told to run code: their values are walked like any other code.

use super::Shell;
use super::state::State;
use crate::classify::effects;
use crate::classify::environment::{Carrier, loads_code};
use crate::classify::programs::reading::{Call, Code, Language};
use crate::classify::programs::split;
use crate::classify::value::{Known, Value};
use crate::model::effect::Access;
use crate::model::finding::Severity;
use crate::model::gap::GapKind;
use crate::model::target::Resource;

impl Shell<'_> {
    /// A variable that a program will see, and that carries code.
    pub(super) fn environment_code(
        &mut self,
        variable: &str,
        carrier: Carrier,
        value: &Value,
        state: &mut State,
    ) {
        if value.as_const().is_some_and(<[u8]>::is_empty) {
            return;
        }
        let mut inner = state.clone();
        match carrier {
            Carrier::Command => self.command_in(value, &mut inner),
            Carrier::Expanded => {
                if let Some(text) = value.as_str().filter(|text| text.contains(['$', '`'])) {
                    let word = format!(": \"{}\"", text.replace('"', "\\\""));
                    let text = Value::constant(word, value.span);
                    self.run_text(Language::Shell, &text, &[], &mut inner);
                }
            }
            Carrier::Script(language) => {
                self.run_file(language, value, &[], &mut inner);
            }
            Carrier::Code(language) => {
                self.run_text(language, value, &[], &mut inner);
            }
            Carrier::Library => {
                let reason = format!("${variable} makes every program load {}", value.describe());
                self.danger(("env.preload", Severity::Caution), value.span, reason, None);
            }
            Carrier::Options => {
                if value.as_str().is_none_or(loads_code) {
                    let what = format!("${variable} may load code: {}", value.describe());
                    self.gap(GapKind::OpaqueCode, value.span, what);
                }
            }
            Carrier::Words(program) => self.options_in(program, value, &mut inner),
            Carrier::GitSetting => self.git_setting(variable, value, &mut inner),
            Carrier::Source => {
                let host = effects::url_host(value);
                self.add_effect(effects::plain(Access::Connect, Resource::Host(host), value.span));
            }
        }
    }

    /// Shell text; `LESSOPEN` marks with bars and a dash what is made of the output.
    fn command_in(&mut self, value: &Value, state: &mut State) {
        let text = value.as_str().map(|text| text.trim_start_matches(['|', '-']).to_owned());
        let bare =
            text.map(|text| Value { known: Known::Const(text.into_bytes()), ..value.clone() });
        self.run_text(Language::Shell, bare.as_ref().unwrap_or(value), &[], state);
    }

    /// Options of a program: only the program text among them counts, since nothing is called yet.
    fn options_in(&mut self, program: &str, value: &Value, state: &mut State) {
        let Some(text) = value.as_str() else {
            let what = format!("which options `{program}` is given is not known");
            return self.gap(GapKind::OpaqueCode, value.span, what);
        };
        let words = program.split(' ').map(str::to_owned).chain(split(text));
        let argv: Vec<Value> = words.map(|word| Value::constant(word, value.span)).collect();
        self.texts_of(&argv, state);
    }

    /// `GIT_CONFIG_KEY_0` and `GIT_CONFIG_VALUE_0` are `git -c KEY=VALUE`.
    fn git_setting(&mut self, variable: &str, value: &Value, state: &mut State) {
        let key = variable.replacen("VALUE", "KEY", 1);
        let key = self.variable(&key, state, value.span);
        let (Some(key), Some(text)) = (key.as_ref().and_then(Value::as_str), value.as_str()) else {
            let what = format!("which setting of git ${variable} is");
            return self.gap(GapKind::OpaqueCode, value.span, what);
        };
        let words = ["git".to_owned(), "-c".to_owned(), format!("{key}={text}")];
        let argv: Vec<Value> = words.into_iter().map(|w| Value::constant(w, value.span)).collect();
        self.texts_of(&argv, state);
    }

    /// The program text that a call would carry; nothing else of the call happens.
    fn texts_of(&mut self, argv: &[Value], state: &State) {
        let name = argv.first().and_then(Value::as_str).unwrap_or("");
        let call = Call { name, argv };
        let reading = (self.knowledge)(&call);
        for carried in &reading.carried {
            if matches!(carried.code, Code::Text { .. }) {
                self.carried(carried, (&call, state));
            }
        }
    }
}
