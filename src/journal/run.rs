//! The identity of one run: a UUID of version 7, which sorts by time. It names, it does not describe.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The identity of one run, written as a hyphenated UUID (`0199…-7…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[must_use]
pub struct RunId(uuid::Uuid);

/// A new identity, later than every one this process made before.
pub fn new_run_id() -> RunId {
    RunId(uuid::Uuid::now_v7())
}

impl RunId {
    /// The first 18 characters: the millisecond and 12 bits more, enough to tell runs apart on a
    /// screen and accepted wherever an identity is asked for.
    #[must_use]
    pub fn short(self) -> String {
        self.to_string().chars().take(18).collect()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for RunId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for RunId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RunId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "uuid",
            "description": "The identity of one run: a UUID of version 7."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_sort_by_time_and_survive_json() {
        let ids: Vec<RunId> = (0..100).map(|_| new_run_id()).collect();
        assert!(ids.is_sorted());
        let json = serde_json::to_string(&ids[0]).unwrap();
        assert_eq!(serde_json::from_str::<RunId>(&json).unwrap(), ids[0]);
        assert!(ids[0].to_string().starts_with(&ids[0].short()));
    }
}
