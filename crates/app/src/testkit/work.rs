//! Decisions, capacity, due work, the queue.

use super::World;
use crate::{AppendError, Clock, CommitError, MOST_PLACES, PageRange, View};
use macaw_domain::{AccountId, AppendRefusal, Author, Content, JobKind, Log, Owner, Partial, TurnId, turn_client_id};
use std::sync::Arc;
use tokio::task::JoinSet;

pub(super) async fn one_of_two_decisions_on_a_version_stands(world: World) {
    let talk = world.begun().await;
    let at = world.clock.now();
    let (first, second) = (talk.accept(world.owner, at).unwrap(), talk.close(world.owner, true, at).unwrap());
    let (first, second) = tokio::join!(world.node(0).commit(first), world.node(1).commit(second));
    assert_ne!(first.is_ok(), second.is_ok(), "one stands");
    assert!(matches!(first.and(second), Err(CommitError::Conflict)));
    assert_eq!(world.header(talk.id).await.version, talk.version + 1);
}

pub(super) async fn of_two_offers_at_the_same_time_one_stands(world: World) {
    let world = Arc::new(world);
    let mut talks = Vec::new();
    for _ in 0..20 {
        talks.push(world.begun().await);
    }
    let mut offers = JoinSet::new();
    for (n, talk) in talks.iter().flat_map(|talk| [talk, talk]).enumerate() {
        let (world, talk) = (world.clone(), talk.clone());
        offers.spawn(async move {
            // An offer leaves no event, so no key of an entry tells that two were made. Without a
            // claim the capacity says nothing either: only the version does.
            let mut offer = talk.offer(AccountId(world.fresh().0), n as i64, world.clock.now()).unwrap();
            offer.claims = None;
            (talk.id, world.node(n).commit(offer).await)
        });
    }
    let answers = offers.join_all().await;
    for talk in talks {
        let made: Vec<_> = answers.iter().filter(|(id, _)| *id == talk.id).map(|(_, answer)| answer).collect();
        let ([Ok(stands), Err(CommitError::Conflict)] | [Err(CommitError::Conflict), Ok(stands)]) = made[..] else {
            panic!("{made:?}");
        };
        assert_eq!(world.header(talk.id).await, *stands);
    }
}

pub(super) async fn an_append_between_decision_and_commit_is_kept(world: World) {
    let talk = world.begun().await;
    let decision = talk.accept(world.owner, world.clock.now()).unwrap();
    world.store.append(world.asks(talk.id, "between", "wait, one more thing")).await.unwrap();
    let next = world.store.commit(decision).await.unwrap();
    assert_eq!(next.head, 3, "two messages and the event");
    assert_eq!(next.last.map(|last| last.text).as_deref(), Some("wait, one more thing"));
    assert_eq!(next.waiting_since, talk.waiting_since);
}

pub(super) async fn nobody_gets_above_capacity_however_many_try(world: World) {
    let world = Arc::new(world);
    let mut talks = Vec::new();
    for _ in 0..20 {
        talks.push(world.begun().await);
    }
    let mut takers = JoinSet::new();
    for (n, talk) in talks.into_iter().enumerate() {
        let world = world.clone();
        takers.spawn(async move {
            let at = world.clock.now();
            let decision = match n % 2 {
                0 => talk.accept(world.owner, at),
                _ => talk.offer(world.owner, at + 30_000, at),
            };
            world.node(n / 2).commit(decision.unwrap()).await
        });
    }
    let answers = takers.join_all().await;
    let members = world.store.members(world.tenant).await.unwrap();
    let capacity = members[0].capacity as usize;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), capacity);
    assert!(answers.iter().all(|a| matches!(a, Ok(_) | Err(CommitError::OverCapacity))));
    assert_eq!(members[0].load as usize, capacity);
    // Closing one makes room for one.
    let mine = world.store.list(world.tenant, View::Mine(world.owner), 50, 0).await.unwrap();
    let held = mine.iter().find(|c| c.owner == Owner::Agent(world.owner)).expect("some were accepted");
    world.store.commit(held.close(world.owner, false, world.clock.now()).unwrap()).await.unwrap();
    let waiting = world.store.list(world.tenant, View::Queue, 50, 0).await.unwrap();
    let waiting = waiting.iter().find(|c| c.offer.is_none()).expect("most still wait");
    world.store.commit(waiting.accept(world.owner, world.clock.now()).unwrap()).await.unwrap();
}

