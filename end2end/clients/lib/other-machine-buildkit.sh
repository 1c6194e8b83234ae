# shellcheck shell=bash
# buildkitd on the other machine: run inside of the network namespace. TRUST and REFUSAL come from outside.

# shellcheck source=machine.sh
source lib/machine.sh
if [ "$TRUST" = ca ]; then authority; fi

SOCKET=unix://$WORK/buildkitd.sock
cat >"$WORK/bin/unit-buildkit" <<'END'
#!/bin/bash
set -u
if [ "$1" != start ] && [ -e "$WORK/buildkitd.pid" ]; then
  pid=$(cat "$WORK/buildkitd.pid")
  kill "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  rm -f "$WORK/buildkitd.pid"
fi
[ "$1" != stop ] || exit 0
"$BUILDKITD" --addr "unix://$WORK/buildkitd.sock" --root "$WORK/buildkit" --oci-worker-snapshotter native \
  --oci-worker-net host --containerd-worker=false >>"$WORK/buildkitd.log" 2>&1 &
echo $! >"$WORK/buildkitd.pid"
for _ in $(seq 300); do
  "$BUILDCTL" --addr "unix://$WORK/buildkitd.sock" debug workers >/dev/null 2>&1 && exit 0
  kill -0 "$(cat "$WORK/buildkitd.pid")" 2>/dev/null || exit 1
  sleep 0.1
done
exit 1
END
chmod +x "$WORK/bin/unit-buildkit"

mkdir -p "$WORK/context"
printf 'FROM %s\nCOPY Dockerfile /Dockerfile\n' "$IMAGE" >"$WORK/context/Dockerfile"
# build <name>: from an image of the registry, into the registry.
build() {
  "$BUILDCTL" --addr "$SOCKET" build --progress plain --frontend dockerfile.v0 --no-cache \
    --local context="$WORK/context" --local dockerfile="$WORK/context" --output "type=image,name=$REGISTRY/team/$1:1.0,push=true"
}

rm -rf /etc/buildkit/*
systemctl start buildkit || fail "buildkitd does not start"
refused build refused
script buildkit any
build built >"$WORK/build.out" 2>&1 || fail "the build says: $(tail -n 20 "$WORK/build.out")"
curl -fsS "${CURL_OPTIONS[@]}" -o /dev/null -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
  -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' -H 'Accept: application/vnd.oci.image.index.v1+json' \
  "$CONSOLE/v2/team/built/manifests/1.0" || fail "what was built is not there"
