#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what is missing, builds, and runs every test. Re-runnable; a second run builds nothing anew.
#   test.sh [--preset release|ci|dev|asan] [--torch debian|pip|DIR] [-- CTEST_OPTION…]
# For example: test.sh -- -L fast      test.sh --torch pip      test.sh --preset asan
# Golden numbers and data sets are read from $SEGBENCH_ORACLES and $SEGBENCH_DATA (default: ../shared/oracles and
# ../shared/data); tests that need one that is absent say that they are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release build_options=()
while [ $# -gt 0 ]; do
  case "$1" in
    --preset) preset=$2; build_options+=(--preset "$2"); shift 2 ;;
    --torch) build_options+=(--torch "$2"); shift 2 ;;
    --) shift; break ;;
    -h|--help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "$0: unknown option \"$1\"; options: --preset, --torch, --help, -- CTEST_OPTION…" >&2; exit 2 ;;
  esac
done

# torchvision is what tests/parity compares our networks with, Slurm what tests/slurm starts; nothing is built from them.
scripts/install_dependencies.sh python3-torchvision slurmctld slurmd slurm-client >&2
folder=$(scripts/build.sh "${build_options[@]}" | tail -n 1)
# LibTorch and the libraries below it leak by design at exit; the sanitizers look for errors, not for that.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:detect_odr_violation=0} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
code=0 log=$folder/Testing/Temporary/LastTest.log
ctest --test-dir "$folder" --output-on-failure "$@" || code=$?
skipped=$(grep -hE '\[  SKIPPED \] .* ms\)$|SKIPPED:' "$log" 2>/dev/null | sort -u || true)
[ -z "$skipped" ] || printf 'Skipped tests:\n%s\n' "$skipped"
# Once more at the end, where they are found among thousands of lines.
failed=$(grep -hE -A 8 ': Failure$' "$log" 2>/dev/null | cut -c 1-300 | head -n 200 || true)
[ "$code" = 0 ] || [ -z "$failed" ] || printf 'What failed:\n%s\n' "$failed"
exit "$code"
