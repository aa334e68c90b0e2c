//! The small form loses nothing that the checker needs: each planted fault is still found.

use super::*;

/// Three messages, acked and seen as they stand in the log.
fn clean() -> (Talk, Vec<Seen>) {
    let mut talk = Talk::new(Visitor { token: "t".into(), conversation: "c".into() });
    let mut log = Vec::new();
    for seq in 1..=3 {
        let (client_id, text) = talk.sending(seq * 100, seq * 100 + 1);
        talk.acked(&client_id, seq * 100 + 5, seq);
        let entry = Seen { seq, id: format!("id{seq}"), from: "visitor".into(), client_id: Some(client_id), text };
        talk.saw(Reader::Agent(0), 7, &entry);
        log.push(entry);
    }
    (talk, log)
}

fn judged(plant: impl FnOnce(&mut Talk, &mut Vec<Seen>)) -> Verdict {
    let (mut talk, mut log) = clean();
    plant(&mut talk, &mut log);
    let mut verdict = Verdict::default();
    talk.judge(log, &mut verdict);
    verdict
}

#[test]
fn a_clean_talk_is_clean() {
    let verdict = judged(|_, _| {});
    assert_eq!(verdict, Verdict { acked: 3, delivered: 3, checked: 3, ..Verdict::default() });
}

#[test]
fn a_lost_and_a_changed_message_are_lost() {
    assert_eq!(judged(|_, log| drop(log.pop())).lost, 1);
    assert_eq!(judged(|_, log| log[1].text.push('!')).lost, 1);
}

#[test]
fn a_second_copy_or_a_second_place_is_doubled() {
    let twice = |_: &mut Talk, log: &mut Vec<Seen>| log.push(Seen { seq: 4, ..log[1].clone() });
    assert_eq!(judged(twice).doubled, 1);
    let elsewhere = |talk: &mut Talk, _: &mut Vec<Seen>| assert_eq!(talk.acked("m1", 999, 3), Some(200));
    assert_eq!(judged(elsewhere).doubled, 1);
}

#[test]
fn falling_seqs_are_reordered_and_other_contents_are_found() {
    assert!(judged(|talk, log| talk.saw(Reader::Agent(0), 7, &log[0])).reordered > 0);
    let foreign = |talk: &mut Talk, log: &mut Vec<Seen>| {
        talk.saw(Reader::Agent(1), 8, &Seen { id: "x".into(), ..log[0].clone() })
    };
    assert!(judged(foreign).other_violations > 0);
    // A reader that missed the end.
    assert_eq!(judged(|talk, log| talk.saw(Reader::Visitor(0), 9, &log[0])).other_violations, 1);
}

#[test]
fn a_reader_that_comes_back_and_goes_on_is_clean() {
    let verdict = judged(|talk, log| {
        talk.saw(Reader::Visitor(0), 1, &log[0]);
        log[1..].iter().for_each(|entry| talk.saw(Reader::Visitor(0), 2, entry));
    });
    assert_eq!((verdict.broken(), verdict.delivered), (0, 6));
}

#[test]
fn a_reader_is_behind_until_it_has_the_last_acked_message() {
    let (mut talk, log) = clean();
    assert!(!talk.is_behind(Reader::Agent(0)) && talk.is_behind(Reader::Visitor(0)));
    talk.acked("m3", 9, 4);
    // Other entries in between do not stand for it.
    talk.saw(Reader::Visitor(0), 1, &log[2]);
    assert!(talk.is_behind(Reader::Agent(0)) && talk.is_behind(Reader::Visitor(0)));
    talk.saw(Reader::Agent(0), 7, &Seen { seq: 4, ..log[2].clone() });
    assert!(!talk.is_behind(Reader::Agent(0)));
}

#[test]
fn what_has_no_ack_is_counted_and_only_wrong_when_it_stands_twice() {
    let verdict = judged(|talk, _| drop(talk.sending(1, 1)));
    assert_eq!((verdict.unacknowledged, verdict.broken()), (1, 0));
}

#[test]
fn a_text_has_its_length_and_says_when_it_was_due() {
    let text = text(12, 3_456);
    assert_eq!((text.len(), due_of(&text)), (TEXT_BYTES, Some(3_456)));
    assert_eq!(due_of("hello"), None);
}
