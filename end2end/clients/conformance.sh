#!/bin/bash
# The OCI's own judge of registries, with every API and every kind of data that it knows. Nothing may fail and
# nothing may be skipped. Needs Go and its module proxy; where they are not to be had, it says so and passes.

set -euo pipefail
cd "$(dirname "$0")"
source lib/registry.sh
source lib/go_tool.sh

# The development state of the specification (github.com/opencontainers/distribution-spec, main).
VERSION=v0.0.0-20260831232431-97274622c111
go_tool "the OCI conformance suite was" github.com/opencontainers/distribution-spec/conformance "$VERSION"

export HUMPBACK_SPARSE=true HUMPBACK_ANONYMOUS_DELETE=true
start_registry

# It ends well on a configuration that it does not understand, so its results are read and not its exit status.
mkdir "$WORK/results"
(cd "$WORK/results" &&
  OCI_REGISTRY=$REGISTRY OCI_TLS=disabled OCI_VERSION=dev OCI_DATA_SPARSE=true OCI_RESULTS_DIR=. \
    OCI_REPO1=conformance/one OCI_REPO2=conformance/two timeout 300 "$GO_TOOL" >"$WORK/conformance.log" 2>&1) || true
[ -s "$WORK/results/junit.xml" ] || fail "the suite left no results"

suite=$(grep -m 1 '<testsuite ' "$WORK/results/junit.xml")
# An attribute that is not there stands for none.
count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p; t; s/.*/0/p" <<<"$suite"; }
grep -E ': (FAIL|Skip|Error)$' "$WORK/conformance.log" || true
say "$(count tests) tests, $(count failures) failed, $(count errors) in error, $(count skipped) skipped"
[ "$(count tests)" -ge 800 ] || fail "the suite ran fewer tests than it has"
[ "$(count failures) $(count errors) $(count skipped)" = "0 0 0" ] || fail "the registry does not conform"
