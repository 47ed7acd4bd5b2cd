//! Wires `stockade log` to the command line: which of its views is asked for, and of which journal.

use super::arguments::{self, LogVerb};
use super::log::{self, Listing, Streams};
use super::tell;
use crate::model::invocation::Request;
use crate::session::outcome::status;
use crate::session::{invocation, state};
use std::io;

/// Shows or verifies the journal; the exit status by the view.
pub(super) fn record(arguments: arguments::Log) -> u8 {
    let here = invocation::surroundings(Request::Argv(Vec::new()));
    let Some(state) = state::path(&here) else {
        tell::error(&state::StateError::Nowhere.to_string());
        return status::FAILED;
    };
    let (mut out, mut err) = (io::BufWriter::new(io::stdout().lock()), io::stderr().lock());
    let mut streams = Streams { out: &mut out, err: &mut err };
    match (arguments.verb, arguments.run.as_deref()) {
        (Some(LogVerb::Verify), _) => log::verify(&state, &mut streams),
        (None, run) if arguments.json => log::json(&state, run, &mut streams),
        (None, Some(run)) => log::run(&state, run, &mut streams),
        (None, None) => {
            let width = crate::sys::terminal::width(&io::stdout());
            log::list(&state, Listing { width, last: None }, &mut streams)
        }
    }
}
