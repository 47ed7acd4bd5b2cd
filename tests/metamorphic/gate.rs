//! The first gate as the suite asks it: a text in, a verdict out, by the default profile. No process is started.

use crate::world::{Literal, WORKSPACE};
use std::borrow::Cow;
use std::collections::BTreeMap;
use stockade::classify::classify;
use stockade::model::invocation::{Invocation, Origin, Places, Request};
use stockade::model::verdict::Verdict;
use stockade::policy::resolved::Policy;
use stockade::policy::{builtin, example, judge, merge};

/// The gate with its profile and its machine.
#[derive(Debug)]
pub struct Gate {
    policy: Policy,
    world: Literal,
}

impl Gate {
    /// With the profile everybody gets.
    pub fn new() -> Self {
        let top = Cow::Borrowed(builtin::profile(builtin::DEFAULT).unwrap());
        let layers = builtin::chain(top, &|_| Ok(None)).unwrap();
        let policy = merge::fold(builtin::DEFAULT, layers, &example::variables()).unwrap();
        Self { policy, world: Literal::new() }
    }

    /// What is said of a text.
    pub fn judge(&self, text: &str) -> Verdict {
        let env = [
            ("HOME", "/home/you"),
            ("USER", "you"),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("API_TOKEN", "t0ps3cret"),
        ];
        let invocation = Invocation {
            request: Request::Shell(text.as_bytes().to_vec()),
            cwd: WORKSPACE.into(),
            env: BTreeMap::from(env.map(|(name, value)| (name.into(), value.into()))),
            places: Places {
                workspace: WORKSPACE.into(),
                home: "/home/you".into(),
                temp: vec!["/tmp".into()],
            },
            origin: Origin::default(),
        };
        judge(&self.policy, classify(&invocation, &self.world))
    }
}
