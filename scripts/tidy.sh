#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# clang-tidy on the C++ sources that differ from a commit (default: from main's last common commit, or the last commit
# where nothing differs); warnings are errors.  Usage: tidy.sh [COMMIT]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_dependencies.sh clang clang-tidy >&2
base=${1-$(git merge-base HEAD main 2>/dev/null || echo HEAD)}
[ -n "$(git diff --name-only "$base" -- '*.cpp')" ] || base=HEAD~1
mapfile -t changed < <(git diff --name-only --diff-filter=d "$base" -- '*.cpp')
if [ ${#changed[@]} -eq 0 ]; then
  echo "No C++ source differs from $base" >&2
  exit 0
fi
cmake --preset tidy >/dev/null
cmake --build build/tidy --target segbench_git_version >/dev/null
printf '%s\0' "${changed[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy -p build/tidy --quiet