pub(super) async fn jobs_are_due_once_and_again_when_asked_again(world: World) {
    let id = world.fresh();
    let mut ask = world.asks(id, "q1", "a question");
    ask.first.as_mut().unwrap().owner = Owner::Engine("knowledge".into());
    world.store.append(ask).await.unwrap();
    let now = world.clock.now();
    let (jobs, next) = world.store.due_jobs(now, 10).await.unwrap();
    assert_eq!((jobs.len(), next), (1, None));
    assert_eq!((jobs[0].kind, jobs[0].conversation), (JobKind::Turn, id));
    // Asked again while it runs: finishing the first run leaves it due.
    world.store.append(world.asks(id, "q2", "another")).await.unwrap();
    world.store.finish_job(jobs[0]).await.unwrap();
    let (again, _) = world.store.due_jobs(now, 10).await.unwrap();
    assert_eq!(again.len(), 1, "still one of its kind");
    assert!(again[0].generation > jobs[0].generation);
    world.store.finish_job(again[0]).await.unwrap();
    assert!(world.store.due_jobs(now, 10).await.unwrap().0.is_empty());
    // A job of later is not due yet, and a change that cancels it removes it.
    let waits = world.begun().await;
    let ringing = world.store.commit(waits.offer(world.owner, now + 500, now).unwrap()).await.unwrap();
    assert_eq!(world.store.due_jobs(now + 499, 10).await.unwrap(), (vec![], Some(now + 500)));
    assert_eq!(world.store.due_jobs(now + 500, 10).await.unwrap().0.len(), 1);
    world.store.commit(ringing.accept(world.owner, now).unwrap()).await.unwrap();
    assert_eq!(world.store.due_jobs(now + 500, 10).await.unwrap(), (vec![], None));
}

pub(super) async fn a_job_that_is_taken_is_not_due_and_one_asked_for_meanwhile_is_due_after_it(world: World) {
    let id = world.fresh();
    let mut ask = world.asks(id, "q1", "a question");
    ask.first.as_mut().unwrap().owner = Owner::Engine("knowledge".into());
    world.store.append(ask).await.unwrap();
    let now = world.clock.now();
    let due = world.store.due_jobs(now, 10).await.unwrap().0[0];
    let (one, two) = tokio::join!(world.node(0).take_job(due, now + 500), world.node(1).take_job(due, now + 500));
    let taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken.len(), 1, "one of them got it");
    assert_eq!((taken[0].attempt, taken[0].due_at), (1, now + 500));
    assert_eq!(world.store.due_jobs(now, 10).await.unwrap(), (vec![], Some(now + 500)));
    // What is asked meanwhile waits for the end of this run, and is then due for the first time.
    world.store.append(world.asks(id, "q2", "another")).await.unwrap();
    assert!(world.store.due_jobs(now, 10).await.unwrap().0.is_empty(), "one turn at a time");
    world.store.finish_job(taken[0]).await.unwrap();
    let again = world.store.due_jobs(now, 10).await.unwrap().0[0];
    assert_eq!((again.attempt, again.generation), (0, due.generation + 1));
    // Given back it is due again, as a further try.
    let taken = world.store.take_job(again, now + 500).await.unwrap().unwrap();
    world.store.give_job_back(taken, now + 100).await.unwrap();
    let given = world.store.due_jobs(now + 100, 10).await.unwrap().0[0];
    assert_eq!((given.attempt, given.generation), (1, again.generation));
    // One that was cancelled meanwhile stays away.
    let taken = world.store.take_job(given, now + 500).await.unwrap().unwrap();
    let talk = world.header(id).await;
    world.store.commit(talk.take_over(world.owner, false, now).unwrap()).await.unwrap();
    world.store.give_job_back(taken, now).await.unwrap();
    assert_eq!(world.store.due_jobs(now + 500, 10).await.unwrap(), (vec![], None));
}

pub(super) async fn what_was_seen_of_an_answer_is_kept_once(world: World) {
    for whole_first in [false, true] {
        let id = world.fresh();
        let mut ask = world.asks(id, "q1", "a question");
        ask.first.as_mut().unwrap().owner = Owner::Engine("knowledge".into());
        world.store.append(ask).await.unwrap();
        let talk = world.header(id).await;
        let turn = TurnId(id.0);
        if whole_first {
            let mut answer = world.answers(id, Log::Public, "x");
            answer.draft.client_id = Some(turn_client_id(turn));
            answer.draft.author = Author::Engine("knowledge".into());
            answer.owner_epoch = Some(talk.epoch);
            world.store.append(answer).await.unwrap();
        }
        let seen =
            Partial { engine: "knowledge".into(), turn, asked: 1, text: "within seven".into(), interrupted: true };
        let decision = talk.take_over(world.owner, false, world.clock.now()).unwrap().interrupting(Some(seen));
        let next = world.store.commit(decision).await.unwrap();
        let page = world.store.page(world.tenant, id, Log::Public, PageRange::After(0), 10).await.unwrap();
        let by_engine: Vec<_> =
            page.entries.iter().filter(|e| e.draft.author == Author::Engine("knowledge".into())).collect();
        assert_eq!((by_engine.len(), page.entries.len(), next.head), (1, 3, 3), "{whole_first}");
        let interrupted = matches!(by_engine[0].draft.content, Content::Answer { interrupted: true, .. });
        assert_eq!((by_engine[0].seq, interrupted), (2, !whole_first));
    }
}

