//! The codec against itself, against a second implementation, and against hostile bytes.

use super::*;
use proptest::prelude::*;
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocket, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, error::CapacityError, protocol::frame::coding::CloseCode};

const MOST: u32 = 4_096;

/// What a client may say, in a form of its own.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
}

impl From<Event<'_>> for Said {
    fn from(event: Event<'_>) -> Self {
        match event {
            Event::Text(text) => Self::Text(text.into_owned()),
            Event::Binary(bytes) => Self::Binary(bytes.into_owned()),
            Event::Ping(bytes) => Self::Ping(bytes.into_owned()),
            Event::Pong => Self::Pong,
            Event::Close(code) => Self::Close(code),
        }
    }
}

/// Reads all of `pieces`; what was said, and the fault that ended it.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Said>, Option<Fault>) {
    let (mut reader, mut said) = (Reader::new(MOST), Vec::new());
    for piece in pieces {
        let mut bytes = piece.to_vec();
        let mut at = 0;
        while at < bytes.len() {
            match reader.next(&mut bytes[at..]) {
                Ok((used, event)) => {
                    assert!(used > 0, "it always goes on");
                    at += used;
                    said.extend(event.map(Said::from));
                    assert!(reader.held_bytes() <= 2 * MOST as usize + 256, "memory is bounded");
                    // As the socket layer does: nothing is read after a close frame.
                    if matches!(said.last(), Some(Said::Close(_))) {
                        return (said, None);
                    }
                }
                Err(fault) => return (said, Some(fault)),
            }
        }
    }
    (said, None)
}

fn frame(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        len @ 0..=125 => bytes.push(0x80 | len as u8),
        len @ 126..=0xffff => {
            bytes.push(0x80 | 126);
            bytes.extend((len as u16).to_be_bytes());
        }
        len => {
            bytes.push(0x80 | 127);
            bytes.extend((len as u64).to_be_bytes());
        }
    }
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

/// A message in frames of these lengths, with a control frame between each two.
fn message(text: bool, payload: &[u8], cuts: &[usize], mask: [u8; 4]) -> Vec<u8> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (payload.len() + 1)).collect();
    cuts.sort_unstable();
    let mut bytes = Vec::new();
    let mut from = 0;
    for (n, to) in cuts.iter().copied().chain([payload.len()]).enumerate() {
        let kind = if n > 0 { 0 } else { 2 - u8::from(text) };
        let fin = if n == cuts.len() { 0x80 } else { 0 };
        bytes.extend(frame(fin | kind, mask, &payload[from..to]));
        if n < cuts.len() {
            bytes.extend(frame(0x8a, mask, b"between"));
        }
        from = to;
    }
    bytes
}

/// The same bytes read by the second implementation.
fn second(bytes: &[u8]) -> (Vec<Said>, bool) {
    struct Wire<'a>(&'a [u8]);
    impl std::io::Read for Wire<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::ErrorKind::WouldBlock.into());
            }
            self.0.read(into)
        }
    }
    impl std::io::Write for Wire<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let config = WebSocketConfig::default().max_message_size(Some(MOST as usize)).max_frame_size(Some(MOST as usize));
    let mut socket = WebSocket::from_raw_socket(Wire(bytes), Role::Server, Some(config));
    let mut said = Vec::new();
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => said.push(Said::Text(text.to_string())),
            Ok(Message::Binary(bytes)) => said.push(Said::Binary(bytes.to_vec())),
            Ok(Message::Ping(bytes)) => said.push(Said::Ping(bytes.to_vec())),
            Ok(Message::Pong(_)) => said.push(Said::Pong),
            Ok(Message::Close(close)) => {
                let code = close.map(|close| u16::from(close.code));
                // It tells of a code that must not be sent by answering with another.
                let refused = code == Some(CloseCode::Protocol.into());
                said.push(Said::Close(code));
                return (said, refused);
            }
            Ok(Message::Frame(_)) => {}
            Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => return (said, false),
            Err(Error::Capacity(CapacityError::MessageTooLong { .. }) | Error::Protocol(_) | Error::Utf8(_)) => {
                return (said, true);
            }
            Err(_) => return (said, true),
        }
    }
}

