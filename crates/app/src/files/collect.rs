//! Collecting what nobody will ever see: files that no message sent, bytes that no row knows.

use super::{FileError, Files};
use macaw_domain::{FileId, Millis};
use std::time::Duration;

/// An upload that was not sent for this long never will be.
const UNSENT_MS: Millis = 24 * 3_600 * 1_000;
/// Files in one slice.
const SLICE: u32 = 64;
/// Between two slices, so that chat goes first.
const PAUSE: Duration = Duration::from_millis(20);
/// Between two rounds over what was not sent.
const ROUND: Duration = Duration::from_secs(15 * 60);
/// Rounds between two looks at all bytes.
const ROUNDS_PER_SWEEP: u32 = 24;

impl Files {
    /// Collects until it is dropped.
    pub async fn run(&self) {
        let mut ticks = tokio::time::interval(ROUND);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for round in (0..ROUNDS_PER_SWEEP).cycle() {
            ticks.tick().await;
            let collected = async {
                let unsent = self.collect_unsent().await?;
                let unknown = if round == 0 { self.collect_unknown().await? } else { 0 };
                Ok::<_, FileError>((unsent, unknown))
            };
            match collected.await {
                Ok((0, 0)) => {}
                Ok((unsent, unknown)) => tracing::info!(unsent, unknown, "files that nobody can see were removed"),
                Err(error) => tracing::warn!(%error, "files could not be collected; the next round tries again"),
            }
        }
    }

    /// Removes files that were uploaded a day ago and never sent. Gives how many.
    pub async fn collect_unsent(&self) -> Result<u64, FileError> {
        let before = self.clock.now() - UNSENT_MS;
        let mut removed = 0;
        loop {
            // The row goes first: bytes without a row are found by the other half.
            let gone = self.store.take_unsent_files(before, SLICE).await?;
            for (tenant, id) in &gone {
                self.blob.delete(*tenant, *id).await?;
            }
            removed += gone.len() as u64;
            if gone.len() < SLICE as usize {
                return Ok(removed);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Removes bytes that are a day old and have no row. Gives of how many files.
    pub async fn collect_unknown(&self) -> Result<u64, FileError> {
        let before = self.clock.now() - UNSENT_MS;
        let (mut from, mut removed) = (None, 0);
        loop {
            let slice = self.blob.slice(from).await?;
            for (tenant, id) in slice.files {
                // The row of a younger one may be on its way.
                if made_at(id) < before && self.store.file(tenant, id).await?.is_none() {
                    self.blob.delete(tenant, id).await?;
                    removed += 1;
                }
            }
            from = slice.next;
            if from.is_none() {
                return Ok(removed);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// When an id was made: a UUIDv7 begins with it.
fn made_at(id: FileId) -> Millis {
    let millis = id.0.as_u128() >> 80;
    Millis::try_from(millis).unwrap_or(Millis::MAX)
}
