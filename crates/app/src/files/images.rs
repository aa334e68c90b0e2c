//! Pictures, decoded and written anew: no metadata, no second file behind the first, bounded size.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The longer side of what is kept.
const MOST_PX: u32 = 4_096;
/// The longer side of a thumbnail.
const THUMB_PX: u32 = 480;
/// The largest picture that is decoded: 50 million pixels, as the cameras of phones make them.
const MOST_PIXELS: u64 = 50_000_000;
/// One side of the largest picture.
const MOST_SIDE: u32 = 30_000;
/// What decoding one may take, in bytes.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 85;
const THUMB_QUALITY: u8 = 78;

/// A picture as it is kept.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) pixels: (u32, u32),
    pub(super) thumb: Vec<u8>,
}

/// Why a picture is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageRefusal {
    /// Decoding it would take too much.
    #[error("the picture has too many pixels; at most 50 million are allowed")]
    TooManyPixels,
    /// It is not what its first bytes say.
    #[error("the picture is damaged or incomplete")]
    Damaged,
}

/// Decodes a picture of this kind and writes it anew, turned as its metadata says, and its
/// thumbnail. Of a moving picture the first frame is kept.
pub(super) fn rewrite(bytes: &[u8], kind: &str) -> Result<Picture, ImageRefusal> {
    let format = ImageFormat::from_mime_type(kind).ok_or(ImageRefusal::Damaged)?;
    let image = shrunk(decode(bytes, format)?, MOST_PX);
    let is_opaque = !image.color().has_alpha() || image.to_rgba8().pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let image = if is_opaque { DynamicImage::from(image.into_rgb8()) } else { DynamicImage::from(image.into_rgba8()) };
    let as_jpeg = is_opaque && matches!(format, ImageFormat::Jpeg | ImageFormat::WebP);
    let (kind, bytes) = if as_jpeg { ("image/jpeg", jpeg(&image, QUALITY)?) } else { ("image/png", png(&image)?) };
    let pixels = (image.width(), image.height());
    let small = if pixels.0.max(pixels.1) > THUMB_PX { image.thumbnail(THUMB_PX, THUMB_PX) } else { image };
    let thumb = if is_opaque { jpeg(&small, THUMB_QUALITY)? } else { webp(&small)? };
    Ok(Picture { kind, bytes, pixels, thumb })
}

/// The longer side of a site's logo.
const LOGO_PX: u32 = 192;

/// Decodes a logo and writes it anew, small: its media type and bytes.
pub(crate) fn logo(bytes: &[u8]) -> Result<(&'static str, Vec<u8>), ImageRefusal> {
    let kind = infer::get(bytes).map(|kind| kind.mime_type()).filter(|kind| super::sniff::IMAGES.contains(kind));
    let picture = rewrite(bytes, kind.ok_or(ImageRefusal::Damaged)?)?;
    let format = ImageFormat::from_mime_type(picture.kind).ok_or(ImageRefusal::Damaged)?;
    let image = decode(&picture.bytes, format)?;
    let small = if image.width().max(image.height()) > LOGO_PX { image.thumbnail(LOGO_PX, LOGO_PX) } else { image };
    let bytes = if picture.kind == "image/png" { png(&small)? } else { jpeg(&small, QUALITY)? };
    Ok((picture.kind, bytes))
}

/// The media type of a thumbnail, by what [`rewrite`] may have written.
pub(super) fn thumb_kind(head: &[u8]) -> &'static str {
    if head.starts_with(b"RIFF") { "image/webp" } else { "image/jpeg" }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, ImageRefusal> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(ImageRefusal::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(ImageRefusal::Damaged);
    }
    // Metadata that cannot be read turns nothing.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn refusal(error: ImageError) -> ImageRefusal {
    match error {
        ImageError::Limits(_) => ImageRefusal::TooManyPixels,
        _ => ImageRefusal::Damaged,
    }
}

fn shrunk(image: DynamicImage, most: u32) -> DynamicImage {
    if image.width().max(image.height()) <= most {
        return image;
    }
    image.resize(most, most, image::imageops::FilterType::Triangle)
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, ImageRefusal> {
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).map_err(refusal)?;
    Ok(bytes)
}

fn png(image: &DynamicImage) -> Result<Vec<u8>, ImageRefusal> {
    let mut bytes = Vec::new();
    image.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(refusal)?;
    Ok(bytes)
}

fn webp(image: &DynamicImage) -> Result<Vec<u8>, ImageRefusal> {
    let mut bytes = Vec::new();
    image.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).map_err(refusal)?;
    Ok(bytes)
}

#[cfg(test)]
#[path = "images_tests.rs"]
mod tests;
