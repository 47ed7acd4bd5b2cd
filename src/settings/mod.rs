//! Finds, trusts and layers the settings: managed > user > project (narrows only) > built-in profile.
#![forbid(unsafe_code)]
