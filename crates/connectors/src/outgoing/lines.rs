//! Bytes that come in any pieces, as lines.

/// A line grew over what is kept of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line of more than {0} bytes")]
pub struct LineTooLong(pub usize);

/// Cuts a stream into lines that end with LF, CR LF or CR, however its bytes are cut.
#[derive(Debug)]
pub struct Lines {
    line: Vec<u8>,
    /// The last byte was a CR: an LF after it ends no second line.
    after_cr: bool,
    begun: bool,
    most: usize,
}

impl Lines {
    /// Lines of at most `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { line: Vec::new(), after_cr: false, begun: false, most }
    }

    /// Takes bytes and gives each line that is whole now, without its end. What is no UTF-8 becomes U+FFFD.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&str)) -> Result<(), LineTooLong> {
        for &byte in bytes {
            let ends_twice = byte == b'\n' && std::mem::take(&mut self.after_cr);
            if ends_twice {
                continue;
            }
            self.after_cr = byte == b'\r';
            if byte == b'\n' || byte == b'\r' {
                each(&self.take());
            } else if self.line.len() < self.most {
                self.line.push(byte);
            } else {
                return Err(LineTooLong(self.most));
            }
        }
        Ok(())
    }

    /// What came after the last end of a line.
    pub fn rest(&mut self) -> Option<String> {
        (!self.line.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> String {
        let line = String::from_utf8_lossy(&self.line);
        let line = if self.begun { line.as_ref() } else { line.trim_start_matches('\u{feff}') }.to_owned();
        self.begun = true;
        self.line.clear();
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut got) = (Lines::new(1_000), Vec::new());
        for piece in pieces {
            lines.push(piece, |line| got.push(line.to_owned())).expect("short lines");
        }
        got.extend(lines.rest());
        got
    }

    #[test]
    fn all_three_ends_of_a_line_are_one_end() {
        assert_eq!(lines(&[b"a\nb\r\nc\rd\r\n\r\ne"]), ["a", "b", "c", "d", "", "e"]);
        assert_eq!(lines(&[b"a\r", b"\nb"]), ["a", "b"], "cut between CR and LF");
        assert_eq!(lines(&["\u{feff}a\n\u{feff}b\n".as_bytes()]), ["a", "\u{feff}b"]);
    }

    #[test]
    fn a_line_without_end_is_given_up_and_not_kept() {
        let mut lines = Lines::new(8);
        assert_eq!(lines.push(b"12345678", |_| ()), Ok(()));
        assert_eq!(lines.push(b"9", |_| ()), Err(LineTooLong(8)));
    }

    proptest! {
        #[test]
        fn lines_do_not_depend_on_how_bytes_are_cut(text in "[a退货\r\n]{0,60}", cuts in prop::collection::vec(0usize..200, 0..8)) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).chain([0, bytes.len()]).collect();
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(lines(&pieces), lines(&[bytes]));
            prop_assert_eq!(lines(&single), lines(&[bytes]));
        }
    }
}
