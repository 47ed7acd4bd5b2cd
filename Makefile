# Every target does one job and installs what it needs; the scripts say how.

BIN := target/release/stockade

.PHONY: build demo test test-browser test-cgroups check bench eval fuzz deny clean

build: ## the release binary, at $(BIN)
	scripts/build.sh

demo: build ## a real build and test inside, refused attempts, the journal
	scripts/demo.sh $(BIN)

test: ## all tests
	scripts/test-needs.sh
	cargo test --target "$$(scripts/target.sh)"

test-browser: ## what needs a browser, half a gigabyte to install
	scripts/test-needs.sh browser
	cargo test --test compat -- --ignored browser

test-cgroups: build ## limits of a run as a whole, and launches on a second kernel, in a virtual machine (qemu)
	scripts/try-cgroups.sh $(BIN)

check: ## format, lints, documentation, the law of the house
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items
	cargo test --test architecture

bench: build ## launch against bare and bubblewrap, held calls, reads, then the classifier
	scripts/bench-launch.sh $(BIN)
	scripts/bench-calls.sh $(BIN)
	scripts/bench-reads.sh $(BIN)
	cargo bench

eval: build ## the labelled commands, where they are
	scripts/eval.py $(BIN)

fuzz: ## each fuzz target for a minute (scripts/fuzz.sh SECONDS TARGET... for others)
	scripts/fuzz.sh 60

deny: ## licences, bans and sources of every dependency
	scripts/deny.sh

clean:
	cargo clean
