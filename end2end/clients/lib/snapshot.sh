# shellcheck shell=bash
# Everything that a registry serves, in lines that can be compared. To be sourced; asks the registry at REGISTRY.

MANIFEST_TYPES=(
  application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.index.v1+json
  application/vnd.docker.distribution.manifest.v2+json application/vnd.docker.distribution.manifest.list.v2+json
  application/vnd.docker.distribution.manifest.v1+prettyjws
)

# served <path below /v2/> [curl's arguments...]: status, type, digest and content in one line; the content is left in
# $WORK/served.
served() {
  local path=$1 head
  shift
  head=$(curl --silent --show-error --output "$WORK/served" "$@" \
    --write-out '%{http_code} %{content_type} %header{docker-content-digest}' "http://$REGISTRY/v2/$path")
  case $head in
    # Signed anew each time; what is signed is the same.
    *prettyjws*) jq --compact-output --sort-keys 'del(.signatures)' "$WORK/served" >"$WORK/payload" ;;
    200*) cp "$WORK/served" "$WORK/payload" ;;
    *) head=${head%% *} && : >"$WORK/payload" ;;
  esac
  # Distribution names a blob that was asked for by its sha512 by its sha256.
  [[ $path != */blobs/sha512:* ]] || head=${head% *}
  echo "$path $head $(sha256sum <"$WORK/payload" | cut -d ' ' -f 1)"
}

served_manifest() {
  local accept
  accept=$(IFS=, && echo "${MANIFEST_TYPES[*]}")
  served "$1" --header "Accept: $accept"
}

# with_content <repository> <path>: a manifest and all that it names.
with_content() {
  local repository=$1 kind digest named
  served_manifest "$2"
  named=$(jq --raw-output '(.config, .layers[]?, .manifests[]?, .fsLayers[]?) | select(.) |
    (if (.mediaType // "") | test("manifest|index") then "manifests " else "blobs " end) + (.digest // .blobSum)' \
    "$WORK/served" | sort -u)
  while read -r kind digest; do
    if [ "$kind" = manifests ]; then
      with_content "$repository" "$repository/manifests/$digest"
    else
      served "$repository/blobs/$digest"
    fi
  done <<<"$named"
}

# snapshot <file> [<repository> manifests|blobs <digest>]...: all that can be found by catalog and tags, and some more.
snapshot() {
  local file=$1 repository tag kind digest more
  shift
  : >"$WORK/names"
  while read -r repository; do
    # Distribution also lists repositories of which nothing is left.
    curl --silent --show-error --fail "http://$REGISTRY/v2/$repository/tags/list" |
      jq --raw-output --arg repository "$repository" '.tags // [] | sort[] | $repository + " " + .' >>"$WORK/names"
  done < <(curl --silent --show-error --fail "http://$REGISTRY/v2/_catalog?n=1000" | jq --raw-output '.repositories[]')
  {
    cat "$WORK/names"
    while read -r repository tag; do
      with_content "$repository" "$repository/manifests/$tag"
      digest=$(served_manifest "$repository/manifests/$tag" | cut -d ' ' -f 4)
      served_manifest "$repository/manifests/$digest"
    done <"$WORK/names"
    for more in "$@"; do
      read -r repository kind digest <<<"$more"
      if [ "$kind" = manifests ]; then
        served_manifest "$repository/manifests/$digest"
      else
        served "$repository/blobs/$digest"
      fi
    done
  } | sort -u >"$file"
}
