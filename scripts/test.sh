#!/usr/bin/env bash
# Every check, the cheap ones first. Stops at the first step that fails and names it.
source "$(dirname "$0")/lib.sh"

summary=()

# step NAME COMMAND…: prints a heading and the seconds, and ends the run with the step's name when it fails.
step() {
  local name=$1 begin=$SECONDS code=0 took
  shift
  printf '\n==> %s\n' "$name"
  # Not `if "$@"`: that would switch `set -e` off inside the functions called here.
  set +e
  (set -e; "$@")
  code=$?
  set -e
  took=$((SECONDS - begin))
  if [ "$code" -ne 0 ]; then
    printf '\nFAILED: %s (exit code %s, after %s s)\n' "$name" "$code" "$took" >&2
    exit 1
  fi
  printf '<== %s: %s s\n' "$name" "$took"
  summary+=("$(printf '%6s s  %s' "$took" "$name")")
}

has_e2e() { [ -e e2e/package.json ]; }

tools() {
  need_build_tools
  # Debian keeps it where only root's path leads; the tests call it by name.
  PATH=$PATH:/usr/sbin need nginx nginx-light "Install nginx: tests put it in front of Macaw."
  # For the file system under SQLite that loses power; elsewhere the build of that test says what it misses.
  if is_debian && [ -z "${LIBCLANG_PATH:-}" ] && ! dpkg -s libclang-dev >/dev/null 2>&1; then apt_install libclang-dev; fi
  if has_e2e; then
    [ -n "${MACAW_CHROMIUM:-}" ] || need chromium "chromium fonts-noto-cjk" "Install Chromium, or name one in MACAW_CHROMIUM."
    # Without a font for Chinese the screenshots show boxes.
    if is_debian && ! dpkg -s fonts-noto-cjk >/dev/null 2>&1; then apt_install fonts-noto-cjk; fi
  fi
}

web() { (cd web && "$@"); }

# With a MariaDB beside them: without one the tests that need it say that they are skipped, and pass.
rust_tests() {
  export PATH=$PATH:/usr/sbin
  if has cargo-nextest; then
    bash scripts/mariadb.sh cargo nextest run --workspace --locked --no-fail-fast
  else
    bash scripts/mariadb.sh cargo test --workspace --locked --lib --bins --tests
  fi
}

# Apart from the others: it plants a fault and wants libclang. The whole workspace is named so that what was built for
# the other tests is used.
power_cut() {
  cargo clippy --locked -p macaw-store --features power-cut,mysql --test power_cut -- -D warnings
  if has cargo-nextest; then
    cargo nextest run --workspace --locked --features macaw-store/power-cut --test power_cut
  else
    cargo test --workspace --locked --features macaw-store/power-cut --test power_cut
  fi
}

# What is made from the code and committed. Only these: somebody may be in the middle of other changes.
made_from_the_code() {
  find docs/openapi.json docs/frames.json docs/authorisation.md crates/wire/transcripts crates/http/src/snapshots \
    crates/server/tests/it/snapshots web/client/src/generated \
    -type f -exec sha256sum {} + | sort -k 2
}

generated() {
  local before
  before=$(made_from_the_code)
  cargo xtask generate
  [ "$before" = "$(made_from_the_code)" ] || {
    git --no-pager diff --stat -- docs crates web/client/src/generated
    echo 'The generators change the work tree: commit what `cargo xtask generate` writes.' >&2
    return 1
  }
}

bench() {
  local macaw scratch code=0
  macaw=$(binary)
  scratch=$(mktemp -d)
  (cd "$scratch" && "$macaw" bench "$@") || code=$?
  rm -rf "$scratch"
  return "$code"
}

e2e() {
  export MACAW_BINARY MACAW_CHROMIUM PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
  MACAW_BINARY=$(binary)
  MACAW_CHROMIUM=${MACAW_CHROMIUM:-$(command -v chromium)}
  cd e2e
  npm ci --no-audit --no-fund
  npm test
}

step 'tools' tools
step 'rust: format' cargo fmt --all --check
step 'tidy: walls, sizes, words, map' cargo run -q --locked -p xtask -- tidy
step 'web: install' bash scripts/web.sh --install
step 'web: lint' web npm run lint
step 'web: types and tests' web npm test
step 'web: build and sizes' bash scripts/web.sh
step 'web: sizes' web npm run sizes
step 'model of sentences' bash scripts/model.sh
step 'rust: clippy' cargo clippy --workspace --all-targets --locked -- -D warnings
step 'rust: examples in the docs' cargo test --workspace --locked --doc -q
step 'rust: tests' rust_tests
step 'generators leave the work tree clean' generated
step 'rust: a loss of power' power_cut
step 'release binary' cargo build --release --locked -p macaw-server
# Small on purpose: they check the truth of what was seen, and what does not depend on the hour. docs/benchmarks.md
# has the figures of a quiet machine.
step 'bench: gate on bytes and processor time' bench gate --baseline "$PWD/crates/bench/baseline.json"
step 'bench: storm' bench storm --connections 500 --no-floor
step 'bench: slow readers' bench slow --connections 300 --rate 300 --seconds 2 --warm-up 1 --no-floor
step 'bench: answers' bench ai --connections 100 --rate 40 --seconds 4 --warm-up 0 --no-floor
step 'bench: http' bench http --connections 50 --rate 300 --seconds 3 --no-floor
step 'bench: soak' bench soak --connections 300 --rate 200 --seconds 4 --no-floor
step 'bench: crash, 200 kills' bench crash --kills 200 --rate 500
step 'bench: planted mutants' bash scripts/mutants.sh
if has_e2e; then step 'e2e: journeys in Chromium' e2e; fi

printf '\nAll steps passed in %s s\n' "$SECONDS"
printf '%s\n' "${summary[@]}"
