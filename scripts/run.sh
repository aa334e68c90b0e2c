#!/usr/bin/env bash
# Builds what is missing or stale and starts Macaw with a demo shop.
source "$(dirname "$0")/lib.sh"
bash scripts/build.sh
exec "$(binary)" serve --listen 127.0.0.1:8080 --data data --demo
