# `make` lists what there is. The work is in scripts/, so that it can be read and called alone.
.DEFAULT_GOAL := help
.PHONY: help build run test web model fmt lint tidy clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the front ends and target/release/macaw
	@bash scripts/build.sh

run: ## build what is stale and start Macaw with demo data on 127.0.0.1:8080
	@bash scripts/run.sh

test: ## every check there is; installs what it needs on Debian
	@bash scripts/test.sh

web: ## only the front ends
	@bash scripts/web.sh

model: ## only the model of sentences that finds paraphrases in the knowledge
	@bash scripts/model.sh

fmt: ## format Rust and TypeScript
	cargo fmt --all
	cd web && npm run format

lint: ## the quick checks
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo run -q -p xtask -- tidy

tidy: ## the rules of the repository: walls, sizes, words, map
	cargo run -q -p xtask -- tidy

clean: ## remove what was built; data/ stays
	cargo clean
	rm -rf models/*.safetensors web/dist web/node_modules e2e/node_modules e2e/out
