#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the Debian packages that Segbench is built from, those that are missing; says nothing when none is.
# Needs Debian 12 or a system with the same packages, and root or sudo. Usage: install_dependencies.sh [PACKAGE…]
# (further packages to install as well).
set -euo pipefail

packages=(
  g++ cmake ninja-build git                          # tools
  libtorch-dev libopenblas0-openmp                   # LibTorch, with an OpenBLAS that computes on LibTorch's own threads
  libopencv-dev libpng-dev libjpeg-dev libgif-dev libtiff-dev libwebp-dev    # images
  libdnnl-dev                                        # oneDNN, an engine of `segbench profile` (optional)
  libsqlite3-dev sqlite3                             # results
  libpugixml-dev                                     # SVG of the reports
  libutf8proc-dev                                    # the width of text in a terminal
  libcurl4-openssl-dev libarchive-dev                # downloads of pretrained weights and data sets, and their archives
  libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libboost-dev
  libgtest-dev libgmock-dev libbenchmark-dev         # tests and benchmarks
  libcpp-httplib-dev                                 # an HTTP client, for the tests of `segbench serve`
  gnuplot-nox fonts-dejavu-core                      # plots
  "$@"
)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "$0: this is no Debian-like system; install by hand: ${missing[*]}" >&2
  exit 2
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "$0: needs root or sudo to install: ${missing[*]}" >&2; exit 2; }
  as_root=(sudo)
fi

echo "Installing ${#missing[@]} Debian packages: ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { "${as_root[@]}" apt-get update &&
       "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
     } >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  echo "$0: apt-get failed; its last lines are above" >&2
  exit 1
fi
