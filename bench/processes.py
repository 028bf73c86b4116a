#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One trial over N processes of one thread beside the same trial in one process of N threads, in turn.

For each setting it prints the ratio of their training times an epoch (`train_s`; below 1: the processes are faster), and how much of it
the processes spend in sums, waiting for each other included (`reduce_s`): median (least - most) of the pairs, an epoch of a round each.
The first epoch of a trial is left out where there are more.

  bench/processes.py --segbench build/release/bin/segbench --data CAMVID [--processes 2] [--rounds 5] [--epochs 2]
                     [--settings 48x64:0.25,96x128:0.5] [--batch 8] [--json FILE]
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

STUDY = """
schema = 1
name = "{name}"
data = {{ kind = "camvid", root = "{data}", resolution = [{height}, {width}] }}
model = {{ architecture = "unet", size = "small", width = {share} }}
trials = {{ seeds = [{seed}] }}
run = {{ device = "cpu", threads = {threads}, jobs = 1 }}
[training]
epochs = {epochs}
evaluate_every = {epochs}
batch_size = {batch}
loss = {{ name = "cross_entropy", class_weights = "none" }}
optimizer = {{ name = "adam", learning_rate = 1e-3 }}
augment = ["horizontal_flip"]
processes = {processes}
"""


def epochs_of(folder):
    """The timings of the epochs of the one trial below a folder."""
    logs = list(folder.glob("**/events.jsonl"))
    if len(logs) != 1:
        sys.exit(f"{folder} has {len(logs)} trials; one was to be trained")
    events = [json.loads(line) for line in logs[0].read_text().splitlines()]
    timings = [event["timing"] for event in events if event["type"] == "epoch"]
    return timings[1:] or timings


def train(options, work, setting, seed, processes):
    size, share = setting.split(":")
    height, width = size.split("x")
    name = f"{size}_{share}_{seed}_{processes}".replace(".", "_")
    study = work / f"{name}.toml"
    study.write_text(STUDY.format(name=name, data=options.data.resolve(), height=height, width=width, share=share, seed=seed,
                                  threads=options.processes, epochs=options.epochs, batch=options.batch, processes=processes))
    done = subprocess.run([options.segbench.resolve(), "run", study, "--runs", work / "runs"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"segbench run {study} failed:\n{done.stdout}{done.stderr}")
    return epochs_of(work / "runs" / name)


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} - {max(values):.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segbench", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="a folder of CamVid")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--settings", default="48x64:0.25,96x128:0.5", help="HEIGHTxWIDTH:NETWORK_WIDTH, …")
    parser.add_argument("--json", type=pathlib.Path, help="every timing is written to this file")
    options = parser.parse_args()
    kept = {}
    with tempfile.TemporaryDirectory() as folder:
        for setting in options.settings.split(","):
            alone, together = [], []
            for seed in range(1, options.rounds + 1):
                order = [(1, alone), (options.processes, together)]
                for processes, into in order if seed % 2 else reversed(order):
                    into.extend(train(options, pathlib.Path(folder), setting, seed, processes))
            ratios = [b["train_s"] / a["train_s"] for a, b in zip(alone, together)]
            shares = [100 * b["reduce_s"] / b["train_s"] for b in together]
            kept[setting] = {"alone": alone, "together": together}
            print(f"{setting}: {options.processes} processes / {options.processes} threads {spread(ratios)}, n = {len(ratios)}; "
                  f"sums {spread(shares)} % of train_s; train_s {spread([a['train_s'] for a in alone])} and "
                  f"{spread([b['train_s'] for b in together])}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
