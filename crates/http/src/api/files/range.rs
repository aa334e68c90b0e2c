//! Which part of a file is asked for (RFC 9110, one range).

/// Bytes `first..=last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: u64,
    pub(super) last: u64,
    /// Asked for as a part.
    pub(super) is_part: bool,
}

impl Range {
    pub(super) fn len(self) -> u64 {
        self.last - self.first + 1
    }
}

/// The range of a `Range` header over `size` > 0 bytes. What is not understood, and more than one
/// range, is answered with all of it; `Err` when nothing of the file is in it.
pub(super) fn wanted(header: Option<&str>, size: u64) -> Result<Range, ()> {
    let end = size - 1;
    let all = Range { first: 0, last: end, is_part: false };
    let Some((first, last)) = header.and_then(|header| header.strip_prefix("bytes=")?.split_once('-')) else {
        return Ok(all);
    };
    let (first, last) = (first.trim(), last.trim());
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(first) || !is_number(last) || (first.is_empty() && last.is_empty()) {
        return Ok(all);
    }
    // Numbers too large for us are beyond every file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let (first, last) = match (first, last) {
        ("", suffix) if number(suffix) == 0 => return Err(()),
        ("", suffix) => (size.saturating_sub(number(suffix)), end),
        (first, "") => (number(first), end),
        (first, last) if number(first) > number(last) => return Ok(all),
        (first, last) => (number(first), number(last).min(end)),
    };
    if first > end { Err(()) } else { Ok(Range { first, last, is_part: true }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_anything_else_is_all() {
        let part = |first, last| Ok(Range { first, last, is_part: true });
        let all = Ok(Range { first: 0, last: 9, is_part: false });
        for (header, range) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=2-5", part(2, 5)),
            ("bytes=2-", part(2, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=8-99", part(8, 9)),
            ("bytes=10-", Err(())),
            ("bytes=99999999999999999999999-", Err(())),
            ("bytes=-0", Err(())),
            ("bytes=5-2", all),
            ("bytes=0-1,3-4", all),
            ("bytes=-", all),
            ("bytes=a-b", all),
            ("bytes=+1-2", all),
            ("items=0-1", all),
            ("", all),
        ] {
            assert_eq!(wanted(Some(header), 10), range, "{header}");
        }
        assert_eq!(wanted(None, 10), all);
    }
}
