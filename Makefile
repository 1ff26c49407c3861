# Everything that a fresh machine needs: `make run`, `make test`.

SWIFT ?= swift
BUILD := .build/debug

.PHONY: run test lint format bench docs build headers

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

# Warnings are errors where nobody watches.
test: headers
	$(SWIFT) build --build-tests $(if $(CI),-Xswiftc -warnings-as-errors)
	$(SWIFT) test --skip-build --disable-xctest $(if $(CI),-Xswiftc -warnings-as-errors)
	$(BUILD)/faregate check flows Sources/FaregateStripe/lifecycles
	scripts/check-links.sh $(BUILD)/faregate

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Plugins

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Plugins

bench: headers
	$(MAKE) -C Benchmarks

docs: build
	@mkdir -p docs/flows docs/findings schemas
	@$(BUILD)/faregate explain --write docs/findings
	@$(BUILD)/faregate schema --write schemas
	@echo "diagrams of all flows:"
	@for flow in flows/*.yaml; do \
	  $(BUILD)/faregate diagram $$flow --output docs/flows/$$(basename $$flow .yaml).mmd && echo "  docs/flows/$$(basename $$flow .yaml).mmd"; done

headers:
	@scripts/install-headers.sh
