# SPDX-License-Identifier: MIT
"""A step of gpu.sh, by name: writes what it found as JSON, and ends with 0 when that is as it should be, with 1 when it is not, and
with 3 when there is nothing to do it with."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

import checks
import profile_there
import speed
from trials import Skipped, Stopped, all_trials, stop

STEPS = {
    "selftest": checks.selftest,
    "train": checks.train_all,
    "conformance": checks.conformance,
    "parity": checks.parity,
    "resume": checks.resume,
    "verify": checks.verify,
    "memory": checks.memory,
    "assert": checks.assertion,
    "sizes": speed.sizes,
    "bare": speed.bare,
    "baseline": speed.baseline,
    "levers": speed.levers,
    "profile": profile_there.profile,
}


def main():
    listed = "\n".join(f"  {name:12} {step.__doc__.splitlines()[0]}" for name, step in STEPS.items())
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n\n{listed}", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=STEPS, metavar="STEP")
    parser.add_argument("--worker", required=True, help="segbench-worker")
    parser.add_argument("--device", required=True, help="cpu, cuda or cuda:N")
    parser.add_argument("--json", required=True, help="file for what was found")
    parser.add_argument("--at-once", type=int, default=1, help="workers that run at the same time, where no time is measured")
    parser.add_argument("--again", action="store_true", help="trains anew what has been trained")
    parser.add_argument("--parts", nargs="*", default=[], help="conformance of these parts alone")
    options = parser.parse_args()
    if not all_trials():
        sys.exit("there is no trial in " + os.path.abspath("runs"))
    signal.signal(signal.SIGTERM, stop)  # which the workers have got as well: they write a checkpoint, and are waited for
    try:
        found, good = STEPS[options.step](options)
    except Stopped:
        sys.exit(143)
    except Skipped as why:
        print(why)
        sys.exit(3)
    text = json.dumps(found, indent=1)
    print(text)
    Path(options.json).write_text(text + "\n")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
