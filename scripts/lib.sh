# Shared by the scripts beside it; source it, do not run it. Leaves you in the root of the repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Progress goes to standard error, so that a caller may read standard output.
say() { printf '%s\n' "$*" >&2; }
stop() { say "error: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    stop "this needs root: $* (run it yourself, or install sudo)"
  fi
}

is_debian() { has apt-get && [ -e /etc/debian_version ]; }

# Debian packages into a download folder of our own: the machine's cache may be full, shared or cleaned meanwhile.
apt_install() {
  local archives
  archives=$(mktemp -d)
  chmod 755 "$archives"
  mkdir -p "$archives/partial"
  say "installing with apt: $*"
  as_root apt-get -q update >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
    -o "Dir::Cache::archives=$archives" install "$@" >&2
  as_root rm -rf "$archives"
}

# need COMMAND DEBIAN_PACKAGES HINT: is there, or gets installed on Debian, or stops with the hint.
need() {
  if has "$1"; then return; fi
  # Words are split on purpose: a command may need more than one package.
  # shellcheck disable=SC2086
  if is_debian && [ -n "$2" ]; then apt_install $2; fi
  has "$1" || stop "$1 is missing. $3"
}

# version_at_least WANTED HAVE
version_at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# What it takes to build. Debian's own Node and Rust are too old, so those two are only asked for.
need_build_tools() {
  case "$(uname -s)" in
    Linux | Darwin) ;;
    *) stop "Macaw is built on Linux and macOS; on Windows use WSL 2 or a container" ;;
  esac
  need git git "Install git."
  need cc "gcc libc6-dev" "Install a C compiler (macOS: xcode-select --install; Fedora: dnf install gcc)."
  need cargo "" "Install Rust with rustup (https://rustup.rs)."
  local rust node
  rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  version_at_least "$rust" "$(rustc --version | cut -d ' ' -f 2)" || stop "Rust $rust or newer is needed: rustup update"
  need node "" "Install Node.js 20.19 or newer (https://nodejs.org)."
  need npm "" "Install npm; it comes with Node.js."
  node=$(node --version)
  version_at_least 20.19 "${node#v}" || stop "Node.js 20.19 or newer is needed, this is $node"
}

# Where cargo puts things; CARGO_TARGET_DIR and cargo's own settings are respected.
target_dir() {
  cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

binary() { printf '%s/release/macaw\n' "$(target_dir)"; }
