//! Embeds the front ends again when they were built again, and packs them once for all readers.

mod pack;

use sha2::{Digest, Sha256};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../../web/dist");
    println!("cargo:rerun-if-changed=pack.rs");
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let mut list = String::new();
    pack_all(Path::new("../../web/dist"), out, &mut list)?;
    fs::write(out.join("packed.rs"), format!("&[\n{list}]\n"))?;
    Ok(())
}

/// A file is named by the hash of what it unpacks to, so that one never stands for another.
fn pack_all(folder: &Path, out: &Path, list: &mut String) -> Result<(), Box<dyn Error>> {
    // Without front ends there is nothing to pack.
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            pack_all(&path, out, list)?;
            continue;
        }
        let bytes = fs::read(&path)?;
        let Some(packed) = pack::packed(&bytes) else { continue };
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        let name = hash.iter().fold(String::new(), |name, byte| name + &format!("{byte:02x}"));
        let file = out.join(format!("{name}.gz"));
        fs::write(&file, packed)?;
        writeln!(list, "    ({hash:?}, include_bytes!({:?}).as_slice()),", file.display().to_string())?;
    }
    Ok(())
}
