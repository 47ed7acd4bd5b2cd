//! What the targets have in common: a person's usual surroundings, and the judge of the default profile.
//! No target lives here.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use stockade::model::invocation::{Invocation, Origin, Places, Request};
use stockade::model::verdict::Verdict;
use stockade::model::world::EmptyWorld;
use stockade::policy::resolved::Policy;
use stockade::policy::{builtin, example, merge};

/// The verdict of the default profile on a shell text, where the file system is empty.
pub fn judge(text: &[u8]) -> Verdict {
    let invocation = Invocation {
        request: Request::Shell(text.to_vec()),
        cwd: "/home/you/work".into(),
        env: BTreeMap::from([("HOME".into(), "/home/you".into())]),
        places: Places {
            workspace: "/home/you/work".into(),
            home: "/home/you".into(),
            temp: vec!["/tmp".into()],
        },
        origin: Origin::default(),
    };
    let assessment = stockade::classify::classify(&invocation, &EmptyWorld);
    stockade::policy::judge(policy(), assessment)
}

fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let chain = builtin::default_chain().expect("the built-in profiles are well formed");
        merge::fold("dev-box", chain, &example::variables()).expect("the built-in profiles fold")
    })
}
