//! Faults planted on purpose. Each proves that the independent checker would find it by chance.

/// Whether the fault `name` is planted: with the feature `mutants` and `MACAW_MUTANT=name`.
///
/// Without the feature this is `false` at compile time, and nothing of it is left in the binary.
#[inline]
pub fn planted(name: &str) -> bool {
    #[cfg(feature = "mutants")]
    {
        static PLANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
        PLANTED.get_or_init(|| std::env::var("MACAW_MUTANT").ok()).as_deref() == Some(name)
    }
    #[cfg(not(feature = "mutants"))]
    {
        let _ = name;
        false
    }
}
