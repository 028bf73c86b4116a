#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# From a bare Debian 12 to a finished report: installs what is missing, builds, runs the built-in study. Re-runnable:
# what is complete is not run again. The last line is the path of the report.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(scripts/build.sh --target segbench --target segbench-worker "$@" | tail -n 1)
segbench=$folder/bin/segbench
echo "Running the study experiments/quickstart.toml (about two minutes on two cores)" >&2
"$segbench" run experiments/quickstart.toml
"$segbench" report quickstart
