# SPDX-License-Identifier: MIT
"""How fast a device trains: each function is a step of gpu.sh, and gives what it found and whether that is good."""

import random
import sys
import time
from pathlib import Path

from trials import (LONGEST, SIZES, Skipped, afresh, all_trials, ask, benchmark_trial, copy_of, each, ended, epochs, events, seconds_per_step,
                    spread, train)

ROUNDS = 3
EPOCHS = 3  # of a trial that is timed, the first of which warms up
GOAL = {"epochs": 25, "seconds": 300}  # of the VOC course's three sizes and three seeds on an H100 or H200


def sizes(options):
    """The size study, and what it would take with the VOC course's 25 epochs: by extrapolation, as the report says."""
    trials = [trial for trial in all_trials() if trial.study == SIZES]
    if not trials:
        raise Skipped("the bundle has no size study: it was made of other studies")
    if options.again:
        for trial in trials:
            afresh(trial)
    codes = each(options, trials, lambda trial: train(options, trial.folder))
    if any(codes.values()):
        return {"exit_codes": codes, "ended": {trial.name: ended(trial.folder) for trial in trials}}, False
    found, total = {"trials_at_once": options.at_once, "images": len(trials[0].spec["splits"]["train"]), "sizes": {}}, 0
    for trial in trials:
        trained = {event["epoch"]: event["timing"]["train_s"] for event in events(trial.folder, "epoch")}
        evaluated = {event["epoch"]: event["timing"]["evaluate_s"] for event in events(trial.folder, "evaluation")
                     if event["split"] == "selection" and event["weights"] == "current"}
        each_epoch = {epoch: seconds + evaluated.get(epoch, 0) for epoch, seconds in trained.items()}
        ends = events(trial.folder, "ended", "attempts.jsonl")
        whole, last = sum(end["seconds"] for end in ends), each_epoch[max(each_epoch)]
        extrapolated = whole - sum(each_epoch.values()) + GOAL["epochs"] * last
        total += extrapolated
        size = found["sizes"].setdefault(trial.label, {"epoch_s": [], "step_s": [], "trial_s": [], "extrapolated_s": [], "memory": []})
        size["epoch_s"].append(last)
        size["step_s"].append(seconds_per_step(trial.folder)[-1])
        size["trial_s"].append(whole)
        size["extrapolated_s"].append(extrapolated)
        size["memory"].append(ends[-1].get("device_peak_memory_bytes"))
    found["epochs"] = max(each_epoch)
    found["extrapolated_s"] = total / min(options.at_once, len(trials))
    found["goal"] = GOAL
    return found, True


def timed(options, trial, place, *further):
    """Seconds of a step of a copy of the trial, the median over its epochs but the first."""

    def change(spec):
        epochs(EPOCHS)(spec)
        for split in ("selection", "test"):  # evaluation is not timed
            spec["splits"][split] = spec["splits"][split][:LONGEST["evaluated"]]

    folder = copy_of(trial, place, change)
    if train(options, folder, further=further) != 0:
        raise RuntimeError(f"{trial.name} {' '.join(further)} fails: {ended(folder)}")
    return spread(seconds_per_step(folder))["median"]


def alone(options):
    """Timings are of a worker that runs alone."""
    options.at_once = 1


def ratios(times, reference):
    """Of each round's pair, by name."""
    return {name: spread([time / base for time, base in zip(values, times[reference])]) for name, values in times.items()
            if name != reference}


def levers(options):
    """A training step without each lever, in turn, as a multiple of one with all of them."""
    alone(options)
    trial, times = benchmark_trial(), {}
    names = ["all", *ask(options, "environment", "--device", options.device)["levers"]]
    for number in range(ROUNDS):
        for name in random.Random(number).sample(names, len(names)):
            without = [] if name == "all" else ["--without", name]
            times.setdefault(name, []).append(timed(options, trial, "levers", *without))
    return {"trial": trial.name, "step_s": times, "without_over_all": ratios(times, "all")}, True


def bare(options):
    """A training step of a whole trial as a multiple of the same arithmetic on batches in the device's memory, in turn."""
    alone(options)
    trial, times = benchmark_trial(), {"trial": [], "bare": []}
    for number in range(ROUNDS):
        for name in ("trial", "bare") if number % 2 else ("bare", "trial"):
            if name == "trial":
                times[name].append(timed(options, trial, "bare"))
            else:
                loop = ask(options, "bare", str(trial.folder / "trial.json"), "--device", options.device, "--epochs", str(EPOCHS))
                times[name].append(spread(loop["train_s"][1:])["median"] / loop["steps"])
    return {"trial": trial.name, "step_s": times, "trial_over_bare": ratios(times, "bare")["trial"]}, True


class PythonStep:
    """A training step of the small U-Net as one would write it in PyTorch, on a batch in the device's memory."""

    def __init__(self, torch, network, device, classes, batch, height, width, compiled):
        self.torch, self.device = torch, device
        self.network = network.to(device).train()
        self.forward = torch.compile(self.network, mode="reduce-overhead") if compiled else self.network
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-4)
        self.images = torch.rand(batch, 3, height, width, device=device)
        self.labels = torch.randint(0, classes, (batch, height, width), device=device)
        self.weights = torch.ones(classes, device=device)

    def run(self, steps):
        """Seconds of each of so many steps."""
        functional = self.torch.nn.functional
        begin = time.perf_counter()
        for _ in range(steps):
            self.optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(self.forward(self.images), self.labels, self.weights, ignore_index=255).backward()
            self.optimizer.step()
        if self.device != "cpu":
            self.torch.cuda.synchronize(self.device)
        return (time.perf_counter() - begin) / steps


def baseline(options):
    """A training step in Python, eager and compiled, as a multiple of ours, in turn."""
    try:
        import torch
    except ImportError as problem:
        raise Skipped(f"{sys.executable} has no PyTorch") from problem
    sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
    from against_python import build_network

    alone(options)
    trial = benchmark_trial()
    variant, manifest = trial.spec["variant"], trial.manifest()
    model = variant["model"]
    if (model["architecture"], model["size"], model.get("width", 1.0)) != ("unet", "small", 1.0):
        raise Skipped(f"{trial.name} is not the small U-Net that bench/against_python.py writes in PyTorch")
    if options.device != "cpu":
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = variant["training"]["precision"] == "tf32"
    classes = len(manifest["classes"])
    shape = (classes, variant["training"]["batch_size"], manifest["height"], manifest["width"])
    found = {"pytorch": torch.__version__, "trial": trial.name}
    python = {}
    for name in ("eager", "compiled"):
        torch.manual_seed(1)
        network = build_network("unet_small", classes)
        found["parameters"] = sum(parameter.numel() for parameter in network.parameters())
        try:
            python[name] = PythonStep(torch, network, options.device, *shape, compiled=name == "compiled")
            for _ in range(3):  # compiles, warms up
                one = python[name].run(5)
        except Exception as error:  # no Triton, no compiler: told, not fatal
            if name == "eager":
                raise
            found["why_not_compiled"] = str(error).splitlines()[0]
            del python[name]
            continue
        python[name].steps = min(100, max(5, int(1 / one)))
    times = {"ours": []}
    for number in range(ROUNDS):
        order = ["ours", *python]
        for name in order if number % 2 else order[::-1]:
            time_of = timed(options, trial, "baseline") if name == "ours" else python[name].run(python[name].steps)
            times.setdefault(name, []).append(time_of)
    started = events(Path("gpu", "baseline", trial.folder.name), "trial")[0]
    found |= {"our_parameters": started["trainable_parameters"], "step_s": times, "python_over_ours": ratios(times, "ours")}
    return found, True
