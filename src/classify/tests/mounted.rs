//! What is mounted below a build product is none: nobody builds it again.

use super::{LiteralWorld, invocation};
use crate::classify::classify;
use crate::model::effect::{Reversibility, Scale};
use crate::model::invocation::Request;
use crate::model::world::{GitState, Kind, Matches, World};
use std::path::{Path, PathBuf};

/// The literal world with something mounted in it.
struct Mounted(&'static str);

impl World for Mounted {
    fn kind(&self, path: &Path) -> Option<Kind> {
        LiteralWorld.kind(path)
    }
    fn resolve(&self, path: &Path) -> PathBuf {
        LiteralWorld.resolve(path)
    }
    fn glob(&self, pattern: &str, cwd: &Path) -> Matches {
        LiteralWorld.glob(pattern, cwd)
    }
    fn measure(&self, path: &Path) -> Option<Scale> {
        LiteralWorld.measure(path)
    }
    fn git_state(&self, path: &Path) -> GitState {
        LiteralWorld.git_state(path)
    }
    fn mounts(&self, path: &Path) -> Vec<PathBuf> {
        [PathBuf::from(self.0)].into_iter().filter(|place| place.starts_with(path)).collect()
    }
    fn read(&self, path: &Path, limit: usize) -> Option<Vec<u8>> {
        LiteralWorld.read(path, limit)
    }
    fn program(&self, name: &str) -> Option<PathBuf> {
        LiteralWorld.program(name)
    }
}

#[test]
fn what_is_mounted_below_is_lost() {
    let told = |mount: &'static str| {
        let invocation = invocation(Request::Shell(b"rm -rf target".to_vec()));
        let found = classify(&invocation, &Mounted(mount));
        let [effect] = found.effects.as_slice() else { panic!("{found:?}") };
        let notes = effect.loss.as_ref().map(|loss| loss.notes.join("; "));
        (effect.reversibility, notes.unwrap_or_default())
    };
    assert_eq!(told("/elsewhere"), (Reversibility::Disposable, String::new()));
    let note = "another file system is mounted at /home/u/w/target/data".to_owned();
    assert_eq!(told("/home/u/w/target/data"), (Reversibility::Gone, note));
}
