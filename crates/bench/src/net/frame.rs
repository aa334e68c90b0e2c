//! Frames of RFC 6455, as far as a load generator needs them: no extensions, no fragments.

/// A text frame.
pub(crate) const TEXT: u8 = 1;
/// The end, with a code.
pub(crate) const CLOSE: u8 = 8;
/// Asks for a sign of life.
pub(crate) const PING: u8 = 9;
/// The sign of life.
pub(crate) const PONG: u8 = 10;

/// Nothing that Macaw sends is longer than a replay; what is longer is not believed.
const MAX_PAYLOAD: u64 = 4 * 1024 * 1024;

/// Where a frame's payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// One of the constants above.
    pub(crate) op: u8,
    /// The mask, of frames from a client.
    pub(crate) mask: Option<[u8; 4]>,
    /// Where the payload begins.
    pub(crate) at: usize,
    /// Its length in bytes.
    pub(crate) len: usize,
}

impl Header {
    /// Where the next frame begins.
    pub(crate) fn end(&self) -> usize {
        self.at + self.len
    }
}

/// The first frame of `bytes`; `None` when it is not whole yet.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Header>, &'static str> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    if first & 0x70 != 0 {
        return Err("a reserved bit is set");
    }
    if first & 0x80 == 0 || first & 0x0f == 0 {
        return Err("a fragment; the bench reads whole frames only");
    }
    let (len, mut at) = match second & 0x7f {
        126 => match rest {
            [a, b, ..] => (u64::from(u16::from_be_bytes([*a, *b])), 4),
            _ => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(long) => (u64::from_be_bytes(*long), 10),
            None => return Ok(None),
        },
        short => (u64::from(short), 2),
    };
    if len > MAX_PAYLOAD {
        return Err("a frame of more than 4 MiB");
    }
    let mut mask = None;
    if second & 0x80 != 0 {
        let Some(key) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) else { return Ok(None) };
        mask = Some(*key);
        at += 4;
    }
    let len = usize::try_from(len).map_err(|_| "a frame of more than 4 MiB")?;
    Ok((bytes.len() >= at + len).then_some(Header { op: first & 0x0f, mask, at, len }))
}

/// Appends a whole frame to `out`.
pub(crate) fn encode(out: &mut Vec<u8>, op: u8, payload: &[u8], mask: Option<[u8; 4]>) {
    let masked = if mask.is_some() { 0x80 } else { 0 };
    out.push(0x80 | op);
    match payload.len() {
        len @ 0..=125 => out.push(masked | u8::try_from(len).expect("at most 125")),
        len @ 126..=65_535 => {
            out.push(masked | 126);
            out.extend_from_slice(&u16::try_from(len).expect("at most 65535").to_be_bytes());
        }
        len => {
            out.push(masked | 127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    if let Some(key) = mask {
        out.extend_from_slice(&key);
    }
    let at = out.len();
    out.extend_from_slice(payload);
    if let Some(key) = mask {
        turn(&mut out[at..], key);
    }
}

/// Masks, or takes the mask off.
pub(crate) fn turn(payload: &mut [u8], key: [u8; 4]) {
    payload.iter_mut().zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;

    proptest! {
        #[test]
        fn what_is_encoded_is_parsed_back_and_a_part_of_it_waits(
            payload in prop::collection::vec(any::<u8>(), 0..70_000), key in any::<Option<[u8; 4]>>(), cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = Vec::new();
            encode(&mut bytes, TEXT, &payload, key);
            let header = parse(&bytes).expect("ours").expect("whole");
            prop_assert_eq!(header.end(), bytes.len());
            let part = cut.index(bytes.len());
            prop_assert_eq!(parse(&bytes[..part]), Ok(None));
            let mut found = bytes[header.at..].to_vec();
            if let Some(key) = header.mask { turn(&mut found, key); }
            prop_assert_eq!(found, payload);
        }

        #[test]
        fn a_second_implementation_reads_the_same_header(payload in prop::collection::vec(any::<u8>(), 0..70_000), key in any::<Option<[u8; 4]>>()) {
            let mut bytes = Vec::new();
            encode(&mut bytes, PING, &payload, key);
            let (theirs, len) = FrameHeader::parse(&mut std::io::Cursor::new(&bytes)).expect("a header").expect("whole");
            let ours = parse(&bytes).expect("ours").expect("whole");
            prop_assert_eq!((u8::from(theirs.opcode), theirs.is_final, theirs.mask), (PING, true, key));
            prop_assert_eq!((len as usize, ours.mask), (ours.len, key));
        }
    }

    #[test]
    fn fragments_reserved_bits_and_giants_are_refused() {
        assert!(parse(&[0x01, 1, b'a']).is_err());
        assert!(parse(&[0x80, 1, b'a']).is_err());
        assert!(parse(&[0xc1, 1, b'a']).is_err());
        assert!(parse(&[0x81, 127, 0, 0, 0, 0, 1, 0, 0, 0]).is_err());
    }
}
