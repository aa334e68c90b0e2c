//! `crash`: the server is killed with -9 again and again while people write, read and send again.

use crate::BenchArgs;
use crate::report::outcome::Outcome;
use crate::rng::Rng;
use crate::scenario::asking::{Asking, unanswered};
use crate::scenario::client::{Http, Proof, Visitor};
use crate::scenario::survivor::{Client, World, live};
use crate::target::{Server, binary};
use crate::truth::checker::{Logs, check};
use crate::truth::history::{History, Seen};
use crate::truth::verdict::Verdict;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::block_in_place;
use tokio::time::{Instant, sleep, timeout};

const VISITORS: usize = 8;
/// Conversations that an agent answers; its capacity is 5.
const ANSWERED: usize = 3;
/// How long the server lives, in milliseconds after it was ready.
const LIFE_MS: std::ops::Range<u64> = 60..320;
/// Visitors who ask the knowledge base, one question after the other. Each begins a kill later than the one before:
/// who was cut in the middle of an answer may wait for minutes, and others are to be cut after that.
const ASKERS: usize = 24;
/// Between an answer and the next question.
const THINKS: Duration = Duration::from_millis(20);
const SETTLE: Duration = Duration::from_secs(8);

pub(crate) fn run(args: &BenchArgs) -> Result<Outcome> {
    let binary = binary(args)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(kill_and_check(args, &binary))
}

async fn kill_and_check(args: &BenchArgs, binary: &Path) -> Result<Outcome> {
    let dir = tempfile::tempdir()?;
    let (history, http) = (Arc::new(History::new()), Arc::new(Http::new()?));
    let mut server = block_in_place(|| Server::start(binary, dir.path(), true))?;
    let ready = server.ready.clone();
    let login = ready.login.context("a first start gives a login")?;
    let cookie = http.sign_in(&ready.url, &login).await?;
    let people = http.site_of_people(&ready.url, &cookie).await?;
    let mut visitors = Vec::new();
    for n in 0..VISITORS + ASKERS {
        let site = if n < VISITORS { &people } else { &ready.site };
        visitors.push(http.visitor(&ready.url, site).await?);
    }
    let (talkers, askers) = visitors.split_at(VISITORS);
    for (n, visitor) in talkers.iter().enumerate() {
        http.send(&ready.url, &visitor.token, "first", "first").await?;
        if n < ANSWERED {
            http.take_over(&ready.url, &cookie, &visitor.conversation).await?;
        }
    }
    let asking = Arc::new(Asking {
        questions: http.questions(&ready.url, &cookie).await?,
        cookie: cookie.clone(),
        http: http.clone(),
        in_mid_answer: AtomicU64::new(0),
    });
    let (world, seen) = watch::channel(World { url: ready.url, writing: true, ending: false, kills: 0 });
    let mut tasks = tokio::task::JoinSet::new();
    for client in clients(args, talkers, &cookie).into_iter().chain(who_ask(args, askers, &asking)) {
        tasks.spawn(live(client, seen.clone(), history.clone(), http.clone()));
    }

    let mut rng = Rng::new(args.seed);
    let since = Instant::now();
    let mut slowest_start_ms = server.ready_ms;
    for kill in 1..=args.kills {
        let life = rng.between(LIFE_MS.start, LIFE_MS.end);
        sleep(Duration::from_millis(life)).await;
        block_in_place(|| drop(server));
        server =
            block_in_place(|| Server::start(binary, dir.path(), true)).with_context(|| format!("after kill {kill}"))?;
        slowest_start_ms = slowest_start_ms.max(server.ready_ms);
        world.send_modify(|world| {
            world.url.clone_from(&server.ready.url);
            world.kills = kill;
        });
        if kill % 20 == 0 {
            eprintln!("crash: {kill} of {} kills", args.kills);
        }
    }
    let seconds = since.elapsed().as_secs_f64();
    world.send_modify(|world| world.writing = false);
    // Writers get their last acks, readers their last entries; then everybody goes.
    let askers = askers.iter().map(|visitor| visitor.conversation.clone()).collect();
    let patience = SETTLE + Duration::from_secs(args.patience);
    let logs = settle(&http, &server.ready.url, &visitors, &history, (&askers, patience)).await?;
    world.send_modify(|world| world.ending = true);
    while let Some(done) = tasks.join_next().await {
        done?;
    }
    drop(server);
    Ok(history.with(|records| {
        let acked = records.sent.values().filter(|sent| !sent.acks.is_empty()).count();
        let acks: usize = records.sent.values().map(|sent| sent.acks.len()).sum();
        let mut verdict = Verdict {
            acked: acked as u64,
            unacknowledged: (records.sent.len() - acked) as u64,
            checked: logs.values().map(Vec::len).sum::<usize>() as u64,
            delivered: records.watched.iter().map(|watched| watched.entries.len()).sum::<usize>() as u64,
            ..Verdict::default()
        };
        verdict.count(&check(records, &logs));
        let waiting = unanswered(&logs, &askers);
        if args.patience > 0 {
            verdict.count(&waiting);
        }
        let result = json!({
            "seed": args.seed, "kills": args.kills, "connections": 2 * VISITORS + ASKERS,
            "still_waiting": waiting.len(), "cut_in_mid_answer": asking.in_mid_answer.load(Ordering::Relaxed),
            "answers": logs.values().flatten().filter(|entry| entry.from == "engine").count(),
            "messages_per_second": (acked as f64 / seconds).round(), "sent": records.sent.len(),
            "acked_again": acks - acked, "slowest_start_ms": slowest_start_ms,
        });
        Outcome::single(result, verdict)
    }))
}

