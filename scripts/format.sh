#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Holds every C++ source to .clang-format; installs clang-format 14, Debian 12's, where it is missing.
#   format.sh           names the files that differ and exits with 1
#   format.sh --fix     formats them
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1---check}" in
  --check) how=(--dry-run -Werror) ;;
  --fix) how=(-i) ;;
  *) echo "$0: unknown option \"$1\"; options: --check, --fix" >&2; exit 2 ;;
esac
scripts/install_dependencies.sh clang-format-14 >&2
if ! find architectures bench harness reports results tests \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 clang-format-14 "${how[@]}"; then
  echo "$0: not formatted as .clang-format says (above); scripts/format.sh --fix formats" >&2
  exit 1
fi