fn said() -> impl Strategy<Value = (Vec<u8>, Said)> {
    let mask = any::<[u8; 4]>;
    let cuts = || proptest::collection::vec(any::<usize>(), 0..4);
    prop_oneof![
        ("\\PC{0,300}", mask()).prop_map(|(text, mask)| (frame(0x81, mask, text.as_bytes()), Said::Text(text))),
        (proptest::collection::vec(any::<u8>(), 0..300), mask())
            .prop_map(|(bytes, mask)| (frame(0x82, mask, &bytes), Said::Binary(bytes))),
        (proptest::collection::vec(any::<u8>(), 0..126), mask())
            .prop_map(|(bytes, mask)| (frame(0x89, mask, &bytes), Said::Ping(bytes))),
        ("[a-z€🦜]{0,300}", cuts(), mask()).prop_map(|(text, cuts, mask)| {
            // The control frames between are told too; see the test.
            (message(true, text.as_bytes(), &cuts, mask), Said::Text(text))
        }),
    ]
}

fn without_pongs(said: Vec<Said>) -> Vec<Said> {
    said.into_iter().filter(|said| *said != Said::Pong).collect()
}

proptest! {
    #[test]
    fn what_was_said_is_read_however_it_is_cut(all in proptest::collection::vec(said(), 1..6), cuts in proptest::collection::vec(any::<usize>(), 0..8)) {
        let bytes: Vec<u8> = all.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let (heard, fault) = read(cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]));
        prop_assert_eq!(fault, None);
        prop_assert_eq!(without_pongs(heard), all.into_iter().map(|(_, said)| said).collect::<Vec<_>>());
    }

    #[test]
    fn a_second_implementation_reads_the_same(all in proptest::collection::vec(said(), 1..6)) {
        let bytes: Vec<u8> = all.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        prop_assert_eq!(read([bytes.as_slice()]).0, second(&bytes).0);
    }

    /// Frames with a byte changed here and there: both refuse the same, after having read the same.
    #[test]
    fn a_second_implementation_refuses_the_same(all in proptest::collection::vec(said(), 1..4), change in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..3)) {
        let mut bytes: Vec<u8> = all.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        for (at, byte) in change {
            let at = at % bytes.len();
            bytes[at] ^= byte;
        }
        let (ours, fault) = read([bytes.as_slice()]);
        let (theirs, refused) = second(&bytes);
        // Ours refuses more: lengths that are not the shortest, and a fault before the frame is whole.
        prop_assert!(fault.is_some() || !refused, "{fault:?} {ours:?} {theirs:?}");
        let ours = without_pongs(ours);
        let theirs = without_pongs(theirs);
        let common = ours.len().min(theirs.len());
        let closes = |said: &[Said]| said.iter().any(|said| matches!(said, Said::Close(_)));
        if !closes(&ours) && !closes(&theirs) {
            prop_assert_eq!(&ours[..common], &theirs[..common]);
            prop_assert!(fault.is_some() || ours.len() == theirs.len());
        }
    }

    #[test]
    fn hostile_bytes_end_in_a_fault_or_wait(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), cut in 1_usize..64) {
        let whole = read([bytes.as_slice()]);
        prop_assert_eq!(read(bytes.chunks(cut)), whole, "the same however it is cut");
    }

    /// Random bytes hardly get past a header; these do.
    #[test]
    fn hostile_frames_end_in_a_fault_or_wait(frames in proptest::collection::vec((any::<u8>(), any::<[u8; 4]>(), proptest::collection::vec(any::<u8>(), 0..200)), 0..8), cut in 1_usize..64) {
        let bytes: Vec<u8> = frames.iter().flat_map(|(first, mask, payload)| frame(first & 0x8f, *mask, payload)).collect();
        let whole = read([bytes.as_slice()]);
        prop_assert_eq!(read(bytes.chunks(cut)), whole);
    }
}

#[test]
fn every_cut_of_a_message_reads_the_same() {
    let bytes = message(true, "Grüße, 金刚鹦鹉 🦜".as_bytes(), &[3, 9, 20], [1, 2, 3, 4]);
    let whole = read([bytes.as_slice()]);
    assert_eq!(whole.0.last(), Some(&Said::Text("Grüße, 金刚鹦鹉 🦜".to_owned())));
    assert_eq!(whole.0.len(), 4);
    for cut in 0..=bytes.len() {
        assert_eq!(read([&bytes[..cut], &bytes[cut..]]), whole, "cut at {cut}");
    }
    assert_eq!(read(bytes.chunks(1)), whole);
}

