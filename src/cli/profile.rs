//! being built
pub(super) fn profile(_: super::arguments::Profile) -> u8 {
    0
}
