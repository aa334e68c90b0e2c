//! Good pictures come out clean, bad ones come to nothing.

use super::*;
use image::{Rgb, RgbImage, Rgba, RgbaImage};

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]))
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.into().write_to(&mut Cursor::new(&mut bytes), format).expect("encodes");
    bytes
}

/// An EXIF block that says "turned by a quarter", with a place in it that must not survive.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(b"GPS 31.2304 121.4737");
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn metadata_is_applied_and_then_gone() {
    let jpeg = with_exif(&encoded(gradient(64, 32), ImageFormat::Jpeg));
    assert!(holds(&jpeg, b"GPS 31"));
    let picture = rewrite(&jpeg, "image/jpeg").expect("a good picture");
    assert_eq!((picture.kind, picture.pixels), ("image/jpeg", (32, 64)), "turned");
    for bytes in [&picture.bytes, &picture.thumb] {
        assert!(!holds(bytes, b"GPS") && !holds(bytes, b"Exif"));
    }
}

#[test]
fn what_hides_behind_a_picture_is_left_behind() {
    for (format, kind) in
        [(ImageFormat::Gif, "image/gif"), (ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg")]
    {
        let mut bytes = encoded(gradient(8, 8), format);
        bytes.extend(b"PK\x03\x04 a whole archive with Evil.class and <script>alert(1)</script>");
        let picture = rewrite(&bytes, kind).expect("the picture before it is good");
        assert!(!holds(&picture.bytes, b"PK\x03\x04") && !holds(&picture.bytes, b"<script>"), "{kind}");
    }
}

#[test]
fn large_pictures_shrink_and_small_ones_stay() {
    let large = rewrite(&encoded(gradient(5_000, 100), ImageFormat::Png), "image/png").expect("good");
    assert_eq!(large.pixels, (4_096, 82));
    let thumb = image::load_from_memory(&large.thumb).expect("a good thumbnail");
    assert_eq!(thumb.width(), 480);
    let small = rewrite(&encoded(gradient(3, 2), ImageFormat::Jpeg), "image/jpeg").expect("good");
    assert_eq!(small.pixels, (3, 2));
}

#[test]
fn see_through_pictures_stay_see_through() {
    let glass = RgbaImage::from_pixel(600, 20, Rgba([200, 0, 0, 90]));
    for (format, kind) in [(ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")] {
        let picture = rewrite(&encoded(glass.clone(), format), kind).expect("good");
        assert_eq!((picture.kind, thumb_kind(&picture.thumb)), ("image/png", "image/webp"));
        for bytes in [&picture.bytes, &picture.thumb] {
            let again = image::load_from_memory(bytes).expect("decodes").into_rgba8();
            assert_eq!(again.get_pixel(1, 1).0[3], 90);
        }
    }
    let opaque = RgbaImage::from_pixel(6, 6, Rgba([1, 2, 3, 255]));
    let picture = rewrite(&encoded(opaque, ImageFormat::WebP), "image/webp").expect("good");
    assert_eq!((picture.kind, thumb_kind(&picture.thumb)), ("image/jpeg", "image/jpeg"));
}

/// A PNG of a few bytes that says it has 65,000 × 65,000 pixels.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = encoded(gradient(1, 1), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&crc);
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    for (width, height) in [(65_000, 65_000), (29_000, 29_000), (u32::MAX / 4, 1)] {
        let refused = rewrite(&bomb(width, height), "image/png").err();
        assert_eq!(refused, Some(ImageRefusal::TooManyPixels), "{width} × {height}");
    }
}

#[test]
fn damaged_pictures_are_refused_or_whole_and_never_a_panic() {
    let kinds = [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::WebP, "image/webp"),
        (ImageFormat::Gif, "image/gif"),
    ];
    for (format, kind) in kinds {
        let good = encoded(gradient(40, 30), format);
        for cut in (0..good.len()).step_by(7) {
            if let Ok(picture) = rewrite(&good[..cut], kind) {
                assert_eq!(picture.pixels, (40, 30), "{kind} cut at {cut}");
            }
            let mut bent = good.clone();
            bent[cut] ^= 0x55;
            // Whatever comes of it, it comes back.
            let _ = rewrite(&bent, kind);
        }
        assert_eq!(rewrite(&good[..12], kind).err(), Some(ImageRefusal::Damaged), "{kind}");
        assert!(rewrite(b"", kind).is_err());
    }
}
