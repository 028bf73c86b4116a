# SPDX-License-Identifier: MIT
"""The trials of the bundle, and the worker that trains them."""

import concurrent.futures
import json
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

SIZES = "first_hour_sizes"  # the study that bundle_worker.sh makes in the shape of the VOC course's
LONGEST = {"epochs": 3, "batches": 4, "evaluated": 8}  # of a shortened trial


class Stopped(Exception):
    """The step was told to end: what is under way ends, and nothing more is begun."""


told_to_stop = []  # the signal, once it has come


def stop(signal_number, _):
    told_to_stop.append(signal_number)
    raise Stopped


class Skipped(Exception):
    """There is nothing to do it with; says what is missing."""


class Trial:
    def __init__(self, file):
        self.folder = file.parent
        self.spec = json.loads(file.read_text())
        self.study, self.label, self.seed = (self.spec[key] for key in ("study", "variant_label", "seed"))
        self.cache = (self.folder / self.spec["cache"]).resolve()
        self.name = f"{self.study}: {self.label}, seed {self.seed}"

    def manifest(self):
        """Of its decode cache."""
        return json.loads((self.cache / "manifest.json").read_text())


def all_trials():
    return sorted((Trial(file) for file in Path("runs").glob("*/trials/*/trial.json")), key=lambda t: (t.study, t.label, t.seed))


def one_of_each_variant():
    """The first trial of each variant; those of the size study only where there is no other study."""
    firsts = {}
    for trial in all_trials():
        firsts.setdefault((trial.study, trial.label), trial)
    others = [trial for trial in firsts.values() if trial.study != SIZES]
    return others or list(firsts.values())


def benchmark_trial():
    """The small U-Net of the size study, else the first trial there is."""
    trials = all_trials()
    small = [trial for trial in trials if trial.study == SIZES and "small" in trial.label]
    return (small or trials)[0]


def log_of(folder, log="events.jsonl"):
    """The whole lines of a log; one that is being written has no end yet."""
    path = folder / log
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def events(folder, kind, log="events.jsonl"):
    return [event for event in log_of(folder, log) if event["type"] == kind]


def computed(folder):
    """What a trial's log says but for when and how fast."""
    return [{key: value for key, value in event.items() if key not in ("time", "timing", "chain")} for event in log_of(folder)]


def weights(folder):
    finished = events(folder, "finished")
    return finished[-1]["weights_sha256"] if finished else None


def environment_of(folder):
    return events(folder, "started", "attempts.jsonl")[-1]["environment"]


def ended(folder):
    """How the attempts at a trial ended."""
    begins, ends = events(folder, "started", "attempts.jsonl"), events(folder, "ended", "attempts.jsonl")
    last = ends[-1] if ends else {}
    return {"started": len(begins), "ended": len(ends), "reason": last.get("reason"), "message": last.get("message")}


def copy_of(trial, place, change=None):
    """The trial in a folder of its own, gpu/PLACE/ID, with its cache where it was. `change` may change its specification."""
    spec = json.loads(json.dumps(trial.spec))
    spec["cache"] = str(trial.cache)
    if change:
        change(spec)
    folder = Path("gpu", place, trial.folder.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "trial.json").write_text(json.dumps(spec))
    return folder


def afresh(trial):
    """Removes what was trained of a trial."""
    for path in trial.folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "trial.json":
            path.unlink()


def shorten(spec):
    """At most three epochs of four batches, and eight images to evaluate on; those of the bundle's own study are shorter."""
    training, splits = spec["variant"]["training"], spec["splits"]
    training["epochs"] = min(training["epochs"], LONGEST["epochs"])
    splits["train"] = splits["train"][: LONGEST["batches"] * training["batch_size"]]
    for split in ("selection", "test"):
        splits[split] = splits[split][: LONGEST["evaluated"]]


def epochs(number):
    def change(spec):
        spec["variant"]["training"]["epochs"] = number

    return change


def threads(options):
    return max(1, len(os.sched_getaffinity(0)) // options.at_once)


BUSY = 75  # the worker's exit code where another process has the trial
PATIENCE = 60


def begin(options, folder, device=None, further=(), most_memory=None):
    """A worker that trains a trial, as a process."""
    if told_to_stop:
        raise Stopped
    command = [options.worker, "train", str(folder / "trial.json"), "--device", device or options.device]
    command += ["--threads", str(threads(options)), "--checkpoint-seconds", "3600", *further]
    if most_memory:
        command = ["prlimit", f"--as={most_memory}", *command]
    with open(folder / "worker.log", "ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def train(options, folder, **how):
    """The worker's exit code. One of a step that was cut may still be writing its checkpoint: it is waited for."""
    for _ in range(PATIENCE):
        code = begin(options, folder, **how).wait()
        if code != BUSY:
            break
        time.sleep(1)
    return code


def each(options, trials, work):
    """{name: work(trial)} of all trials, some at once."""
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        names = [trial.name for trial in trials]
        return dict(zip(names, pool.map(work, trials)))


def ask(options, *words):
    """What the worker prints as JSON."""
    done = subprocess.run([options.worker, *words], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"segbench-worker {' '.join(words)} ended with {done.returncode}")
    return json.loads(done.stdout)


def seconds_per_step(folder):
    """Of each epoch behind the first, when all is warm."""
    found = [event["timing"]["train_s"] / event["steps"] for event in events(folder, "epoch")]
    return found[1:] or found


def spread(values):
    """Of what was measured several times."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values), "n": len(values)}
