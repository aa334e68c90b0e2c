#!/usr/bin/env bash
# Runs the published set of benchmarks and writes docs/benchmarks.json, docs/benchmarks.html and the figures in
# docs/benchmarks.md. For a quiet machine: what ran beside others is marked, and decides nothing.
#
#   bash scripts/benchmarks.sh                 the whole set, about an hour
#   bash scripts/benchmarks.sh --quick         the same shape, small and short, a few minutes
#   bash scripts/benchmarks.sh --only NAME     one scenario; the others keep the results they have
#   bash scripts/benchmarks.sh --render        only the page and the figures, from docs/benchmarks.json
source "$(dirname "$0")/lib.sh"

quick='' only='' render=''
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=1 ;;
    --only) only=${2:?a scenario}; shift ;;
    --render) render=1 ;;
    *) stop "unknown option $1; see the head of scripts/benchmarks.sh" ;;
  esac
  shift
done

macaw=$PWD/target/release/macaw
json=docs/benchmarks.json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
compare=()
if [ -z "$render" ]; then
  cargo build --release --locked -p macaw-server
  # Another build may replace it while this runs.
  cp "$macaw" "$scratch/macaw"
  macaw=$scratch/macaw
  if [ -e "$json" ]; then
    cp "$json" "$scratch/before.json"
    compare=(--compare "$scratch/before.json")
  fi
  [ -n "$only" ] || rm -f "$json"
fi
failed=0

# run SCENARIO OPTIONS…: one result more. What this machine cannot bear is named, and the set goes on.
run() {
  if [ -n "$only" ] && [ "$only" != "$1" ]; then return; fi
  say "==> macaw bench $*"
  if ! "$macaw" bench "$@" --keep "$json" >"$scratch/out"; then
    say "FAILED: macaw bench $*"
    failed=$((failed + 1))
  fi
}

whole_set() {
  run floor
  run idle --connections 10000 --seconds 60
  run idle --connections 50000 --seconds 60
  run idle --connections 100000 --seconds 60
  run chat --connections 50000 --active 1000 --rate 1000 --warm-up 5 --seconds 30 --repeats 5
  run chat --connections 50000 --active 1000 --rate 5000 --warm-up 5 --seconds 30 --repeats 5
  run durable --connections 2000 --active 1000 --rate 2000 --search --warm-up 5 --seconds 60
  run broadcast --connections 10000 --rate 4 --seconds 10 --repeats 5
  run storm --connections 10000 --repeats 5
  run slow --connections 10000 --active 500 --rate 2000 --warm-up 3 --seconds 20 --repeats 5
  run ai --connections 1000 --rate 400 --seconds 30
  run http --connections 1000 --rate 2000 --seconds 20 --repeats 5
  run soak --connections 10000 --active 500 --rate 1000 --seconds 600
  run crash --kills 2000 --rate 500 --patience 240
}

quick_set() {
  run floor
  run idle --connections 2000 --seconds 5
  run chat --connections 2000 --active 200 --rate 1000 --seconds 5 --repeats 3
  run durable --connections 300 --active 200 --rate 1000 --search --seconds 5
  run broadcast --connections 1000 --rate 10 --seconds 3 --repeats 3
  run storm --connections 2000 --repeats 3
  run slow --connections 2000 --rate 1000 --seconds 5 --repeats 3
  run ai --connections 300 --rate 100 --seconds 5
  run http --connections 200 --rate 1000 --seconds 5 --repeats 3
  run soak --connections 1000 --rate 500 --seconds 20
  run crash --kills 20 --rate 500
}

if [ -z "$render" ]; then
  if [ -n "$quick" ]; then quick_set; else whole_set; fi
fi

"$macaw" bench page --results "$json" --page docs/benchmarks.html "${compare[@]}" >"$scratch/table"
{
  sed '/<!-- figures -->/q' docs/benchmarks.md
  cat "$scratch/table"
  sed -n '/<!-- end of the figures -->/,$p' docs/benchmarks.md
} >"$scratch/md"
mv "$scratch/md" docs/benchmarks.md
say "docs/benchmarks.json, docs/benchmarks.html and docs/benchmarks.md are written; $failed failed"
[ "$failed" -eq 0 ]
