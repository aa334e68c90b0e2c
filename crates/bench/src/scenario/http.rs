//! `http`: pages, scripts and reads over HTTP/1.1, on connections that stay open.

use crate::args::BenchArgs;
use crate::clock::now_us;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::net::api::{Api, bearer};
use crate::net::plain::Plain;
use crate::report::outcome::{Outcome, fields_of, rounded};
use crate::report::plot::{NINES, Plot};
use crate::scenario::chat::middle;
use crate::scenario::floor::Floor;
use crate::scenario::measure::Measure;
use crate::schedule::Schedule;
use crate::target::Target;
use crate::truth::ledger::{Talk, judge_all};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

/// Connections, each with a thread that waits for its answers.
const THREADS: usize = 16;

/// A kind of request: path and headers.
type Request = (String, String);

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let mut fleet = Fleet::start(&target, args.connections, open_files)?;
    fleet.order(|_| Order::Hold)?;
    let mut api = Api::new(target.address);
    let mut talk = Talk::new(api.visitor(&target.site)?);
    for _ in 0..20 {
        let (client_id, text) = talk.sending(now_us(), now_us());
        let seq = api.send(&talk.visitor, &client_id, &text)?;
        talk.acked(&client_id, now_us(), seq);
    }
    let wanted = [
        ("/healthz".to_owned(), String::new()),
        ("/widget.js".to_owned(), String::new()),
        (format!("/api/v1/visitor/site/{}", target.site), String::new()),
        (format!("/chat/{}", target.site), String::new()),
        ("/api/v1/visitor/messages?after=0".to_owned(), bearer(&talk.visitor)),
    ];
    let mut plain = Plain::new(target.address);
    let mut requests = Vec::new();
    for (path, headers) in wanted {
        match plain.ask("GET", &path, &headers, "")?.status {
            // Built without the front ends.
            404 => eprintln!("bench: this server has no {path}; left out"),
            _ => requests.push((path, headers)),
        }
    }
    let (mut outcome, mut all) = (Outcome::default(), Measure::default());
    let (mut per_cpu, mut statuses) = (Vec::new(), BTreeMap::<u16, u64>::new());
    ask(&target, &requests, args.rate, args.warm_up.max(1))?;
    for _ in 0..args.repeats {
        let cpu = target.cpu_seconds();
        let (measure, seen) = ask(&target, &requests, args.rate, args.seconds)?;
        let cpu = target.cpu_seconds() - cpu;
        let repeat = measure.repeats.first().context("one repeat")?;
        per_cpu.push(repeat.acks as f64 / cpu.max(0.01));
        let mut fields = repeat.ack.fields();
        fields.extend(fields_of(json!({
            "messages_per_second": rounded(repeat.acks as f64 / repeat.seconds()), "server_cpu_seconds": rounded(cpu),
            "requests_per_cpu_second": rounded(repeat.acks as f64 / cpu.max(0.01)), "late": repeat.late,
        })));
        outcome.repeats.push(fields);
        seen.into_iter().for_each(|(status, count)| *statuses.entry(status).or_default() += count);
        all.repeats.extend(measure.repeats);
    }
    ensure!(statuses.keys().all(|status| *status == 200), "not all requests succeeded: {statuses:?}");
    outcome.verdict = judge_all([&talk], &mut api)?;
    let mut plot = Plot::new("From due to the whole answer", NINES, "µs", true);
    for (n, repeat) in all.repeats.iter().enumerate() {
        let points = repeat.ack.curve().into_iter().map(|(q, us)| (q, us as f64));
        plot = plot.line(format!("repeat {}", n + 1), points);
    }
    outcome.plots = vec![plot];
    outcome.floor_ratio = middle(per_cpu).zip(floor).map(|(rate, floor)| rate / floor.echoes_per_cpu_second.max(1.0));
    Ok(outcome)
}

/// All threads ask on one schedule, shared out among them; answers and how many had which status.
fn ask(target: &Target, requests: &[Request], rate: u64, seconds: u64) -> Result<(Measure, BTreeMap<u16, u64>)> {
    let start = now_us() + 100_000;
    let end = start + seconds * 1_000_000;
    let share = |thread: usize| (rate + thread as u64) / THREADS as u64;
    let one = |thread: usize| -> Result<(Measure, BTreeMap<u16, u64>)> {
        let mut plain = Plain::new(target.address);
        let (mut measure, mut statuses) = (Measure::new(start, end - start, 1), BTreeMap::new());
        if share(thread) == 0 {
            return Ok((measure, statuses));
        }
        // Shifted, so that not all threads ask at the same moment.
        let shift = 1_000_000 / rate.max(1) * thread as u64 % 1_000_000;
        let mut schedule = Schedule::new(start + shift, end, share(thread));
        while let Some(next) = schedule.next_due() {
            sleep(Duration::from_micros(next.saturating_sub(now_us())));
            let Some((n, due)) = schedule.due(now_us()) else { continue };
            measure.sent(due, now_us());
            let at = usize::try_from(n).unwrap_or(0) + thread;
            let (path, headers) = &requests[at % requests.len()];
            let answer = plain.ask("GET", path, headers, "")?;
            measure.acked(due, now_us());
            *statuses.entry(answer.status).or_default() += 1;
        }
        Ok((measure, statuses))
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let one = &one;
                scope.spawn(move || one(thread))
            })
            .collect();
        let (mut measure, mut statuses) = (Measure::new(start, end - start, 1), BTreeMap::new());
        for thread in threads {
            let (part, seen) = thread.join().map_err(|_| anyhow::anyhow!("a thread died"))??;
            measure.add(&part);
            seen.into_iter().for_each(|(status, count)| *statuses.entry(status).or_default() += count);
        }
        Ok((measure, statuses))
    })
}
