# The commands of README. CI runs `make test` and then the lints (.ci/run).

CARGO ?= cargo
FEATURES = cli fast-crypto http pcsc photo postgres server simulator sqlite

.PHONY: bench bench-card demo fuzz test test-long lint fmt

# The whole story without reader or network. A development build: the crates whose speed is felt are optimised in it
# (Cargo.toml), and a release build with LTO would let a first visitor wait several times as long.
demo:
	@scripts/setup build
	$(CARGO) run -- demo $(ARGS)

# Everything with the default features, the core alone, and each feature by itself.
test:
	@scripts/setup test
	$(CARGO) test
	$(CARGO) test --no-default-features
	@for feature in $(FEATURES); do \
		echo "$(CARGO) check --no-default-features --features $$feature"; \
		$(CARGO) check --quiet --no-default-features --features $$feature || exit 1; \
	done

# As `test`, with the tests that walk everything where `test` walks a sample.
test-long:
	HONNIN_TEST_LONG=1 $(MAKE) test

lint:
	$(CARGO) fmt --check
	$(CARGO) fmt --check --manifest-path benches/Cargo.toml
	$(CARGO) fmt --check --manifest-path fuzz/Cargo.toml
	$(CARGO) clippy --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps

fmt:
	$(CARGO) fmt
	$(CARGO) fmt --manifest-path benches/Cargo.toml
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml

# Every parser against libFuzzer, FUZZ_SECONDS each (300); fuzz/README.md tells the rest.
fuzz:
	@scripts/fuzz $(TARGETS)

# Ratios in one run on this machine, against other libraries (benches/); builds with optimisation first.
bench:
	@scripts/setup bench
	$(CARGO) bench --manifest-path benches/Cargo.toml --target-dir target/benches
	$(CARGO) bench --bench upgrade
	$(CARGO) bench --bench recheck

# The card's commands beside OpenSC's tools and myna-card, over a pcscd of its own and a simulated card.
bench-card:
	@scripts/setup test
	$(CARGO) bench --bench card
