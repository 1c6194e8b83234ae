# shellcheck shell=bash
# Programs that are to be had as Go modules only: compiled once, kept under target/tools. To be sourced.

TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/target/tools

# skip <what was not run: why>: a machine without Go, or without its module proxy, passes and says so.
skip() {
  say "SKIPPED, $*"
  exit 0
}

# go_tool <what is skipped without it> <package> <version> [<seconds>]: sets GO_TOOL to the program's path.
go_tool() {
  local what=$1 package=$2 version=$3 patience=${4:-300} folder
  folder=$TOOLS/$version
  GO_TOOL=$folder/$(basename "$package")
  [ ! -x "$GO_TOOL" ] || return 0
  command -v go >/dev/null || skip "$what not run: there is no Go here"
  say "Compiling $(basename "$package") $version (once)"
  export GOBIN=$folder
  timeout "$patience" go install -ldflags='-s -w' "$package@$version" >"$WORK/go-install.log" 2>&1 ||
    in_own_module "$package" "$version" "$patience" >>"$WORK/go-install.log" 2>&1 || {
    tail -n 3 "$WORK/go-install.log"
    skip "$what not run: Go could not fetch or compile $package@$version"
  }
}

# in_own_module <package> <version> <seconds>: for programs whose modules say what Go accepts of a main module only.
in_own_module() (
  mkdir -p "$WORK/go"
  cd "$WORK/go" || exit
  rm -f go.mod go.sum
  export GOFLAGS=-mod=mod
  go mod init tools && go get "$1@$2" && timeout "$3" go install -ldflags='-s -w' "$1"
)
