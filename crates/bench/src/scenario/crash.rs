//! `crash`: the server is killed with -9 again and again while people write, read and send again.

use crate::BenchArgs;
use crate::report::outcome::Outcome;
use crate::rng::Rng;
use crate::scenario::asking::{Asked, Asking, unanswered};
use crate::scenario::client::{Http, Proof, Socket, Visitor};
use crate::target::{Server, binary};
use crate::truth::checker::{Logs, check};
use crate::truth::history::{History, Key, Seen, Watched};
use crate::truth::verdict::Verdict;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::block_in_place;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

const VISITORS: usize = 8;
/// Conversations that an agent answers; its capacity is 5.
const ANSWERED: usize = 3;
/// How long the server lives, in milliseconds after it was ready.
const LIFE_MS: std::ops::Range<u64> = 60..320;
/// Sent and not yet acknowledged, per writer; beyond it a writer waits, as a client would.
const IN_FLIGHT: usize = 32;
/// Visitors who ask the knowledge base, one question after the other. Each begins a kill later than the one before:
/// who was cut in the middle of an answer may wait for minutes, and others are to be cut after that.
const ASKERS: usize = 24;
/// Between an answer and the next question.
const THINKS: Duration = Duration::from_millis(20);
const SETTLE: Duration = Duration::from_secs(8);

/// What all clients know: where the server is, and whether the end has come.
#[derive(Clone, Default)]
struct World {
    url: String,
    writing: bool,
    ending: bool,
    kills: u32,
}

struct Client {
    name: String,
    conversation: String,
    proof: Proof,
    from: &'static str,
    every: Duration,
    seed: u64,
    /// The visitor's token, to send some of the duplicates over HTTP.
    token: Option<String>,
    /// Of a visitor who asks the knowledge base.
    asking: Option<Arc<Asking>>,
    /// After so many kills.
    begins: u32,
}

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

/// A client's whole life: it comes back after each kill and goes on where it was.
async fn live(client: Client, mut world: watch::Receiver<World>, history: Arc<History>, http: Arc<Http>) {
    let mut state = State { rng: Rng::new(client.seed), ..State::default() };
    loop {
        let now = world.borrow_and_update().clone();
        if now.ending {
            return;
        }
        if now.kills < client.begins {
            let _ = world.changed().await;
            continue;
        }
        // An error is a kill, or the end; either way the next round tells.
        let _ = talk(&client, &mut state, &now.url, &mut world, &history, &http).await;
        if let Some(asking) = &client.asking {
            asking.cut(&mut state.asked);
        }
        let entries = std::mem::take(&mut state.entries);
        if !entries.is_empty() {
            history.watched(Watched {
                reader: client.name.clone(),
                conversation: client.conversation.clone(),
                entries,
            });
        }
        sleep(Duration::from_millis(3)).await;
    }
}

struct State {
    rng: Rng,
    next: u64,
    unacked: VecDeque<(String, String)>,
    position: u64,
    entries: Vec<Seen>,
    asked: Asked,
}

impl State {
    /// A writer waits beyond so many in flight, one who asks for the answer.
    fn may_write(&self) -> bool {
        self.unacked.len() < IN_FLIGHT && !self.asked.waits
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            rng: Rng::new(0),
            next: 0,
            unacked: VecDeque::new(),
            position: 0,
            entries: Vec::new(),
            asked: Asked::default(),
        }
    }
}

async fn talk(
    client: &Client,
    state: &mut State,
    url: &str,
    world: &mut watch::Receiver<World>,
    history: &Arc<History>,
    http: &Arc<Http>,
) -> Result<()> {
    let mut socket = Socket::open(url, &client.proof).await?;
    socket.send(&json!({ "op": "watch", "conversation": client.conversation, "after": state.position })).await?;
    for (client_id, text) in &state.unacked {
        socket.send(&send_frame(client, client_id, text)).await?;
    }
    let mut writes = !client.every.is_zero() && world.borrow().writing;
    let mut ticks = interval(if writes { client.every } else { Duration::from_secs(3_600) });
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            frame = socket.next() => read(client, state, &frame?, history)?,
            _ = ticks.tick(), if writes && state.may_write() => {
                if let Some(asking) = client.asking.as_ref().filter(|_| state.asked.handed_over) {
                    asking.give_back(url, &client.conversation).await?;
                    state.asked.handed_over = false;
                    continue;
                }
                state.next += 1;
                let client_id = format!("{}-{}", client.from, state.next);
                let text = match &client.asking {
                    Some(asking) => asking.question(state.rng.next()),
                    None => format!("{client_id} 你好 🦜 {}", state.rng.next()),
                };
                state.asked.waits = client.asking.is_some();
                history.sending(&key(client, &client_id), &text);
                let frame = send_frame(client, &client_id, &text);
                state.unacked.push_back((client_id.clone(), text.clone()));
                if state.rng.percent(5) {
                    again_over_http(client, url, &client_id, &text, history, http);
                }
                socket.send(&frame).await?;
                if state.rng.percent(5) {
                    socket.send(&frame).await?;
                }
            }
            changed = world.changed() => {
                changed?;
                let now = world.borrow_and_update().clone();
                writes &= now.writing;
                if now.ending || now.url != url {
                    return Ok(());
                }
            }
        }
    }
}

/// The same message a second time, at the same moment, on another connection.
fn again_over_http(client: &Client, url: &str, client_id: &str, text: &str, history: &Arc<History>, http: &Arc<Http>) {
    let Some(token) = client.token.clone() else { return };
    let (key, url, text) = (key(client, client_id), url.to_owned(), text.to_owned());
    let (history, http) = (history.clone(), http.clone());
    tokio::spawn(async move {
        if let Ok(seq) = http.send(&url, &token, &key.client_id, &text).await {
            history.acked(&key, seq);
        }
    });
}

fn read(client: &Client, state: &mut State, frame: &Value, history: &History) -> Result<()> {
    let text = |name: &str| frame.get(name).and_then(Value::as_str);
    if client.asking.is_some() {
        state.asked.hears(frame);
    }
    match text("t") {
        Some("ack") => {
            let client_id = text("client_id").context("an ack without client_id")?;
            let seq = frame.get("seq").and_then(Value::as_u64).context("an ack without seq")?;
            history.acked(&key(client, client_id), seq);
            state.unacked.retain(|(id, _)| id != client_id);
        }
        Some("entry") if text("log") == Some("public") && text("conversation") == Some(&client.conversation) => {
            let seen = frame.get("entry").and_then(Seen::parse).with_context(|| format!("an entry: {frame}"))?;
            state.position = state.position.max(seen.seq);
            state.entries.push(seen);
        }
        Some("watched") => {
            let first = frame.get("first").and_then(Value::as_u64).context("watched without first")?;
            let head = frame.get("head").and_then(Value::as_u64).context("watched without head")?;
            let expected = head.min(state.entries.first().map_or(head + 1, |entry| entry.seq));
            anyhow::ensure!(first == head + 1 || first <= expected, "watched.first {first} does not fit what came");
        }
        Some("error") => eprintln!("{}: refused: {frame}", client.name),
        Some("resync") => anyhow::bail!("asked to forget {frame}"),
        _ => {}
    }
    Ok(())
}

fn key(client: &Client, client_id: &str) -> Key {
    Key { conversation: client.conversation.clone(), from: client.from, client_id: client_id.to_owned() }
}

fn send_frame(client: &Client, client_id: &str, text: &str) -> Value {
    json!({ "op": "send", "conversation": client.conversation, "client_id": client_id, "text": text })
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
