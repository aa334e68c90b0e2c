//! Names of engines: what sites and routes call them, and what stands as the author of an answer.

/// The longest name.
const MAX_NAME: usize = 40;

/// Whether an engine may be called so: 1 to 40 characters of a-z, 0-9, `-` and `_`.
pub fn is_engine_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    !name.is_empty() && name.len() <= MAX_NAME && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_engine_name;

    #[test]
    fn a_name_is_short_and_plain() {
        for good in ["a", "shop-2_b", &"x".repeat(MAX)] {
            assert!(is_engine_name(good), "{good}");
        }
        for bad in ["", "Shop", "a b", "a/b", "店", &"x".repeat(MAX + 1)] {
            assert!(!is_engine_name(bad), "{bad}");
        }
    }

    const MAX: usize = super::MAX_NAME;
}
