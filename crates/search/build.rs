//! Embeds the model of sentences where `scripts/model.sh` has put one. Without it the crate builds all the same and
//! compares words only.

fn main() {
    // Read now and not when this was compiled: a build directory may have served another working copy before.
    let folder = format!("{}/../../models", std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed={folder}");
    println!("cargo:rustc-check-cfg=cfg(sentences)");
    let model = format!("{folder}/sentences.safetensors");
    if std::path::Path::new(&model).exists() {
        println!("cargo:rustc-cfg=sentences");
        println!("cargo:rustc-env=MACAW_SENTENCES={model}");
    }
}
