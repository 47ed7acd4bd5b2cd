//! `stockade run`: both gates, then the command; says something only when there is something to say.

use super::arguments;
use super::tell;
use crate::policy::resolved::Isolate;
use crate::sandbox::plan::Reads;
use crate::session::{self, Ask, outcome::Outcome};

/// Runs a command; the exit status by the table.
pub(super) fn run(arguments: arguments::Run) -> u8 {
    let request = arguments.command.request();
    let text = tell::text_of(&request);
    let ask = Ask {
        request,
        profile: arguments.setting.profile.as_deref(),
        workspace: arguments.setting.workspace.as_deref(),
        session: arguments.setting.session.as_deref(),
        isolate: if arguments.isolate { Isolate::Required } else { Isolate::Never },
    };
    let reads = if arguments.why { Reads::Watched } else { Reads::Unwatched };
    match session::run(ask, reads) {
        Ok(finished) => {
            match &finished.outcome {
                Outcome::Refused(verdict) => tell::refusal(verdict, &text),
                Outcome::Ran(_) => {
                    tell::limits(&finished.limits);
                    if !arguments.quiet {
                        tell::refusals(&finished.refusals, finished.run);
                    }
                }
            }
            if let Some(error) = &finished.unrecorded {
                tell::error(&format!(
                    "the command ran and ended, but its end is not in the journal: {error}"
                ));
            }
            finished.outcome.status()
        }
        Err(error) => {
            tell::not_begun(&error);
            error.status()
        }
    }
}
