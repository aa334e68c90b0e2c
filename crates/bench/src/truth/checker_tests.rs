//! The checker finds each violation when it is planted by hand, and nothing in a clean history.

use super::*;
use crate::truth::history::{Sent, Watched};

fn entry(seq: u64, client_id: &str) -> Seen {
    Seen {
        seq,
        id: format!("id{seq}"),
        from: "visitor".into(),
        client_id: Some(client_id.into()),
        text: format!("text {client_id}"),
    }
}

fn key(client_id: &str) -> Key {
    Key { conversation: "c".into(), from: "visitor", client_id: client_id.into() }
}

/// a, b and c, sent and acked one after the other, read back and watched by one reader.
fn clean() -> (Records, Logs) {
    let log: Vec<_> = ["a", "b", "c"].iter().zip(1..).map(|(id, seq)| entry(seq, id)).collect();
    let mut records = Records::default();
    for seen in &log {
        let id = seen.client_id.as_deref().expect("set above");
        let sent =
            Sent { text: seen.text.clone(), first_sent: seen.seq * 10, acks: vec![(seen.seq * 10 + 5, seen.seq)] };
        records.sent.insert(key(id), sent);
    }
    records.watched.push(Watched { reader: "r".into(), conversation: "c".into(), entries: log.clone() });
    (records, Logs::from([("c".to_owned(), log)]))
}

fn kinds(plant: impl FnOnce(&mut Records, &mut Vec<Seen>)) -> Vec<Kind> {
    let (mut records, mut logs) = clean();
    plant(&mut records, logs.get_mut("c").expect("set above"));
    let mut kinds: Vec<_> = check(&records, &logs).into_iter().map(|v| v.kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

#[test]
fn a_clean_history_passes() {
    assert!(kinds(|_, _| {}).is_empty());
    // Sent again and acked again at the same place is as it should be.
    assert!(kinds(|records, _| records.sent.get_mut(&key("b")).expect("there").acks.push((99, 2))).is_empty());
    // Never acked and not there: nothing was promised.
    let unsent = Sent { text: "x".into(), first_sent: 1, acks: vec![] };
    assert!(kinds(|records, _| drop(records.sent.insert(key("x"), unsent))).is_empty());
}

#[test]
fn an_acked_message_that_is_gone_is_lost() {
    let gone = |_: &mut Records, log: &mut Vec<Seen>| drop(log.pop());
    assert!(kinds(gone).contains(&Kind::Lost));
}

#[test]
fn another_text_or_place_is_lost() {
    assert!(kinds(|_, log| log[1].text = "other".into()).contains(&Kind::Lost));
    assert!(
        kinds(|records, _| records.sent.get_mut(&key("c")).expect("there").acks = vec![(40, 9)]).contains(&Kind::Lost)
    );
}

#[test]
fn twice_in_the_log_or_acked_at_two_places_is_doubled() {
    assert!(kinds(|_, log| log.push(entry(4, "b"))).contains(&Kind::Doubled));
    assert!(
        kinds(|records, _| records.sent.get_mut(&key("b")).expect("there").acks.push((99, 3))).contains(&Kind::Doubled)
    );
}

#[test]
fn an_answer_of_an_engine_that_stands_twice_is_doubled() {
    let answer = |seq| Seen { from: "engine".into(), ..entry(seq, "turn") };
    assert!(
        kinds(|records, log| {
            log.push(answer(4));
            records.watched[0].entries.push(answer(4));
        })
        .is_empty()
    );
    let twice = |_: &mut Records, log: &mut Vec<Seen>| log.extend([answer(4), answer(5)]);
    assert!(kinds(twice).contains(&Kind::Doubled));
}

#[test]
fn an_unacked_message_that_stands_twice_is_doubled() {
    let planted = kinds(|records, log| {
        records.sent.get_mut(&key("b")).expect("there").acks.clear();
        log.push(entry(4, "b"));
    });
    assert!(planted.contains(&Kind::Doubled));
}

#[test]
fn a_seq_below_one_that_was_acked_before_is_reordered() {
    let planted = kinds(|records, _| {
        // c was acked before b was sent, yet stands behind it.
        records.sent.get_mut(&key("c")).expect("there").first_sent = 1;
        records.sent.get_mut(&key("c")).expect("there").acks = vec![(2, 3)];
    });
    assert_eq!(planted, [Kind::Reordered]);
}

#[test]
fn a_hole_is_found() {
    assert!(kinds(|_, log| log[2].seq = 4).contains(&Kind::Other));
}

#[test]
fn a_reader_that_saw_falling_other_or_fewer_entries_is_found() {
    assert!(kinds(|records, _| records.watched[0].entries.swap(0, 1)).contains(&Kind::Reordered));
    assert!(kinds(|records, _| records.watched[0].entries.push(entry(3, "c"))).contains(&Kind::Reordered));
    assert_eq!(kinds(|records, _| records.watched[0].entries[1].text = "other".into()), [Kind::Other]);
    assert_eq!(kinds(|records, _| drop(records.watched[0].entries.pop())), [Kind::Other]);
    // A hole on one connection that a second one fills is still a hole.
    let planted = kinds(|records, log| {
        records.watched[0].entries.remove(1);
        records.watched.push(Watched { reader: "r".into(), conversation: "c".into(), entries: vec![log[1].clone()] });
    });
    assert_eq!(planted, [Kind::Other]);
}
