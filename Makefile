# Each target is enough on a machine with Rust (rustup) and Node; what it lacks beyond is installed first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Where `make run` serves, and where it keeps its data.
ADDR ?= 0.0.0.0:5000
ROOT ?= ./data

BINARY := target/release/humpback-registry
SOURCES := $(shell find Cargo.toml Cargo.lock src app frontend server style public end2end/package.json -type f)

# cargo-leptos and the style check find npm's tools here.
export PATH := $(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

.PHONY: help
help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: build ## Build the release and serve it on port 5000 with the data in ./data
	REGISTRY_CONFIGURATION_PATH= exec $(BINARY) serve --addr $(ADDR) --root $(ROOT)

.PHONY: build
build: $(BINARY) ## Build the release: one file, target/release/humpback-registry

$(BINARY): $(SOURCES)
	.ci/install build
	.ci/build

.PHONY: image
image: build ## Build the container image humpback/humpback-registry
	server/packaging/image-root $(BINARY) target/image.tar
	docker build --tag humpback/humpback-registry .

.PHONY: check
check: ## The quick loop: format, lints, style sheets, layers, unit tests
	.ci/install check
	.ci/check

.PHONY: fuzz
fuzz: ## Feed each parser with a minute of what no client would send
	.ci/install check
	.ci/fuzz 60

.PHONY: test
test: check build ## Everything: checks, crash and bad-input tests, real clients, browser
	.ci/install test
	.ci/test

.PHONY: bench
bench: build ## Compare the release with Debian's docker-registry, the same work for both
	.ci/install bench
	cargo build --quiet --release --manifest-path end2end/bench/Cargo.toml --target-dir target/bench
	target/bench/release/registry-bench $(BENCH) $(BINARY) "$$(command -v docker-registry)"
