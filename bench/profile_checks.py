# SPDX-License-Identifier: MIT
"""What `segbench profile` says where the truth is known.

    bench/profile_checks.py aa [PROFILES]        the same network under two names: how often "no difference"
    bench/profile_checks.py slower [PROFILES]    an engine made slower by 1.1: how often its interval holds that

Needs segbench and segbench-worker in the PATH. Each profile takes about ten seconds; use an idle machine.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

FACTOR = 1.1


def profile(runs, more):
    command = ["segbench", "--runs", runs, "profile", "--again", "--quiet", "--widths", "0.25", "--resolution", "96x96"]
    command += ["--seconds", "8", "--format", "json"] + more
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)["rows"]


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else ""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    if kind not in ("aa", "slower"):
        sys.exit(__doc__)
    slower = f"{sys.executable} {os.path.dirname(os.path.abspath(__file__))}/slower_engine.py {FACTOR}"
    slower += f" {shutil.which('segbench-worker')} engine eager"
    good = 0
    with tempfile.TemporaryDirectory() as runs:
        for i in range(count):
            if kind == "aa":
                row = profile(runs, ["--models", "unet:small,unet:small", "--engine", "eager"])[1]
                held = row["verdict"] == "no difference"
            else:
                more = ["--models", "unet:small", "--engine", "eager,slower", "--engine-command", f"slower={slower}"]
                row = profile(runs, more)[1]
                held = row["ratio_interval"][0] <= FACTOR <= row["ratio_interval"][1]
            good += held
            low, high = row["ratio_interval"]
            print(f"{i + 1}: ratio {row['ratio']:.3f} ({low:.3f} to {high:.3f}), {row['verdict']}", flush=True)
    what = "no difference" if kind == "aa" else f"the interval holds {FACTOR}"
    print(f"{what}: {good} of {count}")


main()
