# SPDX-License-Identifier: MIT
"""Whether a device computes what it should: each function is a step of gpu.sh, and gives what it found and whether that is good."""

import concurrent.futures
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from trials import (afresh, all_trials, ask, begin, benchmark_trial, computed, copy_of, each, ended, environment_of, epochs, events,
                    one_of_each_variant, shorten, threads, train, weights)


def selftest(options):
    """The worker says where it computes; a small trial computes the same twice, and records the device."""
    facts = ask(options, "environment", "--device", options.device)
    keys = ("device", "libtorch", "gpu", "gpu_driver", "gpu_libraries", "gpu_problem", "memory_format", "levers")
    found = {"environment": {key: facts.get(key) for key in keys}, "problems": []}
    trial = min(one_of_each_variant(), key=lambda t: len(t.spec["splits"]["train"]) * t.spec["variant"]["training"]["epochs"])
    folders = [copy_of(trial, f"selftest-{i}", shorten) for i in (1, 2)]
    for folder in folders:
        if train(options, folder) != 0:
            found["problems"].append(f"{trial.name} ends with {ended(folder)}")
            return found, False
    found["same_events"] = computed(folders[0]) == computed(folders[1])
    recorded, end = environment_of(folders[0]), events(folders[0], "ended", "attempts.jsonl")[-1]
    if not found["same_events"] and recorded["determinism"]["grade"] == "bitwise":
        found["problems"].append("a trial that is promised to repeat to the bit does not")
    if not recorded["device"].startswith(options.device.split(":")[0]):
        found["problems"].append(f"asked for {options.device}, it computed on {recorded['device']}")
    if options.device != "cpu":
        for key in ("gpu", "gpu_uuid", "gpu_driver", "gpu_libraries", "levers"):
            if not recorded.get(key):
                found["problems"].append(f"{key} is not recorded")
        if not end.get("device_peak_memory_bytes"):
            found["problems"].append("the largest memory on the GPU is not recorded")
    return found, not found["problems"]


def conformance(options):
    """Every network, loss and optimizer against the CPU, in as many processes as trials run at once."""
    shares = options.at_once

    def check(share):
        command = [options.worker, "conformance", "--device", options.device, "--threads", str(threads(options))]
        command += ["--share", f"{share}/{shares}"] + [word for name in options.parts for word in ("--only", name)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"segbench-worker conformance ended with {done.returncode}")
        return json.loads(done.stdout)

    with concurrent.futures.ThreadPoolExecutor(shares) as pool:
        parts = list(pool.map(check, range(1, shares + 1)))
    worst = {}
    for finding in (finding for part in parts for finding in part["worst"]):
        def used(one):
            return float("inf") if one["error"] == "infinite" else one["error"] / float(one["allowed"])

        key = (finding["kind"], finding["precision"], finding["what"])
        if key not in worst or used(finding) > used(worst[key]):
            worst[key] = finding
    found = {key: parts[0][key] for key in ("device", "times_cpu", "tolerances")}
    found["checked"] = {kind: sum(part["checked"][kind] for part in parts) for kind in parts[0]["checked"]}
    found["worst"] = list(worst.values())
    found["failures"] = [failure for part in parts for failure in part["failures"]]
    return found, not found["failures"]


def train_all(options):
    """One trial of each variant, whole."""

    def work(trial):
        if options.again:
            afresh(trial)
        code = train(options, trial.folder)
        if code != 0:
            return {"exit_code": code, **ended(trial.folder)}
        test = [event for event in events(trial.folder, "evaluation") if event["split"] == "test"][-1]
        return {"exit_code": 0, "test_loss": test["loss"], "promised": environment_of(trial.folder)["determinism"]["grade"]}

    found = each(options, one_of_each_variant(), work)
    return found, all(one["exit_code"] == 0 for one in found.values())


def parity(options):
    """The first epoch on the CPU and on the device: the mean losses agree within 2 %."""

    def first_epoch(spec):
        shorten(spec)
        epochs(1)(spec)

    def work(trial):
        losses = {}
        for device in ("cpu", options.device):
            folder = copy_of(trial, "parity-" + device.replace(":", ""), first_epoch)
            if train(options, folder, device=device) != 0:
                return {"agrees": False, "on": device, **ended(folder)}
            losses[device] = events(folder, "epoch")[0]["loss"]
        apart = abs(losses["cpu"] - losses[options.device]) / abs(losses["cpu"])
        return {"agrees": apart < 0.02, "losses": losses, "apart": apart}

    found = each(options, one_of_each_variant(), work)
    return found, all(one["agrees"] for one in found.values())


