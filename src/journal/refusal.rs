//! What the wall refused while a command ran, as the journal keeps it and a person reads it: one record a thing.

use super::text::Text;
use serde::{Deserialize, Serialize};

/// How it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// A call was answered so.
    Seen,
    /// The command failed, gate one had predicted it, and no rule grants it: it may be the reason.
    Supposed,
}

/// One thing that was refused, however often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RefusalRecord {
    /// How it is known.
    pub known: Known,
    /// What was asked, one word: `write`, `create`, `read`, `use` for a call as such.
    pub act: String,
    /// The real path, or the name of the call.
    pub target: Text,
    /// How often.
    pub times: u64,
    /// The promise that was kept by refusing it.
    pub promise: String,
    /// Why, as the end of a sentence.
    pub why: String,
    /// The line of a profile that would allow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<String>,
    /// Beside `allow`: what else that line needs. Without it: a safer way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

impl RefusalRecord {
    /// The sentence for people. `target` is the target as it is to be shown, `alike` how many
    /// others there are of the same sort.
    #[must_use]
    pub fn sentence(&self, target: &str, alike: u64) -> String {
        let act = &self.act;
        let mut text = match self.known {
            Known::Seen => format!("refused to {act} {target}"),
            Known::Supposed => {
                format!("the command may have failed because it could not {act} {target}")
            }
        };
        let times = self.times;
        match (times, alike) {
            (0 | 1, 0) => {}
            (_, 0) => text.push_str(&format!(" ({times} times)")),
            (_, alike) => text.push_str(&format!(" (and {alike} more like it)")),
        }
        text.push_str(&format!(": {} (promise `{}`)", self.why, self.promise));
        text.push_str(&match (&self.allow, &self.instead) {
            (Some(line), None) => format!("; `{line}` in a profile of yours would allow it"),
            (Some(line), Some(how)) => {
                format!("; `{line}` in a profile of yours would allow it ({how})")
            }
            (None, None) => "; no line of a profile allows it".to_owned(),
            (None, Some(other)) => format!("; no line of a profile allows it; instead: {other}"),
        });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_why_and_how_to_allow_it() {
        let mut record = RefusalRecord {
            known: Known::Seen,
            act: "write".into(),
            target: Text::of(b"/opt/x"),
            times: 3,
            promise: "writes".into(),
            why: "it lies outside".into(),
            allow: Some("files.write = [\"/opt/x\"]".into()),
            instead: None,
        };
        assert_eq!(
            record.sentence("/opt/x", 0),
            "refused to write /opt/x (3 times): it lies outside (promise `writes`); \
             `files.write = [\"/opt/x\"]` in a profile of yours would allow it"
        );
        record = RefusalRecord { known: Known::Supposed, allow: None, ..record };
        record.instead = Some("ask".into());
        assert_eq!(
            record.sentence("/opt/x", 2),
            "the command may have failed because it could not write /opt/x (and 2 more like it): \
             it lies outside (promise `writes`); no line of a profile allows it; instead: ask"
        );
    }
}
