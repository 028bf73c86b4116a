#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# From a bare Debian 12 to a finished report: installs what is missing, builds, runs the built-in study. Where an NVIDIA
# driver works, with a LibTorch for CUDA, else on the CPU. Re-runnable: what is complete is not run again. The last line is the
# path of the report. Options are those of build.sh; --torch DIR takes a LibTorch that is there.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=(--target segbench --target segbench-worker)
case " $* " in
  *" --torch "*) folder=$(scripts/build.sh "${programs[@]}" "$@" | tail -n 1) ;;
  *)
    torch=$(scripts/choose_torch.sh)
    if ! folder=$(scripts/build.sh --torch "$torch" "${programs[@]}" "$@" | tail -n 1); then
      [ "$torch" != debian ] || exit 1
      echo "The LibTorch for CUDA could not be had or built with (its words are above); going on with the CPU." >&2
      folder=$(scripts/build.sh --torch debian "${programs[@]}" "$@" | tail -n 1)
    fi ;;
esac
segbench=$folder/bin/segbench
echo "Running the study experiments/quickstart.toml (about two minutes on two cores)" >&2
"$segbench" run experiments/quickstart.toml
"$segbench" report quickstart
