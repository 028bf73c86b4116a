#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Packs all that a machine with a GPU needs to train: the worker's sources, the header-only libraries that they need, and the
# trials of studies with their decoded images. There it takes a compiler, CMake, a LibTorch (Python's will do) and
# scripts/gpu.sh, and nothing of Debian's.
#   bundle_worker.sh [--segbench PROGRAM] [--out FILE.tar.gz] [--images N] [--side N]
#   bundle_worker.sh [--segbench PROGRAM] [--out FILE.tar.gz] STUDY.toml [--set KEY=VALUE]… [STUDY.toml …]…
# Without a study: the first hour on a GPU, that is every architecture on drawn shapes, the VOC course's size study on made-up
# images in the shape of VOC's (--images: of training, default 1464; --side: their height and width, default 128), and a
# profile. PROGRAM prepares the trials; default: build/release/bin/segbench. At most 60 MiB.
set -euo pipefail
tree=$(realpath "$(dirname "$0")/..")

segbench=$tree/build/release/bin/segbench out=segbench-gpu.tar.gz studies=() overrides=() first_hour=()
refuse() { echo "$0: $1" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case "$1" in
    --segbench|--out|--set|--images|--side) [ $# -gt 1 ] || refuse "$1 needs a value" ;;
  esac
  case "$1" in
    --segbench) segbench=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    --set)
      [ ${#studies[@]} -gt 0 ] || refuse "--set $2: belongs behind the STUDY.toml that it changes"
      overrides[${#studies[@]} - 1]+=" --set $(printf '%q' "$2")"; shift 2 ;;
    --images|--side) first_hour+=("$1" "$2"); shift 2 ;;
    -h|--help) sed -n '3,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) refuse "unknown option \"$1\"; options: --segbench, --out, --images, --side, --set, --help" ;;
    *) studies+=("$(realpath "$1")"); overrides+=(""); shift ;;
  esac
done
[ ${#studies[@]} -eq 0 ] || [ ${#first_hour[@]} -eq 0 ] ||
  refuse "${first_hour[*]}: --images and --side are of the first hour's own study, which is packed without a STUDY.toml"
{ [ -f "$segbench" ] && [ -x "$segbench" ]; } ||
  refuse "$segbench is no program; build it (scripts/build.sh --target segbench), or name it by --segbench"
segbench=$(realpath "$segbench") out=$(realpath -m "$out")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/segbench-gpu
mkdir -p "$bundle/headers" "$bundle/scripts" "$bundle/bench"

# Sources: what the worker's targets name, and what they read when they are configured.
(cd "$tree" && tar -c CMakeLists.txt LICENSE cmake harness architectures) | tar -x -C "$bundle"
cp "$tree"/scripts/gpu.sh "$bundle/scripts/"
mkdir "$bundle/scripts/gpu"
cp "$tree"/scripts/gpu/*.py "$bundle/scripts/gpu/"
cp "$tree"/bench/against_python.py "$bundle/bench/"  # the networks that training is compared with
git -C "$tree" rev-parse HEAD >"$bundle/COMMIT" 2>/dev/null || echo unknown >"$bundle/COMMIT"

# Header-only libraries, from wherever this machine's compiler finds them.
for header in fmt/format.h nlohmann/json.hpp CLI/CLI.hpp; do
  found=$(echo "#include <$header>" | "${CXX:-c++}" -std=c++20 -DFMT_HEADER_ONLY=1 -M -x c++ - | tr ' \\' '\n\n' | grep -m1 "/$header$" || true)
  [ -n "$found" ] || refuse "$header was not found"
  cp -rL "$(dirname "$found")" "$bundle/headers/"
done

if [ ${#studies[@]} -eq 0 ]; then
  python3 "$tree/scripts/bundle_studies.py" "$work" --segbench "$segbench" "${first_hour[@]}"
  studies=("$work/first_hour_networks.toml" "$work/first_hour_sizes.toml") overrides=("" "")
  "$segbench" profile "$work/first_hour_profile.toml" --prepare "$bundle/profile"
fi
for i in "${!studies[@]}"; do
  eval "words=(${overrides[$i]})"
  "$segbench" --runs "$bundle/runs" run "${studies[$i]}" --prepare "${words[@]}" >/dev/null
done

mkdir -p "$(dirname "$out")"
tar -C "$work" -c segbench-gpu | gzip -9 >"$out"
size=$(stat -c %s "$out")
most=$((60 * 1024 * 1024))
if [ "$size" -gt "$most" ]; then
  rm -f "$out"
  echo "$0: the bundle would have $((size / 1048576)) MiB, but at most 60 are allowed; take smaller images or fewer of them" >&2
  exit 1
fi
echo "$out: $((size / 1024)) KiB; on the other machine: tar -xf $(basename "$out") && segbench-gpu/scripts/gpu.sh" >&2
echo "$out"
