//! Files of a conversation: what is known of one, and what its name may be.
//!
//! A name is only shown and offered for saving; nothing is found by it. It is cleaned all the same,
//! because the person who saves the file runs a system that acts on names.

use crate::FileId;

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 120;
/// A longer last part is no extension that anybody knows.
const MAX_EXTENSION_CHARS: usize = 16;
/// For names of which nothing is left.
const UNNAMED: &str = "file";

/// Kinds that browsers show as pictures, and that were decoded and written anew here.
const IMAGES: [(&str, &[&str]); 2] = [("image/jpeg", &["jpg", "jpeg"]), ("image/png", &["png"])];
/// What a picture may have been called before it was written anew.
const IMAGE_EXTENSIONS: [&str; 5] = ["jpg", "jpeg", "png", "webp", "gif"];

/// Extensions that a system runs when somebody opens the file, whatever is in it.
const PROGRAMS: &[&str] = &[
    "app", "appimage", "appx", "bat", "bash", "cmd", "com", "command", "cpl", "deb", "desktop", "dll", "dmg", "exe",
    "gadget", "hta", "inf", "jar", "js", "jse", "jnlp", "lnk", "mjs", "msc", "msi", "msix", "msp", "pif", "pkg", "ps1",
    "psm1", "py", "pyw", "reg", "rpm", "run", "scf", "scr", "sct", "sh", "url", "vb", "vbe", "vbs", "ws", "wsc", "wsf",
    "wsh", "xll",
];

/// What is known of a file that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id; it is found by this and by nothing else.
    pub id: FileId,
    /// What it is called, cleaned.
    pub name: String,
    /// Its length in bytes, as it is served.
    pub size: u64,
    /// Its media type, by its content.
    pub kind: String,
    /// Width and height of a picture, in pixels.
    pub pixels: Option<(u32, u32)>,
}

impl File {
    /// Whether clients can show it as a picture; it has a thumbnail then.
    pub fn is_image(&self) -> bool {
        self.pixels.is_some()
    }
}

/// A name that is safe to show and to save: no folder, no control, format or direction character,
/// nothing that a system forbids, at most [`MAX_NAME_CHARS`]; the extension survives a cut.
/// Never empty.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !is_invisible(*c)).map(plain).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    // Leading dots hide a file, trailing dots and blanks vanish on some systems and uncover another extension.
    let kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let kept = shorten(kept);
    if kept.is_empty() { UNNAMED.to_owned() } else { kept }
}

/// Whether opening a file of this (cleaned) name would run it.
pub fn is_program(name: &str) -> bool {
    extension(name).is_some_and(|(_, extension)| PROGRAMS.contains(&extension.to_lowercase().as_str()))
}

/// The (cleaned) name with the extension of the kind that a picture was written anew as.
pub fn named_after(name: &str, kind: &str) -> String {
    let Some((_, fitting)) = IMAGES.iter().find(|(image, _)| *image == kind) else { return name.to_owned() };
    let (stem, has) = match extension(name) {
        Some((stem, extension)) => (stem, extension.to_lowercase()),
        None => (name, String::new()),
    };
    if fitting.contains(&has.as_str()) {
        return name.to_owned();
    }
    let stem = if IMAGE_EXTENSIONS.contains(&has.as_str()) { stem } else { name };
    let extension = fitting.first().copied().unwrap_or_default();
    let room = MAX_NAME_CHARS - extension.len() - 1;
    let stem: String = stem.chars().take(room).collect();
    format!("{}.{extension}", stem.trim_end_matches(['.', ' ']))
}

/// Stem and extension.
fn extension(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('.').filter(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
}

/// Control, format, direction and private characters, and line separators: they are not seen, or
/// they move what is seen.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}'
            | '\u{e000}'..='\u{f8ff}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// What some system keeps for itself becomes an underscore.
fn plain(c: char) -> char {
    match c {
        ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c => c,
    }
}

fn shorten(name: &str) -> String {
    if name.chars().count() <= MAX_NAME_CHARS {
        return name.to_owned();
    }
    let known = extension(name).filter(|(_, extension)| extension.chars().count() <= MAX_EXTENSION_CHARS);
    let (stem, extension) = known.unwrap_or((name, ""));
    let room = MAX_NAME_CHARS - extension.chars().count() - usize::from(!extension.is_empty());
    let stem: String = stem.chars().take(room).collect();
    let stem = stem.trim_end_matches(['.', ' ']);
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lose_what_misleads() {
        for (given, clean) in [
            ("发票 2026.pdf", "发票 2026.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\photo.png", "photo.png"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("a\r\nb\0.txt", "ab.txt"),
            (".htaccess", "htaccess"),
            ("evil.exe. . ", "evil.exe"),
            ("a.txt:evil.exe", "a.txt_evil.exe"),
            ("  a   b .txt", "a b .txt"),
            ("\"<script>\".html", "__script__.html"),
            ("", "file"),
            ("../..", "file"),
            ("\u{200b}\u{feff}", "file"),
            ("🦜.png", "🦜.png"),
        ] {
            assert_eq!(clean_name(given), clean, "{given:?}");
        }
        let long = clean_name(&format!("{}.pdf", "长".repeat(500)));
        assert_eq!((long.chars().count(), long.ends_with("长.pdf")), (MAX_NAME_CHARS, true));
    }

    #[test]
    fn the_last_extension_says_what_would_run() {
        for runs in ["a.exe", "photo.jpg.JS", "x.Ps1", &clean_name("photo\u{202e}gpj.exe"), &clean_name("a.bat .")] {
            assert!(is_program(runs), "{runs}");
        }
        for rests in ["a.txt", "exe", "a.exe.txt", "x.docx", "page.html", "发票.pdf"] {
            assert!(!is_program(rests), "{rests}");
        }
    }

    #[test]
    fn a_picture_is_called_what_it_is() {
        for (given, kind, named) in [
            ("a.jpg", "image/jpeg", "a.jpg"),
            ("A.JPEG", "image/jpeg", "A.JPEG"),
            ("a.webp", "image/jpeg", "a.jpg"),
            ("a.jpg.html", "image/jpeg", "a.jpg.html.jpg"),
            ("截图", "image/png", "截图.png"),
            ("a.png", "application/pdf", "a.png"),
        ] {
            assert_eq!(named_after(given, kind), named);
        }
    }

    proptest! {
        #[test]
        fn a_clean_name_is_short_visible_and_stays_clean(name in "\\PC{0,200}|.{0,300}|[./\\\\ \u{202e}\u{200b}a]{0,40}") {
            let clean = clean_name(&name);
            prop_assert!((1..=MAX_NAME_CHARS).contains(&clean.chars().count()));
            prop_assert!(!clean.chars().any(|c| is_invisible(c) || "/\\:*?\"<>|".contains(c)));
            prop_assert!(!clean.starts_with('.') && !clean.ends_with(['.', ' ']));
            prop_assert_eq!(&clean_name(&clean), &clean);
            for kind in ["image/jpeg", "image/png"] {
                let named = named_after(&clean, kind);
                prop_assert_eq!(&clean_name(&named), &named);
                prop_assert_eq!(&named_after(&named, kind), &named);
                prop_assert!(!is_program(&named));
            }
        }
    }
}
