# Everything that a fresh machine needs: `make run`, `make test`.

SWIFT ?= swift
BUILD := .build/debug

.PHONY: run test test-peers test-examples install lint format bench docs build headers fuzz fuzz-short

run: build
	@$(BUILD)/faregate run flows/setup-then-charge.yaml
	@echo
	@$(BUILD)/faregate run flows/direct-redirect.yaml
	@echo
	@$(BUILD)/faregate run flows/detach.yaml
	@echo
	@$(BUILD)/faregate test flows

build: headers
	@echo "building faregate ..."
	@$(SWIFT) build --product faregate --quiet || $(SWIFT) build --product faregate

# The program alone, optimized, where a shell finds it. On Linux it holds Swift's libraries: it runs where Swift is not.
PREFIX ?= /usr/local
STATIC := $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)

install: headers
	@echo "building an optimized faregate, which takes some minutes ..."
	@$(SWIFT) build -c release $(STATIC) --scratch-path .build-install --product faregate
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	@install -s -m 755 .build-install/release/faregate "$(DESTDIR)$(PREFIX)/bin/faregate"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/faregate"

# Warnings are errors where nobody watches.
test: headers
	$(SWIFT) build --build-tests $(if $(CI),-Xswiftc -warnings-as-errors)
	$(SWIFT) test --skip-build --disable-xctest $(if $(CI),-Xswiftc -warnings-as-errors)
	$(BUILD)/faregate check flows Sources/FaregateStripe/lifecycles
	scripts/check-links.sh $(BUILD)/faregate

# The mock against clients of others: the official SDK, pytest, a browser. Needs PyPI once.
test-peers: build
	scripts/test-peers.sh

# The examples that are packages of their own.
test-examples: headers
	$(SWIFT) test --package-path examples/contract-test-swift --scratch-path .build-examples --disable-xctest

lint: build
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Plugins Benchmarks Fuzz
	$(BUILD)/faregate fmt --check flows

format: build
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Plugins Benchmarks Fuzz
	$(BUILD)/faregate fmt flows

bench: headers
	$(MAKE) -C Benchmarks

docs: build
	@mkdir -p docs/flows docs/findings schemas
	@$(BUILD)/faregate explain --write docs/findings
	@$(BUILD)/faregate schema --write schemas
	@echo "diagrams of all flows:"
	@for flow in flows/*.yaml; do \
	  $(BUILD)/faregate diagram $$flow --output docs/flows/$$(basename $$flow .yaml).mmd && echo "  docs/flows/$$(basename $$flow .yaml).mmd"; done

# Needs lld. What is found stays in .build-fuzz, beside the inputs that led there.
FUZZ_SECONDS ?= 3600
# Short inputs are many inputs.
FUZZ_LENGTH ?= 800

fuzz: headers
	@for name in FuzzYAML FuzzFlow FuzzCEL; do \
	  FAREGATE_FUZZ=1 $(SWIFT) build -c release --scratch-path .build-fuzz --product $$name || exit 1; \
	  mkdir -p .build-fuzz/inputs/$$name; \
	  seeds=; if [ $$name != FuzzCEL ]; then seeds="-dict=Fuzz/flow.dict Fuzz/seeds"; fi; \
	  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 .build-fuzz/release/$$name -max_total_time=$(FUZZ_SECONDS) -max_len=$(FUZZ_LENGTH) \
	    -timeout=10 -print_final_stats=1 -artifact_prefix=.build-fuzz/$$name- .build-fuzz/inputs/$$name $$seeds || exit 1; \
	done

fuzz-short:
	@$(MAKE) fuzz FUZZ_SECONDS=7

headers:
	@scripts/install-headers.sh
