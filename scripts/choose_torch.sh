#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints which LibTorch suits this machine, a value for build.sh --torch: pip-cuda where an NVIDIA driver works and there is
# room for it, else debian; says why on stderr where there is a GPU.
set -euo pipefail

command -v nvidia-smi >/dev/null || { echo debian; exit 0; }
if ! gpus=$(nvidia-smi -L 2>&1); then
  echo "There is an NVIDIA driver, but it does not work ($(head -n 1 <<<"$gpus")); going on with the CPU." >&2
  echo debian
  exit 0
fi
gpus=$(grep '^GPU' <<<"$gpus" | sed 's/ (UUID.*//' || true)
[ -n "$gpus" ] || { echo "There is an NVIDIA driver, but no GPU; going on with the CPU." >&2; echo debian; exit 0; }
needed_gb=9
free_gb=$(($(df -Pk . | awk 'NR == 2 { print $4 }') / 1048576))
if [ "$free_gb" -lt "$needed_gb" ]; then
  echo "$gpus; a LibTorch for it needs $needed_gb GB in $PWD, where $free_gb GB are free; going on with the CPU." >&2
  echo debian
  exit 0
fi
if ! command -v python3 >/dev/null; then
  echo "$gpus; python3, which fetches a LibTorch for it, is missing; going on with the CPU." >&2
  echo debian
  exit 0
fi
echo "$(paste -sd ';' <<<"$gpus"): taking PyTorch's LibTorch for CUDA from pip (about 5 GB; --torch debian: CPU only)" >&2
echo pip-cuda
