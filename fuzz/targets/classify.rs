//! Any bytes as shell text: gate one never panics, and its bounds hold.
#![no_main]

use std::collections::BTreeMap;
use stockade::model::invocation::{Invocation, Origin, Places, Request};
use stockade::model::world::EmptyWorld;
use stockade::policy::resolved::Policy;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
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
    drop(stockade::policy::judge(&Policy::default(), assessment));
});
