//! What a file is, by its content. What the sender says about it is not asked.

/// Served as this, nothing is shown or run by a browser.
pub(super) const UNKNOWN: &str = "application/octet-stream";
/// Content that is looked at. Enough for every signature that is known here.
pub(super) const HEAD_BYTES: usize = 8 * 1024;
/// Pictures that are decoded and written anew.
pub(super) const IMAGES: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const SCRIPT: &str = "text/x-shellscript";
/// Kinds that are made of readable characters; any other signature in a readable text is chance.
const READABLE: [&str; 5] = ["application/pdf", "application/rtf", "application/postscript", "text/html", "text/xml"];
/// Names that make some program read a text as markup.
const MARKUP_EXTENSIONS: [&str; 10] =
    [".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml", ".svg", ".svgz", ".xml", ".xsl"];
const MARKUP: [&str; 6] = ["<html", "<script", "<svg", "<iframe", "<body", "<!doctype"];

/// The media type of content that begins with `head`, of a file with this clean name.
///
/// Markup (HTML, SVG, XML) is [`UNKNOWN`]: as such it may be sent and saved, and runs nowhere.
pub(super) fn kind_of(head: &[u8], name: &str) -> &'static str {
    let found = infer::get(head).map(|kind| kind.mime_type());
    if let Some(text) = readable(head) {
        if text.starts_with("#!") {
            return SCRIPT;
        }
        return match found.filter(|found| READABLE.contains(found)) {
            Some("text/html" | "text/xml") => UNKNOWN,
            Some(found) => found,
            None if is_markup(text, name) => UNKNOWN,
            None => "text/plain",
        };
    }
    match found {
        Some("text/html" | "text/xml") | None => UNKNOWN,
        Some(found) => found,
    }
}

/// The head as text, if it is one: UTF-8 without control characters; a character may be cut at the end.
fn readable(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
        Err(_) => return None,
    };
    let plain = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    (!text.is_empty() && text.chars().all(plain)).then(|| text.trim_start_matches('\u{feff}').trim_start())
}

fn is_markup(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    text.starts_with('<')
        || MARKUP.iter().any(|tag| text.contains(tag))
        || MARKUP_EXTENSIONS.iter().any(|extension| name.ends_with(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides_and_markup_is_never_a_type() {
        let elf = [&b"\x7fELF\x02\x01\x01\0"[..], &[0; 64]].concat();
        let cases: [(&[u8], &str, &str); 17] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.html", "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a.exe", "image/jpeg"),
            (b"GIF89a\x01\0\x01\0\x80\0\0", "a.jar", "image/gif"),
            (b"%PDF-1.7\n", "a.png", "application/pdf"),
            (b"PK\x03\x04\x14\0\0\0", "a.docx", "application/zip"),
            (b"MZ\x90\0\x03\0\0\0", "a.txt", "application/vnd.microsoft.portable-executable"),
            (&elf, "a", "application/x-executable"),
            (b"#!/bin/sh\nrm -rf /\n", "a.txt", SCRIPT),
            (b"<!DOCTYPE html><p>hi", "a.txt", UNKNOWN),
            (b"\xef\xbb\xbf  <svg xmlns='x' onload='alert(1)'>", "a.png", UNKNOWN),
            (b"<?xml version='1.0'?><x/>", "a", UNKNOWN),
            (b"hello <script>alert(1)</script>", "a.txt", UNKNOWN),
            (b"plain words", "page.html", UNKNOWN),
            ("订单号 12345".as_bytes(), "a.txt", "text/plain"),
            (b"BMW and MZ are only letters", "a.txt", "text/plain"),
            (b"GIF89a/*=1;alert(1)//*/", "a.gif", "text/plain"),
            (b"\xd6\xd0\xce\xc4", "gbk.txt", UNKNOWN),
        ];
        for (head, name, kind) in cases {
            assert_eq!(kind_of(head, name), kind, "{name} {:?}", String::from_utf8_lossy(head));
        }
        let mut cut = "退".repeat(HEAD_BYTES).into_bytes();
        cut.truncate(HEAD_BYTES);
        assert_eq!(kind_of(&cut, "a"), "text/plain", "a character cut in two at the end of the head");
    }
}
