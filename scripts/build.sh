#!/usr/bin/env bash
# The front ends and the model of sentences, then the binary with them inside.
source "$(dirname "$0")/lib.sh"
need_build_tools
bash scripts/web.sh
bash scripts/model.sh || say "warning: built without the model of sentences; questions are compared by their words only"
cargo build --release --locked -p macaw-server >&2
say "built $(binary)"
