//! What the targets have in common: the judge of the default profile where the file system is empty.
//! No target lives here.

#[path = "../../../benches/surroundings.rs"]
mod surroundings;

use std::sync::OnceLock;
use stockade::model::invocation::Request;
use stockade::model::verdict::Verdict;
use stockade::model::world::EmptyWorld;
use stockade::policy::resolved::Policy;

/// The verdict on a shell text.
pub fn judge(text: &[u8]) -> Verdict {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    let invocation = surroundings::invocation(Request::Shell(text.to_vec()));
    let assessment = stockade::classify::classify(&invocation, &EmptyWorld);
    stockade::policy::judge(POLICY.get_or_init(surroundings::policy), assessment)
}