def reference(options, trial):
    """A shortened trial that ran undisturbed: the trial itself where it is short, or a copy, kept for all steps."""
    spec = json.loads(json.dumps(trial.spec))
    shorten(spec)
    if spec == trial.spec and weights(trial.folder):
        return trial.folder
    folder = Path("gpu", "reference", trial.folder.name)
    if not weights(folder):
        folder = copy_of(trial, "reference", shorten)
        if train(options, folder) != 0:
            raise RuntimeError(f"{trial.name} fails: {ended(folder)}")
    return folder


def killed(options, trial, place):
    """A copy that was killed behind its first checkpoint, within an epoch if it can be; None when it was too fast three times."""
    for _ in range(3):
        folder = copy_of(trial, place, shorten)
        process = begin(options, folder, further=["--checkpoint-steps", "2"])
        while not (folder / "checkpoint.safetensors").exists() and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL and not weights(folder):
            return folder
    return None


def resume(options):
    """Every trial again, killed in the middle and gone on with: the weights are those of the trial that was not."""

    def work(trial):
        whole = reference(options, trial)
        folder = killed(options, trial, "resume")
        if folder is None:
            return {"good": False, "message": "it ended before it could be killed"}
        code = train(options, folder)
        begins = events(folder, "started", "attempts.jsonl")
        promised = environment_of(whole)["determinism"]["grade"]
        same = code == 0 and weights(folder) == weights(whole)
        went_on = begins[-1]["resumed_from"]
        good = code == 0 and went_on is not None and (same or promised != "bitwise")
        return {"good": good, "same_weights": same, "promised": promised, "resumed_from": went_on, "exit_code": code}

    found = each(options, one_of_each_variant(), work)
    return found, all(one["good"] for one in found.values())


def verify(options):
    """Every trial a second time: it repeats as far as its environment promised."""

    def work(trial):
        whole = reference(options, trial)
        folder = copy_of(trial, "verify", shorten)
        code = train(options, folder)
        promised = environment_of(whole)["determinism"]
        same = code == 0 and computed(folder) == computed(whole)
        return {"good": code == 0 and (same or promised["grade"] != "bitwise"), "repeats": same, "promised": promised}

    found = each(options, one_of_each_variant(), work)
    return found, all(one["good"] for one in found.values())


def memory(options):
    """A trial that no memory suffices for fails as what it is: three times as wide, all images at once. On a CPU, where there may
    be much memory, 32 times as wide with 4 GiB of addresses."""
    on_cpu = options.device == "cpu"

    def enlarge(spec):
        spec["variant"]["model"]["width"] = 32 if on_cpu else 3
        spec["variant"]["training"] |= {"batch_size": len(spec["splits"]["train"]), "epochs": 1}

    largest = max(all_trials(), key=lambda t: (len(t.spec["splits"]["train"]), "full" in t.label))
    trial = benchmark_trial() if on_cpu else largest
    folder = copy_of(trial, "memory", enlarge)
    code = train(options, folder, most_memory=4 << 30 if on_cpu else None)
    found = ended(folder) | {"exit_code": code, "trial": trial.name}
    return found, code == 1 and found["reason"] == "out_of_memory" and found["started"] == found["ended"] == 1


def assertion(options):
    """A trial whose labels name no class fails as an error, with one beginning and one end: on a GPU by an assertion there."""
    trial = one_of_each_variant()[0]

    def spoil(spec):
        cache = Path("gpu/assert-cache")
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(spec["cache"], cache)
        labels = cache / "labels.u8"
        labels.write_bytes(bytes([200]) * labels.stat().st_size)
        spec["cache"] = str(cache.resolve())

    folder = copy_of(trial, "assert", spoil)
    code = train(options, folder)
    found = ended(folder) | {"exit_code": code, "trial": trial.name}
    # On a CPU the labels are counted before a loss is computed of them, and that is an internal error.
    return found, code in ((1, 70) if options.device == "cpu" else (1,)) and found["reason"] == "error" and found["started"] == found["ended"] == 1
