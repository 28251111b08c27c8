#!/usr/bin/env bash
# Makes the certificates of the tests anew: two authorities, two servers and three clients. Keys for tests only.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.pem

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1.key.pem"; }

# Valid long before and long after any clock that a machine may have.
dates=(-startdate 20000101000000Z -enddate 21990101000000Z)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/ca.cnf" <<END
[ca]
default_ca = ca_default
[ca_default]
database = $work/index
new_certs_dir = $work
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
END

# NAME EXTENSIONS ARGUMENT...
sign() {
  : >"$work/index"
  openssl req -new -key "$1.key.pem" -subj "/CN=$1" -out "$work/$1.csr"
  openssl ca -batch -notext -config "$work/ca.cnf" "${dates[@]}" -in "$work/$1.csr" -out "$1.pem" -extfile <(printf "$2") "${@:3}"
}

authority() {
  key "$1"
  sign "$1" 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' -selfsign -keyfile "$1.key.pem"
}

# NAME AUTHORITY USAGE NAMES
certificate() {
  key "$1"
  sign "$1" "basicConstraints=CA:false\nextendedKeyUsage=$3\nsubjectAltName=$4\n" -cert "$2.pem" -keyfile "$2.key.pem"
}

authority authority
authority other-authority
certificate server authority serverAuth 'DNS:localhost,IP:127.0.0.1,IP:::1'
certificate next-server authority serverAuth 'DNS:localhost,IP:127.0.0.1,IP:::1'
certificate client authority clientAuth 'DNS:scraper.example,IP:2001:db8::1,URI:spiffe://example/scraper,email:ops@example.org'
certificate other-client other-authority clientAuth 'DNS:scraper.example'
dates=(-startdate 20000101000000Z -enddate 20010101000000Z)
certificate expired-client authority clientAuth 'DNS:scraper.example'
openssl pkcs8 -topk8 -in server.key.pem -out locked.key.pem -passout pass:test
rm other-authority.key.pem authority.key.pem
