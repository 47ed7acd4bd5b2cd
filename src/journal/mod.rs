//! The append-only record of every run: events, the hash chain over them, and questions to them.
#![forbid(unsafe_code)]
