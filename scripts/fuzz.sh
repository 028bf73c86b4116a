#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Fuzzes the readers of images with libFuzzer under the address and undefined-behaviour sanitizers.
# Usage: fuzz.sh [SECONDS [FOLDER…]]: for so long (default 600), from the images in the folders (default: the tests' data).
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-600}
folders=("${@:2}")
[ ${#folders[@]} -gt 0 ] || folders=("${SEGBENCH_DATA:-../shared/data}" "${SEGBENCH_DATA:-../shared/data}/../cases")
clang=${CLANG:-$(command -v clang++ || ls /usr/bin/clang++-* 2>/dev/null | sort -V | tail -n 1)}
[ -n "$clang" ] && command -v "$clang" >/dev/null || { echo "$0: needs Clang with libFuzzer (Debian: clang libclang-rt-14-dev); CLANG=… names it" >&2; exit 2; }

build=build/fuzz
cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="$clang" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSEGBENCH_FUZZ=ON \
  -DSEGBENCH_SANITIZERS=address,undefined -DSEGBENCH_BUILD_WORKER=OFF -DSEGBENCH_BUILD_TESTS=OFF >"$build.log" 2>&1 ||
  { tail -n 20 "$build.log" >&2; exit 1; }
cmake --build "$build" --target fuzz_images >"$build.log" 2>&1 || { grep -E "error" "$build.log" >&2; exit 1; }

# Small files of every kind, by content; libFuzzer drops those that reach nothing new.
mkdir -p "$build/seeds" "$build/corpus" "$build/findings"
find "${folders[@]}" -type f -size -40k \
  \( -iname '*.png' -o -iname '*.jpg' -o -iname '*.gif' -o -iname '*.bmp' -o -iname '*.tif*' -o -iname '*.webp' \
     -o -iname '*.p[bgpna]m' \) -print0 2>/dev/null |
  while IFS= read -r -d '' file; do
    cp -n "$file" "$build/seeds/$(sha1sum "$file" | cut -c1-16)" || true
  done

export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1
exec "$build/bin/fuzz_images" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=3072 -timeout=20 \
  -artifact_prefix="$build/findings/" -print_final_stats=1 "$build/corpus" "$build/seeds"
