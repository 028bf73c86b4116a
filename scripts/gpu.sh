#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The first hour on a GPU: builds the worker of the bundle that this lies in (bundle_worker.sh), and then, within a budget of
# time, looks whether the device computes what it should and how fast. Needs an NVIDIA driver, CMake, a C++20 compiler, and
# Python with PyTorch, or a LibTorch.
#   gpu.sh [--torch DIR] [--worker PROGRAM] [--device cuda:0] [--jobs N] [--at-once N] [--budget SECONDS]
#          [--patience N] [--only STEP[,STEP…]] [--again]
# --worker takes a worker that is built already; --jobs: of the build; --at-once: trials that run at the same time where no
# time is measured (default: a third of the CPUs, at most 6; on a CPU 1); --budget: of all steps behind the build (default: 480
# on a GPU, 0, which is any time, on a CPU); --patience: how many times as long as on an H200 a step may take before it is
# stopped (default: 1, on a CPU 20). Steps stand in the order of their worth; one for which too little time is left is left out,
# one that is still at work when the budget is used up is cut, and both are told.
# Leaves the folder runs/, which `segbench import FOLDER/runs` reads at home, and gpu/: of each step its words (NAME.log), what
# it found (NAME.json) and how it went (NAME.state), and a page about all of them (SUMMARY.md). Run it again to go on where it
# was cut: a step that is done is not done again, one that fails does not keep the others from their work. --again removes first
# what the steps found, and what was trained for them.
# The last line says how many failed, and so does the exit code (0 or 1).
set -uo pipefail
from=$PWD
cd "$(dirname "$0")/.."

# NAME, seconds that it needs on an H200 at least (estimated: all of them fit into the budget), seconds that it may take
steps=(
  "driver 5 60"
  "environment 5 120"
  "selftest 15 120"
  "train 30 300"
  "conformance 40 300"
  "parity 25 300"
  "resume 40 300"
  "verify 30 300"
  "sizes 40 600"
  "bare 25 300"
  "baseline 60 300"
  "memory 10 120"
  "assert 10 120"
  "profile 60 300"
  "levers 80 300"
)
names=(build "${steps[@]%% *}")

refuse() { echo "$0: $1" >&2; exit 2; }

torch= device=cuda:0 jobs=$(nproc) only=() again= at_once= budget= patience= worker=$PWD/build/bin/segbench-worker given=
while [ $# -gt 0 ]; do
  case "$1" in
    --torch|--worker|--device|--jobs|--at-once|--budget|--patience|--only) [ $# -gt 1 ] || refuse "$1 needs a value" ;;
  esac
  case "$1" in
    --jobs|--at-once|--patience) [[ $2 =~ ^[1-9][0-9]*$ ]] || refuse "$1 takes a whole number from 1 on, not \"$2\"" ;;
    --budget) [[ $2 =~ ^(0|[1-9][0-9]*)$ ]] || refuse "$1 takes a whole number of seconds, 0 for any time, not \"$2\"" ;;
  esac
  case "$1" in
    --torch) torch=$(cd "$from" && realpath -m "$2"); shift 2 ;;
    --worker) worker=$(cd "$from" && realpath -m "$2"); given=1; shift 2 ;;
    --device) device=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --at-once) at_once=$2; shift 2 ;;
    --budget) budget=$2; shift 2 ;;
    --patience) patience=$2; shift 2 ;;
    --only) read -ra only <<<"${2//,/ }"; shift 2
      for name in "${only[@]-}"; do
        [[ " ${names[*]} " == *" $name "* ]] || refuse "--only: there is no step \"$name\"; steps: ${names[*]}"
      done ;;
    --again) again=1; shift ;;
    -h|--help) sed -n '3,20s/^# \{0,1\}//p' "scripts/${0##*/}"; exit 0 ;;
    *) refuse "unknown option \"$1\"; options: --torch, --worker, --device, --jobs, --at-once, --budget, --patience, --only, --again, --help" ;;
  esac
done
if [ "$device" = cpu ]; then : "${budget:=0}" "${at_once:=1}" "${patience:=20}"; else : "${budget:=480}" "${patience:=1}"; fi
if [ -z "$at_once" ]; then
  at_once=$(($(nproc) / 3))
  [ "$at_once" -le 6 ] || at_once=6
  [ "$at_once" -ge 1 ] || at_once=1
fi
mkdir -p gpu
python=$(command -v python3 || true)
export CUBLAS_WORKSPACE_CONFIG=${CUBLAS_WORKSPACE_CONFIG:-:4096:8} CUDA_DEVICE_ORDER=PCI_BUS_ID

# chosen NAME: whether a step is asked for.
chosen() { [ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]; }

