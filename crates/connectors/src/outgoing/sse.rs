//! Server-sent events: the one parser for all engines.

use super::lines::{LineTooLong, Lines};

/// A dispatched event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SseEvent {
    /// Its name; empty when it has none.
    pub name: String,
    /// Its data, lines joined with LF.
    pub data: String,
}

/// Bytes in, events out. Comments, unknown fields and events without data dispatch nothing.
#[derive(Debug)]
pub struct Sse {
    lines: Lines,
    pending: Pending,
    most: usize,
}

#[derive(Debug, Default)]
struct Pending {
    event: SseEvent,
    has_data: bool,
}

impl Sse {
    /// Events of at most `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { lines: Lines::new(most), pending: Pending::default(), most }
    }

    /// Takes bytes and gives each event that is whole now.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(SseEvent)) -> Result<(), LineTooLong> {
        let Self { lines, pending, most } = self;
        let mut grown = false;
        lines.push(bytes, |line| {
            each_line(pending, line, &mut each);
            grown |= pending.event.data.len() > *most;
        })?;
        if grown { Err(LineTooLong(*most)) } else { Ok(()) }
    }

    /// The event that was not ended by an empty line when the stream ended: some servers leave that out. The
    /// caller has to know by its content whether it is whole.
    pub fn rest(&mut self) -> Option<SseEvent> {
        let mut last = None;
        if let Some(line) = self.lines.rest() {
            each_line(&mut self.pending, &line, &mut |_| ());
        }
        each_line(&mut self.pending, "", &mut |event| last = Some(event));
        last
    }
}

fn each_line(pending: &mut Pending, line: &str, each: &mut impl FnMut(SseEvent)) {
    if line.is_empty() {
        let Pending { event, has_data } = std::mem::take(pending);
        if has_data {
            each(event);
        }
        return;
    }
    let (field, value) = line.split_once(':').unwrap_or((line, ""));
    let value = value.strip_prefix(' ').unwrap_or(value);
    match field {
        "event" => value.clone_into(&mut pending.event.name),
        "data" => {
            if pending.has_data {
                pending.event.data.push('\n');
            }
            pending.has_data = true;
            pending.event.data.push_str(value);
        }
        // A comment has an empty name; `id` and `retry` are for browsers.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn events(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let (mut sse, mut got) = (Sse::new(10_000), Vec::new());
        for piece in pieces {
            sse.push(piece, |event| got.push(event)).expect("small events");
        }
        got.extend(sse.rest());
        got.into_iter().map(|event| (event.name, event.data)).collect()
    }

    fn pair(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    #[test]
    fn fields_come_with_and_without_a_space_and_data_may_have_many_lines() {
        let text = b"event:a\ndata:{1}\n\nevent: b\ndata: x\ndata:  y\ndata\n\n";
        assert_eq!(events(&[text]), [pair("a", "{1}"), pair("b", "x\n y\n")]);
    }

    #[test]
    fn comments_pings_and_unknown_fields_dispatch_nothing() {
        let text = b": keep-alive\n\nevent: ping\n\nid: 7\nretry: 3\nwhat: else\n\ndata: x\n\n";
        assert_eq!(events(&[text]), [pair("", "x")]);
    }

    #[test]
    fn an_event_name_does_not_outlive_its_block() {
        assert_eq!(events(&[b"event: ping\n\ndata: x\n\n"]), [pair("", "x")]);
    }

    #[test]
    fn what_has_no_last_empty_line_is_given_at_the_end() {
        assert_eq!(events(&[b"data: [DONE]"]), [pair("", "[DONE]")]);
        assert_eq!(events(&[b"data: a\n"]), [pair("", "a")]);
        assert_eq!(events(&[b"event: x\n"]), []);
    }

    #[test]
    fn an_event_that_never_ends_is_given_up() {
        let mut sse = Sse::new(100);
        let endless = "data: 0123456789\n".repeat(20);
        assert!(sse.push(endless.as_bytes(), |_| ()).is_err());
    }

    proptest! {
        #[test]
        fn events_do_not_depend_on_how_bytes_are_cut(text in "(data|event|id|)(:|: |)[a退🦜 ]{0,4}(\r\n|\n|\r|\n\n){0,2}", more in "(data:[x货]{0,3}\n{0,2}){0,5}", cut in 0usize..80) {
            let text = text + &more;
            let bytes = text.as_bytes();
            let (a, b) = bytes.split_at(cut.min(bytes.len()));
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(events(&[a, b]), events(&[bytes]));
            prop_assert_eq!(events(&single), events(&[bytes]));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut sse = Sse::new(64);
            let _ = sse.push(&bytes, |_| ());
            let _ = sse.rest();
        }
    }
}
