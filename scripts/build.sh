#!/usr/bin/env bash
# The front ends, then the binary with them inside.
source "$(dirname "$0")/lib.sh"
need_build_tools
bash scripts/web.sh
cargo build --release --locked -p macaw-server >&2
say "built $(binary)"
