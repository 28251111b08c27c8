#!/usr/bin/env bash
# Makes the certificates of the tests anew, for 100 years: two authorities, two servers and four clients. Keys for tests only.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.pem

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1.key.pem"; }

authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key.pem" -days 36500 -subj "/CN=$1" -out "$1.pem" \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign
}

# NAME AUTHORITY USAGE NAMES
certificate() {
  key "$1"
  openssl req -new -key "$1.key.pem" -subj "/CN=$1" |
    openssl x509 -req -CA "$2.pem" -CAkey "$2.key.pem" -set_serial "0x$(openssl rand -hex 8)" -days 36500 -out "$1.pem" \
      -extfile <(printf 'basicConstraints=CA:false\nextendedKeyUsage=%s\nsubjectAltName=%s\n' "$3" "$4")
}

authority authority
authority other-authority
certificate server authority serverAuth 'DNS:localhost,IP:127.0.0.1,IP:::1'
certificate next-server authority serverAuth 'DNS:localhost,IP:127.0.0.1,IP:::1'
certificate client authority clientAuth 'DNS:scraper.example,IP:2001:db8::1,URI:spiffe://example/scraper,email:ops@example.org'
certificate other-client other-authority clientAuth 'DNS:scraper.example'
openssl pkcs8 -topk8 -in server.key.pem -out locked.key.pem -passout pass:test
rm other-authority.key.pem authority.key.pem
