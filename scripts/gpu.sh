#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The first hour on a GPU: builds the worker of the bundle that this lies in (bundle_worker.sh), tries it out and trains the
# trials of the bundle. Needs an NVIDIA driver, CMake, a C++20 compiler, and Python with PyTorch, or a LibTorch.
#   gpu.sh [--torch DIR] [--device cuda:0] [--jobs N] [--only STEP[,STEP…]] [--again]
# Leaves the folder runs/, which `segbench import FOLDER/runs` reads at home, and gpu/, where each step left its words (NAME.log)
# and, when it is done, NAME.json. A step that is done is not done again (--again: all are); one that fails does not keep the
# others from their work. The last line says how many failed, and so does the exit code (0 or 1).
set -uo pipefail
cd "$(dirname "$0")/.."

torch= device=cuda:0 jobs=$(nproc) only= again=
while [ $# -gt 0 ]; do
  case "$1" in
    --torch) torch=$2; shift 2 ;;
    --device) device=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --only) only=",$2,"; shift 2 ;;
    --again) again=1; shift ;;
    -h|--help) sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "$0: unknown option \"$1\"; options: --torch, --device, --jobs, --only, --again, --help" >&2; exit 2 ;;
  esac
done
mkdir -p gpu
worker=$PWD/build/bin/segbench-worker
python=$(command -v python3 || true)
export CUBLAS_WORKSPACE_CONFIG=${CUBLAS_WORKSPACE_CONFIG:-:4096:8} CUDA_DEVICE_ORDER=PCI_BUS_ID

failed=0
# step NAME SECONDS COMMAND…: runs it, at most so long; its JSON, if any, is what it writes to gpu/NAME.json itself.
step() {
  local name=$1 seconds=$2 began=$SECONDS code=0
  shift 2
  [ -z "$only" ] || [[ $only == *",$name,"* ]] || return 0
  if [ -s "gpu/$name.json" ] && [ -z "$again" ]; then echo "$name: done before"; return 0; fi
  rm -f "gpu/$name.json"
  timeout --kill-after=10 "$seconds" "$@" >"gpu/$name.log" 2>&1 || code=$?
  if [ "$code" -eq 0 ]; then
    [ -s "gpu/$name.json" ] || echo "{\"seconds\": $((SECONDS - began))}" >"gpu/$name.json"
    echo "$name: done in $((SECONDS - began)) s"
  else
    failed=$((failed + 1))
    echo "$name: FAILED (exit code $code), last words:"; tail -n 3 "gpu/$name.log" | sed 's/^/  /'
  fi
}

driver() {
  nvidia-smi --query-gpu=name,uuid,driver_version,memory.total,compute_mode,mig.mode.current --format=csv
  nvidia-smi -q
}

build() {
  if [ -z "$torch" ]; then
    torch=$("$python" -c 'import torch, pathlib; print(pathlib.Path(torch.__file__).parent)') || {
      echo "python3 has no PyTorch; name a LibTorch by --torch DIR"; return 1; }
  fi
  local place options=(-DCMAKE_BUILD_TYPE=Release -DSEGBENCH_BUILD_CLI=OFF -DSEGBENCH_BUILD_TESTS=OFF
    -DSEGBENCH_BUILD_BENCHMARKS=OFF "-DSEGBENCH_HEADER_PATH=$PWD/headers")
  place=$(realpath "$torch")
  if [ -e "$place/lib/libtorch_cuda.so" ]; then options+=("-DSEGBENCH_TORCH_BY_PATH=$place")
  else options+=("-DCMAKE_PREFIX_PATH=$place" "-DTorch_DIR=$place/share/cmake/Torch"); fi
  cmake -S . -B build "${options[@]}" && cmake --build build --parallel "$jobs" --target segbench-worker
}

environment() { "$worker" environment --device "$device" >gpu/environment.json; }
checks() { "$python" scripts/gpu_checks.py "$1" --worker "$worker" --device "$device" --json "gpu/$1.json"; }
export -f driver build environment checks
export torch device jobs worker python

step driver 60 bash -c driver
step build 900 bash -c build
step environment 120 bash -c environment
step train 900 bash -c 'checks train'
step parity 300 bash -c 'checks parity'
step resume 600 bash -c 'checks resume'
step verify 600 bash -c 'checks verify'
step memory 120 bash -c 'checks memory'
step assert 120 bash -c 'checks assert'
step levers 600 bash -c 'checks levers'
step baseline 600 bash -c 'checks baseline'
echo "$failed step$([ "$failed" -eq 1 ] || echo s) failed; results: $PWD/gpu and $PWD/runs"
[ "$failed" -eq 0 ]
