//! A person's usual surroundings and the default profile: by these benches and fuzz targets judge. Nothing is measured here.

use std::collections::BTreeMap;
use stockade::model::invocation::{Invocation, Origin, Places, Request};
use stockade::policy::resolved::Policy;
use stockade::policy::{builtin, example, merge};

/// A request in a workspace of a home.
pub(crate) fn invocation(request: Request) -> Invocation {
    Invocation {
        request,
        cwd: "/home/you/work".into(),
        env: BTreeMap::from([("HOME".into(), "/home/you".into())]),
        places: Places {
            workspace: "/home/you/work".into(),
            home: "/home/you".into(),
            temp: vec!["/tmp".into()],
        },
        origin: Origin::default(),
    }
}

/// `dev-box`, as it holds there.
pub(crate) fn policy() -> Policy {
    let chain = builtin::default_chain().expect("built-in profiles are well formed");
    merge::fold("dev-box", chain, &example::variables()).expect("built-in profiles fold")
}