#[test]
fn what_is_against_the_protocol_is_refused_with_its_code() {
    let key = [9, 8, 7, 6];
    let long = vec![b'x'; MOST as usize + 1];
    for (bytes, fault) in [
        (vec![0x81, 0x01, b'x'], Fault::Protocol),
        (frame(0xc1, key, b"x"), Fault::Protocol),
        (frame(0x83, key, b"x"), Fault::Protocol),
        (frame(0x8b, key, b"x"), Fault::Protocol),
        (frame(0x09, key, b"x"), Fault::Protocol),
        (frame(0x89, key, &[0; 126]), Fault::Protocol),
        (frame(0x80, key, b"nothing to continue"), Fault::Protocol),
        ([frame(0x01, key, b"a"), frame(0x81, key, b"b")].concat(), Fault::Protocol),
        (vec![0x81, 0xfe, 0, 5, 0, 0, 0, 0], Fault::Protocol),
        (vec![0x81, 0xff, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], Fault::Protocol),
        (vec![0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], Fault::Protocol),
        (frame(0x88, key, &[3]), Fault::Protocol),
        (frame(0x88, key, &1005_u16.to_be_bytes()), Fault::Protocol),
        (frame(0x88, key, &2000_u16.to_be_bytes()), Fault::Protocol),
        (frame(0x88, key, &[3, 0xe8, 0xff]), Fault::Utf8),
        (frame(0x81, key, &[0xc3, 0x28]), Fault::Utf8),
        (frame(0x81, key, &[0xed, 0xa0, 0x80]), Fault::Utf8),
        (frame(0x81, key, &long), Fault::TooLarge),
        ([frame(0x02, key, &long[1..]), frame(0x80, key, b"x")].concat(), Fault::TooLarge),
        (vec![0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], Fault::TooLarge),
    ] {
        assert_eq!(read([bytes.as_slice()]), (Vec::new(), Some(fault)), "{:?}", &bytes[..bytes.len().min(16)]);
    }
}

#[test]
fn bad_utf8_is_refused_before_the_message_is_whole() {
    let mut start = frame(0x01, [0; 4], &[b'a', 0xe9, 0x87]);
    assert_eq!(read([start.as_slice()]).1, None);
    // The second frame announces 100 bytes; its first one is enough.
    start.extend([0x80, 0x80 | 100, 0, 0, 0, 0, b'x']);
    assert_eq!(read([start.as_slice()]), (Vec::new(), Some(Fault::Utf8)));
}

#[test]
fn an_announced_length_takes_no_memory_before_its_bytes_come() {
    let mut reader = Reader::new(u32::MAX);
    let mut header = [0x82, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0];
    assert_eq!(reader.next(&mut header), Ok((14, None)));
    assert!(!reader.is_idle() && reader.held_bytes() < 64);
}

#[test]
fn nothing_is_kept_between_messages() {
    let mut reader = Reader::new(MOST);
    for cut in 1..8 {
        let mut bytes = frame(0x81, [1, 2, 3, 4], b"hello");
        let (first, second) = bytes.split_at_mut(cut);
        assert_eq!(reader.next(first), Ok((cut, None)));
        assert!(matches!(reader.next(second), Ok((_, Some(Event::Text(text)))) if text == "hello"));
        assert!(reader.is_idle(), "cut at {cut}");
    }
}

#[test]
fn a_second_implementation_reads_our_frames() {
    for len in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
        let text = "x".repeat(len);
        let frame = Frame::text(&text);
        assert_eq!(frame.payload(), text);
        let mut wire = std::io::Cursor::new(frame.bytes().to_vec());
        let mut socket = WebSocket::from_raw_socket(&mut wire, Role::Client, None);
        assert_eq!(socket.read().expect("a frame"), Message::text(text));
    }
    let close = Frame::close(Some(4009), &"ü".repeat(100));
    assert!(close.bytes().len() <= 127);
    let mut wire = std::io::Cursor::new([Frame::ping().bytes(), Frame::pong(b"p").bytes(), close.bytes()].concat());
    let mut socket = WebSocket::from_raw_socket(&mut wire, Role::Client, None);
    assert_eq!(socket.read().expect("a ping"), Message::Ping(Bytes::new()));
    assert_eq!(socket.read().expect("a pong"), Message::Pong(Bytes::from_static(b"p")));
    assert!(matches!(socket.read(), Ok(Message::Close(Some(close))) if u16::from(close.code) == 4009));
}
