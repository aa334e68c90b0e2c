#!/usr/bin/env bash
# Proves the checker: each fault planted on purpose must be found by `macaw bench crash`.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build -q --locked -p macaw-server --features mutants
built=${CARGO_TARGET_DIR:-target}/debug/macaw
# Another build may replace it while this runs.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$built" "$scratch/macaw"
# A kill leaves what was written to the system: sync_off is for crates/store/tests/power_cut, which finds it.
mutants=$(grep -rhoE 'planted\("[a-z_]+"\)' crates/*/src | sed -E 's/.*"(.*)".*/\1/' | grep -vx sync_off | sort -u)
found=0 missed=0
"$scratch/macaw" bench crash --kills 8 --rate 600 --seed 11 >/dev/null || { echo 'a clean run was reported as broken' >&2; exit 1; }
for mutant in $mutants; do
  if MACAW_MUTANT=$mutant "$scratch/macaw" bench crash --kills 8 --rate 600 --seed 11 >"$scratch/out" 2>&1; then
    echo "MISSED  $mutant"
    missed=$((missed + 1))
  elif grep -qE 'VIOLATION|truth was broken' "$scratch/out"; then
    echo "caught  $mutant: $(grep -m1 -oE 'VIOLATION [A-Za-z]+' "$scratch/out" || echo unacknowledged)"
    found=$((found + 1))
  else
    echo "BROKEN  $mutant did not run:"
    tail -n 5 "$scratch/out"
    missed=$((missed + 1))
  fi
done
echo "$found mutants caught, $missed missed"
[ "$missed" -eq 0 ] && [ "$found" -ge 10 ]
