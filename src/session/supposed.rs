//! What a command that failed was predicted to read, run or connect to and no rule grants: perhaps the reason. Reads are not watched, so it is no more than that.

use super::refused::{Scene, is_readable};
use crate::journal::refusal::{Known, RefusalRecord};
use crate::journal::text::Text;
use crate::model::effect::{Access, Effect};
use crate::model::support::Promise;
use crate::model::target::Resource;
use crate::policy::resolved::Network;
use crate::sandbox::filter::told::Closed;
use crate::sys::permission;
use std::collections::BTreeSet;
use std::path::Path;

/// So many are told at most; a script may name thousands.
const MAX_SUPPOSED: usize = 16;
/// So many effects are looked at: each may cost a look at the file system.
const MAX_LOOKED: usize = 256;

/// The predicted reads, executions and connections that the wall must have refused.
#[must_use]
pub fn supposed(effects: &[Effect], scene: Scene<'_>) -> Vec<RefusalRecord> {
    let mut seen = BTreeSet::new();
    let mut all: Vec<RefusalRecord> = effects
        .iter()
        .filter(|effect| matches!(effect.access, Access::Read | Access::Execute))
        .filter_map(|effect| Some((effect.access, effect.resource.path()?)))
        .take(MAX_LOOKED)
        .filter(|(_, path)| seen.insert(path.to_path_buf()))
        .filter(|(access, path)| is_refused(*access, path, scene))
        .take(MAX_SUPPOSED)
        .map(|(access, path)| record(Known::Supposed, access, path, scene))
        .collect();
    all.extend(effects.iter().find_map(|effect| connection(effect, scene)));
    all
}

/// A predicted connection where there is no network. Where calls are held it was seen that no
/// socket could be made, and need not be supposed.
fn connection(effect: &Effect, scene: Scene<'_>) -> Option<RefusalRecord> {
    let (Access::Connect | Access::Listen, Resource::Host(_)) = (effect.access, &effect.resource)
    else {
        return None;
    };
    let closed = Closed::Network;
    (scene.plan.network == Network::None && !scene.plan.supervised).then(|| RefusalRecord {
        known: Known::Supposed,
        act: if effect.access == Access::Listen { "listen on" } else { "connect to" }.to_owned(),
        target: Text::of(effect.resource.to_string().as_bytes()),
        times: 1,
        promise: closed.promise().as_str().to_owned(),
        why: closed.why().to_owned(),
        allow: closed.allow().map(str::to_owned),
        instead: None,
    })
}

/// The program itself, which could not be executed, when the wall is the reason.
#[must_use]
pub fn program(scene: Scene<'_>) -> Option<RefusalRecord> {
    let command = &scene.plan.command;
    let path = command.cwd.join(&command.program);
    is_refused(Access::Execute, &path, scene)
        .then(|| record(Known::Seen, Access::Execute, &path, scene))
}

/// Names that mean what a process has open: they say nothing of a place.
const STREAMS: &[&str] = &["/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/proc"];

/// Whether something is there, the permission bits would allow it, and no rule grants it.
fn is_refused(access: Access, path: &Path, scene: Scene<'_>) -> bool {
    if STREAMS.iter().any(|stream| path.starts_with(stream)) {
        return false;
    }
    let allowed = match access {
        Access::Execute => permission::execute(path),
        _ => permission::read(path),
    };
    allowed && !is_readable(scene.policy, path)
}

fn record(known: Known, access: Access, path: &Path, scene: Scene<'_>) -> RefusalRecord {
    let way = scene.to_read(path);
    RefusalRecord {
        known,
        act: if access == Access::Execute { "run" } else { "read" }.to_owned(),
        target: Text::path(path),
        times: 1,
        promise: Promise::Reads.as_str().to_owned(),
        why: "no rule of this profile grants it".to_owned(),
        allow: way.allow,
        instead: way.instead,
    }
}
