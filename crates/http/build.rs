//! Embeds the front ends again when they were built again.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
