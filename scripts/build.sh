#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what is missing, configures and builds; quiet when nothing is to do. Prints the build folder.
#   build.sh [--preset release|ci|dev|asan|tsan] [--torch debian|pip|pip-cpu|pip-cuda|DIR] [--target NAME]…
# --torch: Debian's LibTorch 1.13 for CPUs (default); PyTorch 2.13.0 of pip, in a virtual environment below build/, whichever
# build of it pip is set up for, the one for CPUs, or the one for CUDA (about 5 GB); or the folder of a LibTorch. One for CUDA
# needs the driver alone when it runs, and no nvcc.
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
[[ $torch != pip* ]] || further=(python3-venv)
scripts/install_dependencies.sh "${further[@]}" >&2

# An unpacked LibTorch, or Python's: what cmake is told of it.
options_of_libtorch() {
  local place
  place=$(realpath "$1")
  if [ -e "$place/lib/libtorch_cuda.so" ]; then
    options=("-DSEGBENCH_TORCH_BY_PATH=$place")
  else
    options=("-DCMAKE_PREFIX_PATH=$place" "-DTorch_DIR=$place/share/cmake/Torch")
  fi
}

folder=build/$preset options=()
case "$torch" in
  debian) ;;
  pip|pip-cpu|pip-cuda)
    version=2.13.0 venv=build/venv-torch-2.13.0 folder=$folder-torch-$version
    [ "$torch" = pip ] || { venv=$venv-${torch#pip-} folder=$folder-${torch#pip-}; }
    python=$venv/bin/python
    if ! "$python" -c "import torch; assert torch.__version__.startswith('$version')" 2>/dev/null; then
      echo "Installing PyTorch $version into $venv" >&2
      python3 -m venv "$venv"
      index=()
      [ "$torch" != pip-cpu ] || index=(--extra-index-url https://download.pytorch.org/whl/cpu)
      "$venv/bin/pip" install --quiet "${index[@]}" "torch==$version$([ "$torch" != pip-cpu ] || echo +cpu)" numpy >&2 ||
        { [ "$torch" = pip-cpu ] && "$venv/bin/pip" install --quiet "torch==$version" numpy >&2; }
    fi
    built_for=$("$python" -c 'import torch; print("cuda" if torch.version.cuda else "cpu")')
    if [ "$torch" != pip ] && [ "$built_for" != "${torch#pip-}" ]; then
      echo "$0: --torch $torch: pip's PyTorch $version is built for ${built_for^^} here; name another index in PIP_INDEX_URL," \
        "or an unpacked LibTorch by --torch DIR" >&2
      exit 2
    fi
    options_of_libtorch "$("$python" -c 'import torch, pathlib; print(pathlib.Path(torch.__file__).parent)')" ;;
  *)
    [ -d "$torch" ] || { echo "$0: --torch must be debian, pip, pip-cpu, pip-cuda or the folder of a LibTorch, but is \"$torch\"" >&2; exit 2; }
    # Two of one name are two.
    folder=$folder-torch-$(basename "$(realpath "$torch")")-$(realpath "$torch" | sha256sum | cut -c1-8)
    options_of_libtorch "$torch" ;;
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
