//! Which crate may depend on which, and on which vendor.

use super::{Finding, Tree};
use toml::Table;

const PREFIX: &str = "macaw-";

/// The arrows of the design, with what follows from them. A crate that is not here has no place yet.
const MAY_DEPEND_ON: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("app", &["domain"]),
    ("wire", &["domain"]),
    ("gateway", &["app", "domain", "wire"]),
    ("http", &["app", "domain", "gateway", "wire"]),
    ("store", &["app", "domain"]),
    ("search", &["app", "domain"]),
    ("cluster", &["app", "domain"]),
    ("connectors", &["app", "domain"]),
    ("server", &["app", "bench", "cluster", "connectors", "domain", "gateway", "http", "search", "store", "wire"]),
    ("bench", &[]),
];

/// Crates whose tests keep the walls too: the rules must not need the rest, the judge must not know the judged.
const STRICT_IN_TESTS: [&str; 2] = ["domain", "bench"];

/// All that the rules may use: no async, no I/O, no serde, no clock.
const DOMAIN_MAY_USE: [&str; 2] = ["thiserror", "uuid"];

/// Libraries that speak to one product or one technique stay where it is promised.
const VENDORS: [(&str, &[&str]); 14] = [
    ("rusqlite", &["store"]),
    ("sqlx", &["store"]),
    ("libsqlite3-sys", &["store"]),
    ("mysql_async", &["store"]),
    ("redis", &["cluster"]),
    ("fred", &["cluster"]),
    ("etcd-client", &["cluster"]),
    ("tantivy", &["search"]),
    ("jieba-rs", &["search"]),
    ("clickhouse", &["connectors"]),
    ("reqwest", &["connectors", "bench"]),
    ("tokio-tungstenite", &["gateway", "bench"]),
    ("serde", &["wire", "http", "server", "bench", "connectors", "store", "cluster", "search"]),
    ("axum", &["gateway", "http", "server"]),
];

/// A dependency of a manifest, by the name of its package.
struct Dependency {
    package: String,
    in_tests: bool,
}

/// Crates of ours depend on each other only along the arrows.
pub(super) fn walls(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in tree.crates() {
        let path = manifest(name);
        let Some((_, allowed)) = MAY_DEPEND_ON.iter().find(|(known, _)| *known == name) else {
            findings.push(Finding::new(path, format!("crate {name} is not in tidy's table of walls; add its arrows")));
            continue;
        };
        for dependency in dependencies(tree, name, &mut findings) {
            let Some(other) = dependency.package.strip_prefix(PREFIX) else { continue };
            let excused = dependency.in_tests && !STRICT_IN_TESTS.contains(&name);
            if !allowed.contains(&other) && !excused {
                findings.push(Finding::new(&*path, format!("{name} may not depend on {other}")));
            }
        }
    }
    findings
}

/// Vendors stay behind their walls, and the domain uses next to nothing.
pub(super) fn vendors(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in tree.crates() {
        // What cannot be read is told by `walls`.
        for dependency in dependencies(tree, name, &mut Vec::new()).into_iter().filter(|d| !d.in_tests) {
            let package = dependency.package.as_str();
            let homes = VENDORS.iter().find(|(vendor, _)| *vendor == package).map(|(_, homes)| *homes);
            if homes.is_some_and(|homes| !homes.contains(&name)) {
                findings.push(Finding::new(manifest(name), format!("{package} does not belong in {name}")));
            }
            if name == "domain" && !DOMAIN_MAY_USE.contains(&package) && !package.starts_with(PREFIX) {
                findings.push(Finding::new(manifest(name), format!("domain may not use {package}")));
            }
        }
    }
    findings
}

fn manifest(name: &str) -> String {
    format!("crates/{name}/Cargo.toml")
}

fn dependencies(tree: &Tree, name: &str, findings: &mut Vec<Finding>) -> Vec<Dependency> {
    let path = manifest(name);
    let table = match tree.find(&path).unwrap_or_default().parse::<Table>() {
        Ok(table) => table,
        Err(error) => {
            findings.push(Finding::new(path, format!("is no TOML: {error}")));
            return Vec::new();
        }
    };
    let targets = table.get("target").and_then(|targets| targets.as_table()).into_iter().flatten();
    let sections = targets.filter_map(|(_, target)| target.as_table()).chain([&table]);
    sections.flat_map(in_section).collect()
}

fn in_section(section: &Table) -> Vec<Dependency> {
    let kinds = [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)];
    let mut found = Vec::new();
    for (kind, in_tests) in kinds {
        for (key, value) in section.get(kind).and_then(|kind| kind.as_table()).into_iter().flatten() {
            let renamed = value.get("package").and_then(|package| package.as_str());
            found.push(Dependency { package: renamed.unwrap_or(key).to_owned(), in_tests });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, manifest: &str) -> Tree {
        Tree::of(&[(&format!("crates/{name}/Cargo.toml"), manifest)])
    }

    fn words(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.words.as_str()).collect()
    }

    #[test]
    fn a_dependency_against_the_arrows_is_found() {
        let tree = one("domain", "[dependencies]\nmacaw-store.workspace = true\n");
        assert_eq!(words(&walls(&tree)), ["domain may not depend on store"]);
        let tree = one("wire", "[target.'cfg(unix)'.dependencies]\nmacaw-app = { path = \"../app\" }\n");
        assert_eq!(words(&walls(&tree)), ["wire may not depend on app"]);
    }

    #[test]
    fn a_renamed_dependency_does_not_slip_through() {
        let tree = one("http", "[dependencies]\nrows = { package = \"macaw-store\", path = \"../store\" }\n");
        assert_eq!(words(&walls(&tree)), ["http may not depend on store"]);
    }

    #[test]
    fn tests_may_look_over_the_wall_except_where_it_matters() {
        let manifest = "[dev-dependencies]\nmacaw-store.workspace = true\n";
        assert_eq!(walls(&one("gateway", manifest)), []);
        assert_eq!(words(&walls(&one("bench", manifest))), ["bench may not depend on store"]);
    }

    #[test]
    fn a_crate_without_a_place_and_a_broken_manifest_are_found() {
        assert_eq!(walls(&one("common", "")).len(), 1);
        assert!(walls(&one("app", "[dependencies")).first().is_some_and(|finding| finding.words.contains("no TOML")));
    }

    #[test]
    fn vendors_stay_behind_their_walls() {
        let tree = one("app", "[dependencies]\nrusqlite.workspace = true\n");
        assert_eq!(words(&vendors(&tree)), ["rusqlite does not belong in app"]);
        assert_eq!(vendors(&one("store", "[dependencies]\nrusqlite.workspace = true\n")), []);
        let tree = one("domain", "[dependencies]\nuuid = \"1\"\ntokio = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n");
        assert_eq!(words(&vendors(&tree)), ["domain may not use tokio"]);
    }
}
