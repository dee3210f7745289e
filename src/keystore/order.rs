//! Which of several keys comes first: the one that the JDK would take.
//!
//! Its key manager (SunX509, the default) goes through a `java.util.HashMap` of aliases and takes
//! the first key that fits. That order follows from the aliases alone.

/// Entries with their aliases in the store's order, in the order of such a map.
pub(super) fn as_the_jdk<T>(mut entries: Vec<(String, T)>) -> Vec<T> {
    let mut buckets: u32 = 16;
    while entries.len() > buckets as usize / 4 * 3 {
        buckets *= 2;
    }
    // Stable: what shares a bucket stays in the order in which it came.
    entries.sort_by_key(|(alias, _)| bucket(alias, buckets));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// `String.hashCode`, spread as `HashMap` does.
fn bucket(alias: &str, buckets: u32) -> u32 {
    let hash = alias.encode_utf16().fold(0u32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(u32::from(unit))
    });
    (hash ^ (hash >> 16)) & (buckets - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(aliases: &[&str]) -> Vec<String> {
        as_the_jdk(
            aliases
                .iter()
                .map(|alias| ((*alias).to_owned(), (*alias).to_owned()))
                .collect(),
        )
    }

    /// As `new java.util.HashMap<>` of these keys is gone through.
    #[test]
    fn aliases_come_as_a_hash_map_has_them() {
        assert_eq!(order(&["zz", "other"]), ["zz", "other"]);
        assert_eq!(order(&["b", "a"]), ["a", "b"]);
        // Both are of bucket 0.
        assert_eq!(order(&["p", "`"]), ["p", "`"]);
        assert_eq!(order(&["`", "p"]), ["`", "p"]);
    }

    #[test]
    fn a_map_grows_when_it_is_three_quarters_full() {
        let aliases = ["p", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        assert_eq!(order(&aliases)[0], "p");
        let more = [&aliases[..], &["l"]].concat();
        assert_eq!(order(&more)[0], "a");
    }
}
