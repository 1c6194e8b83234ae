# shellcheck shell=bash
# Makes an image in an OCI layout by hand, from nothing: there is no registry to pull one from. To be sourced.

# put_blob <layout>: stores the standard input; prints "<digest> <size>".
put_blob() {
  local temporary digest
  temporary=$(mktemp "$1/blob.XXXXXX")
  cat >"$temporary"
  digest=$(sha256sum "$temporary" | cut -d ' ' -f 1)
  mkdir -p "$1/blobs/sha256"
  stat --format "sha256:$digest %s" "$temporary"
  mv "$temporary" "$1/blobs/sha256/$digest"
}

# put_image <layout> <architecture> <layers>: an image with that many layers; prints "<digest> <size>".
put_image() {
  local layout=$1 architecture=$2 count=$3 number folder plain digest size layers='[]' diffs='[]' config
  for ((number = 1; number <= count; number++)); do
    folder=$(mktemp -d "$layout/layer.XXXXXX")
    echo "layer $number for $architecture" >"$folder/file-$number"
    head -c $((number * 300000)) /dev/urandom >"$folder/data-$number"
    tar -C "$folder" --sort=name --owner=0 --group=0 -cf "$folder.tar" .
    plain=$(sha256sum "$folder.tar" | cut -d ' ' -f 1)
    read -r digest size < <(gzip --no-name --stdout "$folder.tar" | put_blob "$layout")
    rm -r "$folder" "$folder.tar"
    layers=$(jq --compact-output --arg digest "$digest" --argjson size "$size" \
      '. + [{mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: $digest, size: $size}]' <<<"$layers")
    diffs=$(jq --compact-output --arg diff "sha256:$plain" '. + [$diff]' <<<"$diffs")
  done
  # With a history: without one, skopeo does not convert to schema 1.
  config=$(jq --null-input --compact-output --arg architecture "$architecture" --argjson diffs "$diffs" \
    '{architecture: $architecture, os: "linux", created: "2026-01-02T03:04:05Z", config: {Cmd: ["/none"]},
      rootfs: {type: "layers", diff_ids: $diffs},
      history: [range($diffs | length) | {created: "2026-01-02T03:04:05Z", created_by: "COPY layer \(. + 1)"}]}')
  read -r digest size < <(put_blob "$layout" <<<"$config")
  jq --null-input --compact-output --arg digest "$digest" --argjson size "$size" --argjson layers "$layers" \
    '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $digest, size: $size},
      layers: $layers}' | put_blob "$layout"
}

# make_layout <layout>: an image for two platforms, tagged `multi`, and one for amd64 alone, tagged `single`.
make_layout() {
  local layout=$1 amd amd_size arm arm_size index index_size
  mkdir -p "$layout"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
  read -r amd amd_size < <(put_image "$layout" amd64 3)
  read -r arm arm_size < <(put_image "$layout" arm64 2)
  read -r index index_size < <(jq --null-input --compact-output \
    --arg amd "$amd" --argjson amd_size "$amd_size" --arg arm "$arm" --argjson arm_size "$arm_size" \
    'def one($digest; $size; $architecture):
       {mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $digest, size: $size,
        platform: {os: "linux", architecture: $architecture}};
     {schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [one($amd; $amd_size; "amd64"), one($arm; $arm_size; "arm64")]}' | put_blob "$layout")
  jq --null-input --arg amd "$amd" --argjson amd_size "$amd_size" \
    --arg index "$index" --argjson index_size "$index_size" \
    'def name($tag): {"org.opencontainers.image.ref.name": $tag};
     {schemaVersion: 2, manifests: [
       {mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $amd, size: $amd_size,
        annotations: name("single")},
       {mediaType: "application/vnd.oci.image.index.v1+json", digest: $index, size: $index_size,
        annotations: name("multi")}]}' >"$layout/index.json"
}
