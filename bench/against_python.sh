#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Segbench's speed against the loop that one would write in plain PyTorch: the same networks, images and settings, the
# small and the full U-Net and a U-Net on ResNet-34, training and inference, both LibTorch versions of ours, in turn.
# Prints the ratios (above 1: Segbench is faster). Builds what is missing; takes about half an hour on two cores.
#   against_python.sh [--networks NAME…] [--rounds N] [--epochs N] [--images N] [--batch N] [--side N] [--threads N]
set -euo pipefail
cd "$(dirname "$0")/.."

programs=(--target segbench --target segbench-worker)
debian=$(scripts/build.sh "${programs[@]}" | tail -n 1)
pip=$(scripts/build.sh --torch pip "${programs[@]}" | tail -n 1)
exec python3 bench/against_python.py --ours "1.13=$debian/bin/segbench" --ours "2.13=$pip/bin/segbench" \
  --python "2.13=build/venv-torch-2.13.0/bin/python" "$@"
