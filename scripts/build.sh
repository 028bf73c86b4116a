#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what is missing, configures and builds; quiet when nothing is to do. Prints the build folder.
#   build.sh [--preset release|ci|dev|asan|tsan] [--torch debian|pip|DIR] [--target NAME]…
# --torch: Debian's LibTorch 1.13 (default); the CPU build of PyTorch 2.13.0 from PyPI, in a virtual environment below
# build/; or an unpacked LibTorch.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release torch=debian targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --preset) preset=$2; shift 2 ;;
    --torch) torch=$2; shift 2 ;;
    --target) targets+=(--target "$2"); shift 2 ;;
    *) echo "$0: unknown option \"$1\"; options: --preset, --torch, --target" >&2; exit 2 ;;
  esac
done

further=()
[ "$torch" = pip ] && further=(python3-venv)
scripts/install_dependencies.sh "${further[@]}" >&2

folder=build/$preset options=()
case "$torch" in
  debian) ;;
  pip)
    version=2.13.0 venv=build/venv-torch-2.13.0 folder=$folder-torch-$version
    if ! "$venv/bin/python" -c "import torch; assert torch.__version__.startswith('$version')" 2>/dev/null; then
      echo "Installing PyTorch $version into $venv" >&2
      python3 -m venv "$venv"
      "$venv/bin/pip" install --quiet "torch==$version" numpy >&2
    fi
    options=("-DCMAKE_PREFIX_PATH=$("$venv/bin/python" -c 'import torch; print(torch.utils.cmake_prefix_path)')") ;;
  *)
    [ -d "$torch" ] || { echo "$0: --torch must be debian, pip or the folder of a LibTorch, but is \"$torch\"" >&2; exit 2; }
    folder=$folder-torch-$(basename "$torch") options=("-DCMAKE_PREFIX_PATH=$(realpath "$torch")") ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT
mkdir -p "$folder"
if ! cmake --preset "$preset" -B "$folder" "${options[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
# The steps that ninja tells go to the log, and here every ten seconds (on a terminal: each, in one line) once the build
# has taken three seconds.
show_progress() {
  local line began=$SECONDS due=$((SECONDS + 3)) pause=10 end='\n'
  [ ! -t 2 ] || { pause=0; end='\r'; }
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] && [ "$SECONDS" -ge "$due" ]; then
      printf "Building in %s: %d of %d steps after %d:%02d min$end" "$folder" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" \
        $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)) >&2
      due=$((SECONDS + pause))
    fi
  done
  [ "$end" = '\n' ] || [ "$due" -lt $((began + 3)) ] || printf '\n' >&2
}
built=0
: >"$log"
cmake --build "$folder" "${targets[@]}" 2>&1 | show_progress || built=$?
if [ "$built" -ne 0 ]; then
  grep -v '^\[[0-9]*/[0-9]*\] ' "$log" | tail -n 60 >&2
  exit 1
fi
grep -A12 'warning:' "$log" >&2 || true
echo "$folder"