/// A writer and a reader in each conversation, and an agent who answers some.
fn clients(args: &BenchArgs, visitors: &[Visitor], cookie: &str) -> Vec<Client> {
    let writers = (VISITORS + ANSWERED) as u64;
    let every = Duration::from_micros(1_000_000 * writers / args.rate.max(1));
    let never = Duration::ZERO;
    let mut clients = Vec::new();
    for (n, visitor) in visitors.iter().enumerate() {
        let client = |name: &str, proof, from, every, token| Client {
            name: format!("{name} {n}"),
            conversation: visitor.conversation.clone(),
            proof,
            from,
            every,
            seed: args.seed * 1_000 + n as u64,
            token,
            asking: None,
            begins: 0,
        };
        let token = visitor.token.clone();
        clients.push(client("visitor", Proof::Visitor(token.clone()), "visitor", every, Some(token)));
        let answers = if n < ANSWERED { every } else { never };
        clients.push(client("agent", Proof::Agent(cookie.to_owned()), "agent", answers, None));
    }
    clients
}

/// Those who ask.
fn who_ask(args: &BenchArgs, askers: &[Visitor], asking: &Arc<Asking>) -> Vec<Client> {
    let client = |(n, visitor): (usize, &Visitor)| Client {
        name: format!("asker {n}"),
        conversation: visitor.conversation.clone(),
        proof: Proof::Visitor(visitor.token.clone()),
        from: "visitor",
        every: THINKS,
        seed: args.seed * 1_000 + 100 + n as u64,
        token: None,
        asking: Some(asking.clone()),
        begins: u32::try_from(n).unwrap_or(0),
    };
    askers.iter().enumerate().map(client).collect()
}

/// The final logs, once two reads in a row agree and nothing sent is unacknowledged any more.
async fn settle(
    http: &Http,
    url: &str,
    visitors: &[Visitor],
    history: &History,
    (askers, patience): (&BTreeSet<String>, Duration),
) -> Result<Logs> {
    let since = Instant::now();
    let mut before = Logs::new();
    loop {
        sleep(Duration::from_millis(500)).await;
        let mut logs = Logs::new();
        for visitor in visitors {
            let entries = timeout(SETTLE, http.read_all(url, &visitor.token)).await??;
            let entries =
                entries.iter().map(Seen::parse).collect::<Option<_>>().context("an entry without its fields")?;
            logs.insert(visitor.conversation.clone(), entries);
        }
        let open = history.with(|records| records.sent.values().filter(|sent| sent.acks.is_empty()).count());
        let answered = unanswered(&logs, askers).is_empty();
        let quiet = logs == before && open == 0;
        if (quiet && (answered || patience == SETTLE)) || since.elapsed() > patience {
            return Ok(logs);
        }
        before = logs;
    }
}
