//! Wires `stockade profile` to the command line: which of its views is asked for, and for whom.

use super::arguments::{self, ExportVerb, ProfileVerb};
use super::export;
use super::profile::{self, Form, ProfileVerbError};
use super::syscalls;
use super::tell;
use crate::model::invocation::{Invocation, Request};
use crate::session::outcome::status;
use crate::session::{self, invocation};
use std::io::{self, ErrorKind, Write};

/// Lists, shows or checks profiles: exit 0, or 125 when one is wrong.
pub(super) fn catalogue(arguments: arguments::Profile) -> u8 {
    told(|here, out| answer(arguments.verb, here, out))
}

/// Writes a profile for another program: exit 0, or 125 when it is wrong.
pub(super) fn export(arguments: arguments::Export) -> u8 {
    let ExportVerb::Seccomp { profile } = arguments.verb;
    told(|here, out| export::seccomp(&session::settings_request(here, profile.as_deref()), out))
}

fn told(
    answer: impl FnOnce(
        &Invocation,
        &mut io::BufWriter<io::StdoutLock<'static>>,
    ) -> Result<(), ProfileVerbError>,
) -> u8 {
    // A place that is not fit to work in is fit to look at profiles in.
    let nothing = || Request::Argv(Vec::new());
    let here =
        invocation::gather(nothing(), None).unwrap_or_else(|_| invocation::surroundings(nothing()));
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = answer(&here, &mut out).and_then(|()| out.flush().map_err(ProfileVerbError::from));
    match result {
        Ok(()) => status::ALLOW,
        Err(ProfileVerbError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            status::ALLOW
        }
        Err(error) => {
            tell::error(&error.to_string());
            status::FAILED
        }
    }
}

fn answer(
    verb: ProfileVerb,
    here: &Invocation,
    out: &mut impl Write,
) -> Result<(), ProfileVerbError> {
    let form = |json| if json { Form::Json } else { Form::Text };
    match verb {
        ProfileVerb::List { json } => {
            profile::list(&session::settings_request(here, None), form(json), out)
        }
        ProfileVerb::Show { profile, json, syscalls } => {
            let request = session::settings_request(here, profile.as_deref());
            let show = if syscalls { syscalls::show } else { profile::show };
            show(&request, form(json), out)
        }
        ProfileVerb::Check { file } => {
            profile::check(&session::settings_request(here, None), &file, out)
        }
    }
}
