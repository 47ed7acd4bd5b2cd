//! Finds, trusts and layers the settings: managed > user > project (narrows only) > built-in profile.
#![forbid(unsafe_code)]

#[cfg(test)]
mod tables {
    //! Holds the generated tables to the texts they come from. It stands here because the room
    //! of the tables may not touch files.

    #[test]
    fn tables_are_fresh() {
        let fresh = crate::policy::generate::tables();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/tables.rs");
        if std::env::var_os("STOCKADE_BLESS").is_some() {
            std::fs::write(path, &fresh).unwrap();
        }
        let held = std::fs::read_to_string(path).unwrap();
        assert!(held == fresh, "stale: run STOCKADE_BLESS=1 cargo test --lib tables");
    }
}
