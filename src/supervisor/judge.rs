//! Operation x real path -> ruling. Pure: whether the kernel would allow it is not asked here.

use super::standing::{Bounds, Git, Standing};
use crate::sandbox::filter::told::Closed;

/// What sort of thing is made or moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'t> {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; its text, empty when it is moved and not made.
    Link(&'t [u8]),
    /// A device, a pipe, a socket.
    Special,
}

/// What is done at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation<'t> {
    /// The content of what is there changes.
    Write,
    /// Something new is made.
    Create(Kind<'t>),
    /// The name goes.
    Remove,
    /// It is renamed to elsewhere.
    MoveAway,
    /// It is renamed to here.
    MoveHere(Kind<'t>),
    /// It gets another name elsewhere.
    LinkAway,
    /// It gets this name as well.
    LinkHere,
    /// Mode, owner, times or attributes change.
    Metadata,
}

/// Whether a protected thing is older than the run: what a run made it may take away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// It was there before.
    Before,
    /// This run made it.
    Born,
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// The path is protected.
    Protected,
    /// git would run it or read it as configuration.
    Git,
    /// A directory that a protected path leads through would be replaced.
    Leads,
    /// It is, or holds, the workspace.
    Workspace,
    /// Metadata outside the places that may be written.
    Outside,
    /// A socket that this run has not made.
    Outsider,
    /// A System V object that this run has not made.
    Foreign,
    /// Its name is hidden.
    Hidden,
    /// Too much waits already.
    Crowd,
    /// Landlock's word: outside the places that may be written.
    Unwritable,
    /// Landlock's word: outside the places that may be read.
    Unreadable,
    /// A call that no command of this policy may make.
    Closed(Closed),
}

/// What is to be done about an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// Nothing here speaks against it.
    Free,
    /// It fails.
    Refused(Why),
    /// It may take place if the content is harmless, which is only known when it is written.
    Staged,
    /// It may take place if the content, which is there, is harmless git configuration.
    Configures,
}

impl Bounds {
    /// Judges an operation on the thing a real path names.
    #[must_use]
    pub fn judge(&self, path: &[u8], operation: Operation<'_>, age: Age) -> Ruling {
        let placed = match operation {
            Operation::Metadata if !self.is_writable(path) => {
                return Ruling::Refused(Why::Outside);
            }
            _ if self.hides(path) && disturbs(operation, age) => {
                return Ruling::Refused(Why::Hidden);
            }
            _ => self.standing(path),
        };
        let refuse_if =
            |refused: bool, why| if refused { Ruling::Refused(why) } else { Ruling::Free };
        match placed {
            Standing::Outside | Standing::Free => Ruling::Free,
            Standing::Around => {
                refuse_if(moves(operation) || operation == Operation::Remove, Why::Workspace)
            }
            Standing::Leads => {
                let link = matches!(operation, Operation::Create(Kind::Link(_)));
                refuse_if(link || moves(operation), Why::Leads)
            }
            Standing::Sealed => refuse_if(!undone(operation, age), Why::Protected),
            Standing::Git(part) => repository(part, operation, age),
        }
    }
}

/// Whether what is done to a hidden thing shows it, or takes it from whom it belongs to. What the
/// run made itself it may write and take away, but not read either.
fn disturbs(operation: Operation<'_>, age: Age) -> bool {
    match operation {
        Operation::LinkAway => true,
        Operation::Create(_) | Operation::LinkHere => false,
        Operation::Write
        | Operation::Remove
        | Operation::MoveAway
        | Operation::MoveHere(_)
        | Operation::Metadata => age == Age::Before,
    }
}

/// Whether a name comes or goes by moving or linking.
const fn moves(operation: Operation<'_>) -> bool {
    matches!(operation, Operation::MoveAway | Operation::MoveHere(_) | Operation::LinkHere)
}

/// Whether something that the run made is taken away again.
fn undone(operation: Operation<'_>, age: Age) -> bool {
    operation == Operation::Remove && age == Age::Born
}

