//! What the tests of the built binary share: scratch worlds, identities, running stockade with a deadline.

mod docker;
mod identity;
mod places;
mod processes;
mod run;
mod world;

pub use identity::{Identity, Who};
pub use places::Place;
pub use processes::{gone, is_alive, of_world, parent_of, poll};
pub use run::{Ended, Run, Running};
pub use world::{World, base, leave};

/// Writes a file, or says which one could not be written.
pub fn put(path: impl AsRef<std::path::Path>, text: impl AsRef<[u8]>) {
    let path = path.as_ref();
    std::fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
