//! Packs a file of the front ends; shared by the build and its test.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// The file as gzip, if that is worth it: at least a tenth less.
pub(crate) fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len() / 10 * 9).then_some(packed)
}
