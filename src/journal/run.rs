//! The identity of one run: a UUID of version 7, which sorts by time. It names, it does not describe.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// The identity of one run, written as a hyphenated UUID (`0199…-7…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[must_use]
pub struct RunId(uuid::Uuid);

/// A new identity: the time to a quarter of a microsecond (RFC 9562, section 6.2, method 3) and
/// 62 random bits.
///
/// The bits come straight from getrandom(2): a generator of a library may want a descriptor, and
/// the limit may leave none.
pub fn new_run_id() -> RunId {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    let mut bytes: [u8; 10] = crate::sys::random::bytes();
    // 12 bits stand before the random ones; the version takes the place of the highest four.
    let fraction = (u64::from(since.subsec_nanos() % 1_000_000) << 12) / 1_000_000;
    let [.., high, low] = fraction.to_be_bytes();
    (bytes[0], bytes[1]) = (high, low);
    RunId(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
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
        let apart = || std::thread::sleep(std::time::Duration::from_micros(2));
        let ids: Vec<RunId> = (0..100).map(|_| (apart(), new_run_id()).1).collect();
        assert!(ids.is_sorted());
        let json = serde_json::to_string(&ids[0]).unwrap();
        assert_eq!(serde_json::from_str::<RunId>(&json).unwrap(), ids[0]);
        assert!(ids[0].to_string().starts_with(&ids[0].short()));
    }
}
