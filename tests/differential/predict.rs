//! What gate one says of a text before it runs: its assessment, and the programs it followed.

use crate::scene::Scene;
use crate::scene::ground;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;
use stockade::classify::{classify_knowing, programs};
use stockade::model::assessment::Assessment;
use stockade::model::invocation::{Invocation, Origin, Places, Request};
use stockade::policy::resolved::Policy;
use stockade::session::world::{Bounds, FileSystem, Readable};
use stockade::settings;

/// What was predicted.
#[derive(Debug)]
pub struct Prediction {
    pub found: Assessment,
    /// The names of programs whose words were read.
    pub called: BTreeSet<String>,
}

/// The environment of every command.
pub fn environment(scene: &Scene) -> BTreeMap<OsString, OsString> {
    BTreeMap::from([
        ("HOME".into(), scene.home().into()),
        ("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()),
        ("LANG".into(), "C.UTF-8".into()),
        ("TMPDIR".into(), scene.temp().into()),
        ("USER".into(), "n".into()),
    ])
}

/// The policy whose grants say which files gate one may read, in all scenes.
pub fn policy() -> Policy {
    policy_for(ground(), Path::new("/nonexistent"))
}

/// The default policy for a workspace and a home.
pub fn policy_for(workspace: &Path, home: &Path) -> Policy {
    let env = BTreeMap::new();
    let request = settings::Request {
        profile: Some("dev-box".to_owned()),
        workspace: workspace.to_path_buf(),
        home: home.to_path_buf(),
        env: &env,
        uid: stockade::sys::passwd::uid(),
    };
    settings::load(&request).unwrap()
}

/// Judges a text in the scene it will run in.
pub fn assess(text: &str, scene: &Scene, policy: &Policy) -> Prediction {
    let invocation = Invocation {
        request: Request::Shell(text.as_bytes().to_vec()),
        cwd: scene.work(),
        env: environment(scene),
        places: Places { workspace: scene.work(), home: scene.home(), temp: vec![scene.temp()] },
        origin: Origin::default(),
    };
    let world = FileSystem::new(&invocation, Readable::Granted(&policy.files), Bounds::default());
    let called = RefCell::new(BTreeSet::new());
    let found = classify_knowing(&invocation, &world, &|call| {
        called.borrow_mut().insert(call.name.to_owned());
        programs::read(call)
    });
    Prediction { found, called: called.into_inner() }
}