if [ -n "$again" ]; then
  for name in "${names[@]}"; do
    if chosen "$name"; then rm -f "gpu/$name".{state,json,log}; fi
  done
  rm -rf gpu/reference
fi

failed=0 cut=0 left_out=0 child= started=$SECONDS
stop() {
  trap '' INT TERM
  [ -z "$child" ] || { kill -TERM "$child" 2>/dev/null; wait "$child"; }
  echo "cut; the same command goes on"
  exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM

# state NAME HOW SECONDS WHY: how a step went.
state() {
  printf '{"state": "%s", "seconds": %d, "limit": %d, "why": "%s"}\n' "$2" "$3" "$limit" "$4" >"gpu/$1.state"
  echo "$1: $2 in $3 s${4:+: $4}"
}

# step NAME NEEDED LIMIT COMMAND…: runs it, unless less time is left than it needs, and at most so long (seconds, each).
step() {
  local name=$1 needed=$2 most=$(($3 * patience)) begin=$SECONDS code=0 limit left took
  shift 3
  limit=$most
  chosen "$name" || return 0
  if grep -qs '"state": "\(done\|skipped\)"' "gpu/$name.state"; then echo "$name: done before"; return 0; fi
  if [ "$budget" -gt 0 ]; then
    left=$((budget - (SECONDS - started)))
    if [ "$left" -lt "$needed" ]; then
      left_out=$((left_out + 1))
      state "$name" "left out" 0 "it needs about $needed s, and $left of $budget s are left"
      return 0
    fi
    [ "$limit" -le "$left" ] || limit=$left
  fi
  rm -f "gpu/$name.state" "gpu/$name.json"  # what it found before tells nothing of how it goes now
  timeout --kill-after=30 "$limit" "$@" >"gpu/$name.log" 2>&1 &
  child=$!
  wait "$child" || code=$?
  child= took=$((SECONDS - begin))
  [ "$code" -ne 137 ] || [ "$took" -lt "$limit" ] || code=124  # it did not end when it was told to
  case "$code" in
    0) state "$name" done "$took" "" ;;
    3) state "$name" skipped "$took" "$(tail -n 1 "gpu/$name.log" | tr -d '"\\')" ;;
    124)
      if [ "$limit" -lt "$most" ]; then
        cut=$((cut + 1))
        state "$name" cut "$took" "the budget of $budget s is used up"
      else
        failed=$((failed + 1))
        state "$name" FAILED "$took" "it was stopped after $limit s"
      fi ;;
    *)
      failed=$((failed + 1))
      state "$name" FAILED "$took" "exit code $code" ;;
  esac
  case "$code" in 0|3) ;; *) tail -n 3 "gpu/$name.log" | sed 's/^/  /' ;; esac
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
  place=$(realpath "$torch") || return 1
  if [ -e "$place/lib/libtorch_cuda.so" ]; then options+=("-DSEGBENCH_TORCH_BY_PATH=$place")
  else options+=("-DCMAKE_PREFIX_PATH=$place" "-DTorch_DIR=$place/share/cmake/Torch"); fi
  cmake -S . -B build "${options[@]}" && cmake --build build --parallel "$jobs" --target segbench-worker
}

environment() { "$worker" environment --device "$device" >gpu/environment.json; }
check() { exec "$python" scripts/gpu/steps.py "$1" --worker "$worker" --device "$device" --at-once "$at_once" --json "gpu/$1.json" ${again:+--again}; }
export -f driver build environment check
export torch device jobs worker python at_once again

unlimited=$budget budget=0
[ -n "$given" ] || step build 0 1800 bash -c build
if [ ! -x "$worker" ] && [ "${only[*]}" != build ]; then
  if [ -n "$given" ]; then echo "$0: --worker: $worker is no program" >&2
  elif ! chosen build; then echo "$0: there is no $worker; build it first (--only build), or name one by --worker" >&2
  else echo "there is no $worker; why it was not built stands in $PWD/gpu/build.log"; fi
  exit 1
fi
budget=$unlimited started=$SECONDS
for one in "${steps[@]}"; do
  read -r name needed most <<<"$one"
  case "$name" in
    driver) [ "$device" = cpu ] || step driver "$needed" "$most" bash -c driver ;;
    environment) step environment "$needed" "$most" bash -c environment ;;
    *) step "$name" "$needed" "$most" bash -c "check $name" ;;
  esac
done
"$python" scripts/gpu/summary.py >gpu/SUMMARY.md || failed=$((failed + 1))
echo "$((SECONDS - started)) s behind the build; $failed step$([ "$failed" -eq 1 ] || echo s) failed, $cut cut, $left_out left out; results: $PWD/gpu/SUMMARY.md and $PWD/runs"
[ "$failed" -eq 0 ]
