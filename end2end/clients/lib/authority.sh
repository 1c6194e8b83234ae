# shellcheck shell=bash
# A private authority of a script's own. To be sourced after registry.sh.

# make_authority <address>: leaves authority.pem, chain.pem (the server's certificate for that address, then the
# authority's) and server.key in WORK.
make_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/O=Humpback/CN=Private CA' \
    -keyout "$WORK/authority.key" -out "$WORK/authority.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=registry' \
    -keyout "$WORK/server.key" -out "$WORK/server.csr" 2>/dev/null
  openssl x509 -req -in "$WORK/server.csr" -CA "$WORK/authority.pem" -CAkey "$WORK/authority.key" -CAcreateserial \
    -days 2 -extfile <(echo "subjectAltName=IP:$1") -out "$WORK/server.pem" 2>/dev/null
  cat "$WORK/server.pem" "$WORK/authority.pem" >"$WORK/chain.pem"
}