/// What git needs to make and keep repositories, and nothing that arms one:
///
/// * hooks are never made, changed, moved or linked; only samples, which git does not run;
/// * `config` is replaced by renaming `config.lock` over it, as git does, and only when the content
///   names no program (see `config.rs`); nobody opens it for writing;
/// * `HEAD` is replaced, and never taken away;
/// * `.git` is a directory, or a file whose content (see `pointer.rs`) leads to a repository that
///   is protected itself; never a link, and never moved;
/// * links inside are those git makes to try out the file system, and symbolic refs.
fn repository(part: Git, operation: Operation<'_>, age: Age) -> Ruling {
    use Operation::{Create, LinkAway, Metadata, MoveAway, MoveHere, Remove, Write};
    let free = match (part, operation) {
        (Git::Top | Git::Commondir, Create(Kind::File) | Write) => return Ruling::Staged,
        (Git::Config, MoveHere(Kind::File)) => return Ruling::Configures,
        (Git::Head, Create(Kind::File) | Write | MoveHere(Kind::File) | LinkAway | Metadata)
        | (Git::Top, Create(Kind::Directory) | Remove | Metadata)
        | (Git::Commondir | Git::Hooks, Remove | Metadata)
        | (Git::Config, Metadata)
        | (Git::Hooks, Create(Kind::Directory))
        | (
            Git::Sample,
            Create(Kind::File) | Write | Remove | Metadata | MoveAway | MoveHere(Kind::File)
            | LinkAway,
        ) => true,
        (Git::Content | Git::Bulk, Create(Kind::Link(text))) => {
            text == b"testing" || text.starts_with(b"refs/")
        }
        (Git::Content, MoveHere(kind)) => matches!(kind, Kind::File),
        (Git::Bulk, MoveHere(kind)) => !matches!(kind, Kind::Link(_)),
        (Git::Content | Git::Bulk, _) => true,
        (_, operation) => undone(operation, age),
    };
    if free { Ruling::Free } else { Ruling::Refused(Why::Git) }
}

#[cfg(test)]
mod tests {
    use super::super::standing::tests::bounds;
    use super::*;
    use Operation::*;

    fn ruling(path: &str, operation: Operation<'_>) -> Ruling {
        bounds().judge(path.as_bytes(), operation, Age::Before)
    }

    #[test]
    fn what_is_sealed_stays_as_it_is() {
        let link = Kind::Link(b"x");
        for operation in [
            Write,
            Remove,
            MoveAway,
            LinkAway,
            LinkHere,
            Metadata,
            Create(Kind::File),
            Create(link),
            Create(Kind::Directory),
            MoveHere(Kind::File),
        ] {
            for path in ["/w/s/.envrc", "/w/s/a/.vscode", "/w/s/.git/hooks/pre-push"] {
                assert!(
                    matches!(ruling(path, operation), Ruling::Refused(_)),
                    "{path} {operation:?}"
                );
            }
        }
    }

    #[test]
    fn ways_to_protected_things_are_not_replaced() {
        for path in ["/w/s/.claude", "/w/s/.git/modules", "/w/s/.git"] {
            for operation in [MoveAway, MoveHere(Kind::Directory), Create(Kind::Link(b"evil"))] {
                assert!(
                    matches!(ruling(path, operation), Ruling::Refused(_)),
                    "{path} {operation:?}"
                );
            }
            assert_eq!(ruling(path, Create(Kind::Directory)), Ruling::Free);
        }
        assert_eq!(ruling("/w/s", MoveAway), Ruling::Refused(Why::Workspace));
        assert_eq!(ruling("/w", MoveAway), Ruling::Refused(Why::Workspace));
    }

    #[test]
    fn git_can_work() {
        for (path, operation, wanted) in [
            ("/w/s/.git/index.lock", Create(Kind::File), Ruling::Free),
            ("/w/s/.git/config.lock", Create(Kind::File), Ruling::Free),
            ("/w/s/.git/config", MoveHere(Kind::File), Ruling::Configures),
            ("/w/s/.git/config", Write, Ruling::Refused(Why::Git)),
            ("/w/s/.git/config", Metadata, Ruling::Free),
            ("/w/s/sub/.git", Create(Kind::File), Ruling::Staged),
            ("/w/s/.git/worktrees/a/commondir", Create(Kind::File), Ruling::Staged),
            ("/w/s/.git/tAbCdEf", Create(Kind::Link(b"testing")), Ruling::Free),
            ("/w/s/.git/modules/a", Create(Kind::Link(b"/tmp/evil")), Ruling::Refused(Why::Git)),
            ("/w/s/.git/modules/a", MoveHere(Kind::Directory), Ruling::Refused(Why::Git)),
            ("/w/s/.git/HEAD", MoveHere(Kind::File), Ruling::Free),
            ("/w/s/.git/HEAD", MoveAway, Ruling::Refused(Why::Git)),
            ("/w/s/.git/hooks/x.sample", Create(Kind::File), Ruling::Free),
        ] {
            assert_eq!(ruling(path, operation), wanted, "{path} {operation:?}");
        }
        let judged = bounds().judge(b"/w/s/a/.git/config", Remove, Age::Born);
        assert_eq!(judged, Ruling::Free);
    }

    #[test]
    fn metadata_changes_only_where_writing_may_take_place() {
        assert_eq!(ruling("/etc/x", Metadata), Ruling::Refused(Why::Outside));
        assert_eq!(ruling("/tmp/x", Metadata), Ruling::Free);
        assert_eq!(ruling("/w/s/x", Metadata), Ruling::Free);
        // what else may be done outside is Landlock's word
        assert_eq!(ruling("/etc/x", Write), Ruling::Free);
    }
}
