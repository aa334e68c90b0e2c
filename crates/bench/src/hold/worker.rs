//! The process behind `macaw bench worker`: a holder that takes orders on standard input.

use crate::hold::holder::Holder;
use crate::hold::orders::{Order, Plan, Report};
use crate::limits::raise_open_files;
use anyhow::{Context, Result};
use std::io::{BufRead, Write};
use std::sync::mpsc::{TryRecvError, sync_channel};
use std::time::Duration;

/// Runs until standard input ends, as it does when the parent dies.
pub(crate) fn run() -> Result<()> {
    raise_open_files()?;
    // The lock ends with this statement: a thread reads on.
    let first = std::io::stdin().lines().next().context("no plan")??;
    let plan: Plan = serde_json::from_str(&first)?;
    let mut holder = Holder::new(plan)?;
    let (sender, orders) = sync_channel::<String>(16);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    loop {
        match orders.try_recv() {
            Ok(line) => {
                let report = obey(&mut holder, serde_json::from_str(&line)?);
                say(&report.unwrap_or_else(|error| Report { error: Some(format!("{error:#}")), ..Report::default() }))?;
            }
            Err(TryRecvError::Empty) => holder.spin(Duration::from_millis(50))?,
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}

fn obey(holder: &mut Holder, order: Order) -> Result<Report> {
    let progress = |held| {
        // The parent may be gone; then the next read ends this process.
        let _ = say(&Report { progress: true, held, ..Report::default() });
    };
    match order {
        Order::Hold => holder.hold(progress)?,
        Order::Touch { rate } => holder.touch(rate)?,
        Order::Storm { unread } => holder.storm(unread, progress)?,
        Order::Churn { connections } => holder.churn(connections)?,
        Order::Count => {}
        Order::Judge => return holder.judge(),
    }
    Ok(holder.report())
}

fn say(report: &Report) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(report)?)?;
    Ok(out.flush()?)
}
