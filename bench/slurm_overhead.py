#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What Slurm adds to a study of many short trials, against `segbench run --jobs` on the same number of cores.

Starts a slurmctld of its own on this machine (tests/slurm/cluster.sh), trains the same study in turn by each of
the ways below, each time in a new folder, and ends the cluster.

  run        segbench run --jobs CORES --threads 1
  one task   segbench submit --cpus CORES: one task that trains as many trials at once
  tasks      segbench submit --cpus 1 --max-running CORES --pack …: a task a core

Measured from the start of the command until the last trial is complete; preparing the data is part of it. The
finishing job, which imports and reports, is told apart. The goal is a ratio to `run` of 1.3 at most.

    bench/slurm_overhead.py --segbench build/ci/bin/segbench --trials 200 --rounds 3
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OVER = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"}

STUDY = """schema = 1
name = "short"
question = "What does a task cost?"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 48
selection_images = 8
test_images = 8
[training]
epochs = {epochs}
batch_size = 8
loss = "cross_entropy"
optimizer = {{ name = "adam", learning_rate = 0.01 }}
augment = ["horizontal_flip"]
[trials]
seeds = {seeds}
[matrix]
model = [
  {{ architecture = "unet", size = "small", width = 0.125 }},
  {{ architecture = "fcn", size = "small", width = 0.125 }},
]
"""


def call(command, environment, folder):
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def states(job, environment, folder):
    """Of all tasks of a job; an empty set when Slurm has forgotten it."""
    done = subprocess.run(["squeue", "-h", "--array", "-t", "all", "-j", job, "-o", "%T"], env=environment,
                          cwd=folder, capture_output=True, text=True)
    return set(done.stdout.split())


def wait(job, environment, folder):
    while not states(job, environment, folder) <= OVER:
        time.sleep(0.1)


def check(segbench, trials, environment, folder):
    rows = json.loads(call([segbench, "--format", "json", "status", "short"], environment, folder))
    complete = sum(row["status"] == "complete" for row in rows)
    if complete != trials:
        sys.exit(f"{folder}: {complete} of {trials} trials are complete")


def train_here(o, environment, folder):
    begin = time.monotonic()
    call([o.segbench, "run", "short.toml", "--jobs", str(o.cores), "--threads", "1", "--quiet"], environment,
         folder)
    return time.monotonic() - begin, None


def train_on_slurm(o, environment, folder, options):
    begin = time.monotonic()
    row = json.loads(call([o.segbench, "--format", "json", "submit", "short.toml", "--threads", "1", *options],
                          environment, folder))[0]
    submitted = time.monotonic()
    wait(row["array_job"], environment, folder)
    trained = time.monotonic()
    wait(row["finish_job"], environment, folder)
    print(f"    {row['tasks']} tasks; submitted in {submitted - begin:.1f} s, finishing job "
          f"{time.monotonic() - trained:.1f} s", file=sys.stderr)
    return trained - begin, time.monotonic() - trained


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segbench", default=ROOT / "build/ci/bin/segbench", type=pathlib.Path)
    parser.add_argument("--trials", default=200, type=int, help="a multiple of 2")
    parser.add_argument("--epochs", default=5, type=int)
    parser.add_argument("--cores", default=min(2, os.cpu_count()), type=int, help="at most 2, those of a node")
    parser.add_argument("--rounds", default=2, type=int)
    o = parser.parse_args()
    o.segbench = o.segbench.resolve()
    pack = -(-o.trials // o.cores)
    ways = {
        "run": train_here,
        "one task": lambda *a: train_on_slurm(*a, ["--cpus", str(o.cores)]),
        "tasks": lambda *a: train_on_slurm(
            *a, ["--cpus", "1", "--max-running", str(o.cores), "--pack", str(pack)]),
    }
    seconds = {way: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="segbench-slurm-") as temporary:
        folder = pathlib.Path(temporary)
        cluster = ["/bin/bash", ROOT / "tests/slurm/cluster.sh"]
        environment = dict(os.environ, SLURM_CONF=str(folder / "cluster/etc/slurm.conf"))
        subprocess.run([*cluster, "start", folder / "cluster"], check=True)
        try:
            for number in range(o.rounds):
                order = list(ways) if number % 2 == 0 else list(reversed(ways))
                for way in order:
                    place = folder / f"{number} {way}"
                    place.mkdir()
                    (place / "short.toml").write_text(
                        STUDY.format(epochs=o.epochs, seeds=list(range(1, o.trials // 2 + 1))))
                    took, _ = ways[way](o, environment, place)
                    check(o.segbench, o.trials, environment, place)
                    seconds[way].append(took)
                    print(f"  round {number + 1}, {way}: {took:.1f} s", file=sys.stderr)
        finally:
            subprocess.run([*cluster, "stop", folder / "cluster"], check=False)
    print(f"{o.trials} trials of {o.epochs} epochs on {o.cores} cores, {o.rounds} rounds in turn")
    for way, took in seconds.items():
        ratios = [t / r for t, r in zip(took, seconds["run"])]
        print(f"{way:9} {statistics.median(took):7.1f} s ({min(took):.1f} - {max(took):.1f})   "
              f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} - {max(ratios):.2f})")


if __name__ == "__main__":
    main()
