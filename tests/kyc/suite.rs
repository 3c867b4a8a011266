//! One suite for every store: each check is a function of a store, and a test for each of them.

/// Makes the tests.
macro_rules! suite {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[test] fn $name() { super::$name(&honnin::store::MemoryStore::new()); })*
        }

        #[cfg(feature = "sqlite")]
        mod sqlite {
            $(#[test] fn $name() {
                let folder = tempfile::tempdir().unwrap();
                super::$name(&crate::sqlite_file::create(&folder.path().join("accounts.db")));
            })*
        }
    };
}
