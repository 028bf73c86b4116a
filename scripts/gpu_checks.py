# SPDX-License-Identifier: MIT
"""The steps of gpu.sh that ask the worker, each by name; writes what it found as JSON, and ends with 1 when it is not as it
should be.

    train     every trial of the bundle, in turn
    parity    two epochs on the CPU and on the device: the first losses agree
    resume    every trial again, killed in the middle: the weights are the same to the bit
    verify    every trial again: its weights repeat as far as its environment promised
    memory    a trial on a device whose memory is taken: it fails as out of memory
    assert    a trial whose labels name no class: it fails as an error, with one beginning and one end
    levers    the fastest trial without each lever
    baseline  the same U-Net in Python, eager and compiled, against the trial "unet small"
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time


def trials():
    """The trials of the bundle, by label."""
    found = {}
    for file in sorted(pathlib.Path("runs").glob("*/trials/*/trial.json")):
        found[json.loads(file.read_text())["variant_label"]] = file
    return found


def events(folder, kind, log="events.jsonl"):
    path = folder / log
    lines = path.read_text().splitlines() if path.exists() else []
    return [event for event in map(json.loads, lines) if event.get("type") == kind]


def copy_of(file, name, change=None):
    """The trial in a folder of its own under gpu/, with its cache where it was."""
    spec = json.loads(file.read_text())
    spec["cache"] = str((file.parent / spec["cache"]).resolve())
    if change:
        change(spec)
    folder = pathlib.Path("gpu") / name / file.parent.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "trial.json").write_text(json.dumps(spec))
    return folder


def train(options, folder, device=None, further=(), wait=True):
    command = [options.worker, "train", str(folder / "trial.json"), "--device", device or options.device]
    command += ["--checkpoint-seconds", "3600", *further]
    with open(folder / "worker.log", "ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    return process.wait() if wait else process


def weights(folder):
    finished = events(folder, "finished")
    return finished[-1]["weights_sha256"] if finished else None


def seconds_per_step(folder):
    """Of the last epoch, when all is warm."""
    epoch = events(folder, "epoch")[-1]
    return epoch["timing"]["train_s"] / epoch["steps"]


def check_train(options):
    found, good = {}, True
    for label, file in trials().items():
        code = train(options, file.parent)
        good &= code == 0
        found[label] = {"exit_code": code}
        if code == 0:
            test = [e for e in events(file.parent, "evaluation") if e["split"] == "test"][-1]
            found[label] |= {"seconds_per_step": seconds_per_step(file.parent), "test_loss": test["loss"]}
    return found, good


def check_parity(options):
    found, good = {}, True

    def shorten(spec):
        spec["variant"]["training"]["epochs"] = 2

    for label, file in trials().items():
        losses = []
        for device in ("cpu", options.device):
            folder = copy_of(file, "parity-" + device.replace(":", ""), shorten)
            if train(options, folder, device) != 0:
                good = False
                break
            losses.append([epoch["loss"] for epoch in events(folder, "epoch")])
        if len(losses) == 2:
            apart = abs(losses[0][0] - losses[1][0]) / abs(losses[0][0])
            found[label] = {"losses": losses, "first_epoch_apart": apart}
            good &= apart < 0.02
    return found, good


def check_resume(options):
    found, good = {}, True
    for label, file in trials().items():
        folder = copy_of(file, "resume")
        process = train(options, folder, further=["--checkpoint-steps", "3"], wait=False)
        deadline = time.monotonic() + 120
        while not events(folder, "epoch") and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        code = train(options, folder)
        same = code == 0 and weights(folder) == weights(file.parent)
        found[label] = {"exit_code": code, "same_weights": same, "attempts": len(events(folder, "started", "attempts.jsonl"))}
        promised = events(file.parent, "started", "attempts.jsonl")[-1]["environment"]["determinism"]["grade"]
        good &= code == 0 and (same or promised != "bitwise")
    return found, good


def check_verify(options):
    found, good = {}, True
    for label, file in trials().items():
        folder = copy_of(file, "verify")
        code = train(options, folder)
        same = code == 0 and weights(folder) == weights(file.parent)
        promised = events(file.parent, "started", "attempts.jsonl")[-1]["environment"]["determinism"]
        found[label] = {"exit_code": code, "same_weights": same, "promised": promised}
        good &= code == 0 and (same or promised["grade"] != "bitwise")
    return found, good


def ended(folder):
    begins, ends = events(folder, "started", "attempts.jsonl"), events(folder, "ended", "attempts.jsonl")
    last = ends[-1] if ends else {}
    return {"started": len(begins), "ended": len(ends), "reason": last.get("reason"), "message": last.get("message")}


def check_memory(options):
    holder = subprocess.Popen(
        [sys.executable, "-c", "import torch, sys, time\n"
         "free = torch.cuda.mem_get_info()[0]\n"
         "kept = torch.empty(free - (700 << 20), dtype=torch.uint8, device='cuda')\n"
         "print('ready', flush=True)\ntime.sleep(600)"], stdout=subprocess.PIPE, text=True)
    try:
        if holder.stdout.readline().strip() != "ready":
            return {"skipped": "Python's PyTorch could not take the memory"}, False
        folder = copy_of(trials()["unet full"], "memory")
        code = train(options, folder)
    finally:
        holder.kill()
        holder.wait()
    found = ended(folder) | {"exit_code": code}
    return found, code == 1 and found["reason"] == "out_of_memory" and found["started"] == found["ended"] == 1


def check_assert(options):
    file = next(iter(trials().values()))

    def spoil(spec):
        cache = pathlib.Path("gpu/assert-cache")
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(spec["cache"], cache)
        labels = next(cache.glob("labels*"))
        labels.write_bytes(bytes([200]) * labels.stat().st_size)
        spec["cache"] = str(cache.resolve())

    folder = copy_of(file, "assert", spoil)
    code = train(options, folder)
    found = ended(folder) | {"exit_code": code}
    return found, code == 1 and found["reason"] == "error" and found["started"] == found["ended"] == 1


def check_levers(options):
    file = trials().get("unet small") or next(iter(trials().values()))
    found = {}
    for round_number in range(3):
        for lever in ("", "parameter_lists", "device_counts", "channels_last", "graphs", "resident_data"):
            folder = copy_of(file, "levers")
            code = train(options, folder, further=["--without", lever] if lever else [])
            if code != 0:
                return {"lever": lever, "exit_code": code}, False
            found.setdefault(lever or "all", []).append(seconds_per_step(folder))
    return {"seconds_per_step": found}, True


def check_baseline(options):
    """A training step in Python on the device, of the sizes of the trial; images in its memory."""
    import torch
    from torch import cat, nn
    from torch.nn import functional

    file = trials()["unet small"]
    spec = json.loads(file.read_text())
    batch = spec["variant"]["training"]["batch_size"]
    manifest = json.loads(next((file.parent / spec["cache"]).glob("manifest.json")).read_text())
    height, width, classes = manifest["height"], manifest["width"], len(manifest["classes"])
    widths = [32, 64, 128, 256, 288]

    def twice(inputs, outputs):
        return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
                             nn.Conv2d(outputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))

    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.down = nn.ModuleList(twice(a, b) for a, b in zip([3, *widths], widths))
            pairs = list(zip(widths[:0:-1], widths[-2::-1]))
            self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, stride=2) for a, b in pairs)
            self.merge = nn.ModuleList(twice(2 * b, b) for _, b in pairs)
            self.head = nn.Conv2d(widths[0], classes, 1)

        def forward(self, x):
            kept = []
            for block in self.down[:-1]:
                x = block(x)
                kept.append(x)
                x = functional.max_pool2d(x, 2)
            x = self.down[-1](x)
            for up, merge in zip(self.up, self.merge):
                x = merge(cat([kept.pop(), up(x)], 1))
            return self.head(x)

    images = torch.rand(batch, 3, height, width, device=options.device)
    labels = torch.randint(0, classes, (batch, height, width), device=options.device)

    def seconds(compiled):
        network = UNet().to(options.device).train()
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, capturable=True)
        forward = torch.compile(network, mode="reduce-overhead") if compiled else network

        def step():
            optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(forward(images), labels).backward()
            optimizer.step()

        for _ in range(20):
            step()
        torch.cuda.synchronize()
        begin = time.perf_counter()
        for _ in range(50):
            step()
        torch.cuda.synchronize()
        return (time.perf_counter() - begin) / 50

    found = {"pytorch": torch.__version__, "eager": seconds(False)}
    try:
        found["compiled"] = seconds(True)
    except Exception as error:  # no Triton, no compiler: said, not fatal
        found["compiled"] = None
        found["why_not_compiled"] = str(error).splitlines()[0]
    found["ours"] = seconds_per_step(file.parent)
    found["note"] = "the networks are alike in size, not the same"
    return found, True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    checks = {name.removeprefix("check_"): check for name, check in globals().items() if name.startswith("check_")}
    parser.add_argument("check", choices=checks)
    parser.add_argument("--worker", required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    if not trials():
        sys.exit("there is no trial in " + os.path.abspath("runs"))
    found, good = checks[options.check](options)
    text = json.dumps(found, indent=1)
    print(text)
    if good:
        pathlib.Path(options.json).write_text(text + "\n")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