pub(super) async fn an_engine_of_an_older_epoch_cannot_write(world: World) {
    let id = world.fresh();
    let mut ask = world.asks(id, "q1", "a question");
    ask.first.as_mut().unwrap().owner = Owner::Engine("knowledge".into());
    world.store.append(ask).await.unwrap();
    let before = world.header(id).await;
    let answer = |client_id: &str| {
        let mut append = world.answers(id, Log::Public, client_id);
        append.draft.author = Author::Engine("knowledge".into());
        append.draft.content = Content::Answer {
            text: "七天".into(),
            sources: vec![],
            turn: TurnId(id.0),
            asked: 1,
            interrupted: false,
            offers_human: false,
        };
        append.owner_epoch = Some(before.epoch);
        append
    };
    let answered = world.store.append(answer("turn-1")).await.unwrap();
    assert_eq!(answered.entry.draft.content.text(), "七天");
    world.store.commit(before.take_over(world.owner, false, world.clock.now()).unwrap()).await.unwrap();
    let late = world.store.append(answer("turn-2")).await;
    assert!(matches!(late, Err(AppendError::Refused(AppendRefusal::StaleOwner))), "{late:?}");
    // What was written before stays acknowledged.
    assert!(world.store.append(answer("turn-1")).await.unwrap().duplicate);
}

pub(super) async fn the_queue_is_first_come_first_served(world: World) {
    let mut talks = Vec::new();
    for _ in 0..4 {
        talks.push(world.begun().await);
        world.clock.advance(10);
    }
    let waiting = world.store.list(world.tenant, View::Queue, 10, 0).await.unwrap();
    assert_eq!(waiting.iter().map(|c| c.id).collect::<Vec<_>>(), talks.iter().map(|c| c.id).collect::<Vec<_>>());
    for (n, talk) in talks.iter().enumerate() {
        let position = world.store.queue_position(world.tenant, talk.id).await.unwrap();
        assert_eq!(position, Some(n as u64 + 1));
    }
    assert_eq!(world.store.tenants_waiting().await.unwrap(), [world.tenant]);
    assert_eq!(world.store.waiting().await.unwrap(), 4);
    world.store.commit(talks[0].accept(world.owner, world.clock.now()).unwrap()).await.unwrap();
    assert_eq!(world.store.queue_position(world.tenant, talks[0].id).await.unwrap(), None);
    assert_eq!(world.store.queue_position(world.tenant, talks[1].id).await.unwrap(), Some(1));
    let counts = world.store.counts(world.tenant, world.owner).await.unwrap();
    assert_eq!((counts.mine, counts.queue, counts.bot, counts.all), (1, 3, 0, 4));
}

pub(super) async fn places_are_counted_so_far_and_no_further(world: World) {
    let mut talks = Vec::new();
    for _ in 0..u64::from(MOST_PLACES) + 3 {
        talks.push(world.begun().await);
        world.clock.advance(1);
    }
    let most = u64::from(MOST_PLACES);
    for (n, place) in [(0, 1), (MOST_PLACES - 1, most), (MOST_PLACES, most + 1), (MOST_PLACES + 2, most + 1)] {
        let position = world.store.queue_position(world.tenant, talks[n as usize].id).await.unwrap();
        assert_eq!(position, Some(place));
    }
}

pub(super) async fn what_is_sent_after_a_transfer_shows_the_new_owner(world: World) {
    let now = world.clock.now();
    let talk = world.begun().await;
    let colleague = super::tenants::join(&world, world.tenant, "ann@shop.example", macaw_domain::Role::Agent).await;
    let talk = world.store.commit(talk.accept(world.owner, now).unwrap()).await.unwrap();
    world.store.commit(talk.transfer(world.owner, false, Some(colleague), now).unwrap()).await.unwrap();
    world.store.append(world.asks(talk.id, "after", "who are you?")).await.unwrap();
    let header = world.header(talk.id).await;
    assert_eq!(header.owner, Owner::Agent(colleague));
    let list = |agent| world.store.list(world.tenant, View::Mine(agent), 9, 0);
    assert_eq!(list(colleague).await.unwrap(), [header]);
    assert!(list(world.owner).await.unwrap().is_empty());
    let former = world.store.append(world.answers(talk.id, Log::Public, "late")).await;
    assert!(matches!(former, Err(AppendError::Refused(AppendRefusal::NotOwner))));
}

pub(super) async fn a_second_message_in_the_queue_adds_no_second_notice(world: World) {
    let id = world.fresh();
    let mut ask = world.asks(id, "q1", "a question");
    ask.first.as_mut().unwrap().owner = Owner::Engine("knowledge".into());
    world.store.append(ask).await.unwrap();
    let now = world.clock.now();
    world.store.commit(world.header(id).await.hand_over(now).unwrap()).await.unwrap();
    for n in 0..3 {
        world.store.append(world.asks(id, &format!("more{n}"), "hello?")).await.unwrap();
    }
    let page = world.store.page(world.tenant, id, Log::Public, crate::PageRange::After(0), 50).await.unwrap();
    let notices = page.entries.iter().filter(|entry| matches!(entry.draft.content, Content::Event(_)));
    assert_eq!((page.entries.len(), notices.count()), (5, 1));
}
