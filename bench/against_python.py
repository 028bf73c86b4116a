# SPDX-License-Identifier: MIT
"""The same small study in plain PyTorch and in Segbench, in turn; prints ratios of their times.

against_python.sh makes what this needs and starts it. As `against_python.py train CACHE NETWORK EPOCHS BATCH THREADS` it is
the plain PyTorch side: the loop that its author would write, with the data set in memory as float tensors, Adam,
cross-entropy, a random horizontal flip, and an evaluation after each epoch that counts a confusion matrix. It prints one line of JSON: the
seconds of training and of evaluation, epoch by epoch.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

NETWORKS = {  # name: architecture, size, encoder
    "unet_small": ("unet", "small", None),
    "unet_full": ("unet", "full", None),
    "unet_resnet34": ("unet", "full", "resnet34"),
}
STUDY = """
schema = 1
name = "{name}"
data = {{ kind = "shapes", resolution = [{side}, {side}], train_images = {images}, selection_images = {images}, test_images = 8 }}
model = {{ architecture = "{architecture}", size = "{size}"{encoder} }}
trials = {{ seeds = [1] }}
run = {{ device = "cpu", threads = {threads}, jobs = 1 }}
[training]
epochs = {epochs}
batch_size = {batch}
loss = "cross_entropy"
optimizer = {{ name = "adam", learning_rate = 1e-3 }}
augment = ["horizontal_flip"]
"""


def build_network(name, classes):
    from torch import cat, nn
    from torch.nn import functional

    def two_convolutions(inputs, outputs, norm):
        layers = []
        for channels in (inputs, outputs):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.ReLU()]
            layers += [nn.BatchNorm2d(outputs)] if norm else []
        return nn.Sequential(*layers)

    class UNet(nn.Module):
        def __init__(self, widths):
            super().__init__()
            self.down = nn.ModuleList(two_convolutions(a, b, True) for a, b in zip([3, *widths], widths))
            pairs = list(zip(widths[:0:-1], widths[-2::-1]))
            self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, stride=2) for a, b in pairs)
            self.merge = nn.ModuleList(two_convolutions(2 * b, b, False) for _, b in pairs)
            self.head = nn.Conv2d(widths[0], classes, 1)

        def forward(self, x):
            skips = []
            for level, stage in enumerate(self.down):
                x = stage(functional.max_pool2d(x, 2) if level else x)
                skips.append(x)
            for up, merge, skip in zip(self.up, self.merge, skips[-2::-1]):
                x = merge(cat([up(x), skip], 1))
            return self.head(x)

    class Residual(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.shortcut = nn.Identity()
            if stride != 1:
                self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

        def forward(self, x):
            y = functional.relu(self.bn1(self.conv1(x)))
            return functional.relu(self.bn2(self.conv2(y)) + self.shortcut(x))

    def conv_bn_relu_twice(inputs, outputs):
        layers = []
        for channels in (inputs, outputs):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        return nn.Sequential(*layers)

    class UNetOnResNet34(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU())
            self.stages, inputs = nn.ModuleList(), 64
            for outputs, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
                stage = [Residual(inputs, outputs, stride)] + [Residual(outputs, outputs, 1) for _ in range(blocks - 1)]
                self.stages.append(nn.Sequential(*stage))
                inputs = outputs
            self.up = nn.ModuleList(
                conv_bn_relu_twice(a, b) for a, b in ((768, 256), (384, 128), (192, 64), (128, 32), (32, 16))
            )
            self.head = nn.Conv2d(16, classes, 3, padding=1)

        def forward(self, x):
            maps = [self.stem(x)]
            x = functional.max_pool2d(maps[0], 3, 2, 1)
            for stage in self.stages:
                x = stage(x)
                maps.append(x)
            for stage, skip in zip(self.up, [*maps[-2::-1], None]):
                x = functional.interpolate(x, scale_factor=2, mode="nearest")
                x = stage(x if skip is None else cat([x, skip], 1))
            return self.head(x)

    if name == "unet_resnet34":
        return UNetOnResNet34()
    return UNet({"unet_small": [64, 128, 512], "unet_full": [64, 128, 256, 512, 1024]}[name])


def train(cache, name, epochs, batch, threads):
    import numpy
    import torch
    from torch.nn import functional

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    manifest = json.loads((cache / "manifest.json").read_text())
    height, width, classes = manifest["height"], manifest["width"], len(manifest["classes"])
    count = len(manifest["samples"])
    images = numpy.fromfile(cache / "images.u8", numpy.uint8).reshape(count, height, width, -1)
    labels = numpy.fromfile(cache / "labels.u8", numpy.uint8).reshape(count, height, width)
    images = (torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255 - 0.5).contiguous()
    labels = torch.from_numpy(labels).long()
    indices = {split: torch.tensor(manifest["official_splits"][split]) for split in ("train", "selection")}

    network = build_network(name, classes)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    result = {"parameters": sum(p.numel() for p in network.parameters()), "train_s": [], "evaluate_s": []}
    for _ in range(epochs):
        begin = time.perf_counter()
        network.train()
        order = indices["train"][torch.randperm(len(indices["train"]))]
        for chosen in order.split(batch):
            x, y = images[chosen], labels[chosen]
            flip = torch.rand(len(chosen)) < 0.5
            x[flip], y[flip] = x[flip].flip(-1), y[flip].flip(-1)
            loss = functional.cross_entropy(network(x), y, ignore_index=255)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
        trained = time.perf_counter()
        network.eval()
        confusion = torch.zeros(classes * classes, dtype=torch.int64)
        with torch.no_grad():
            for chosen in indices["selection"].split(batch):
                predicted, y = network(images[chosen]).argmax(1), labels[chosen]
                known = y != 255
                confusion += torch.bincount(y[known] * classes + predicted[known], minlength=classes * classes)
        result["train_s"].append(trained - begin)
        result["evaluate_s"].append(time.perf_counter() - trained)
    print(json.dumps(result))


def run_ours(program, folder, name, options):
    """Trains the study in a fresh runs folder; returns the times and the folder of the decode cache."""
    architecture, size, encoder = NETWORKS[name]
    study, runs = folder / f"{name}.toml", folder / "runs"
    shutil.rmtree(runs, ignore_errors=True)
    text = STUDY.format(
        name=name, architecture=architecture, size=size, encoder=f', encoder = "{encoder}"' if encoder else "", **options
    )
    study.write_text(text)
    done = subprocess.run([program, "run", study, "--runs", runs], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{program} run {study} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    result = {"train_s": [], "evaluate_s": []}
    for line in next(runs.glob("*/trials/*/events.jsonl")).read_text().splitlines():
        event = json.loads(line)
        timing = event.get("timing", {})
        if event["type"] == "epoch":
            result["train_s"].append(timing["train_s"])
        elif event["type"] == "evaluation" and event["split"] == "selection" and event.get("weights") == "current":
            result["evaluate_s"].append(timing["evaluate_s"])
    return result, next(runs.glob("cache/*/manifest.json")).parent


def run_python(python, cache, name, options):
    command = [python, __file__, "train", cache, name, *(str(options[key]) for key in ("epochs", "batch", "threads"))]
    environment = dict(os.environ, OMP_NUM_THREADS=str(options["threads"]))
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def typical(seconds):
    return statistics.median(seconds[1:])  # the first epoch warms up


def compare(arguments):
    options = {key: getattr(arguments, key) for key in ("epochs", "batch", "threads", "side", "images")}
    ours = [pair.split("=", 1) for pair in arguments.ours]
    theirs = [pair.split("=", 1) for pair in arguments.python]
    print(f"{'network':14} {'what':9} {'Segbench':9} {'Python':9} {'s/epoch':>8} {'Python s':>8} {'ratio':>6}  range over rounds")
    with tempfile.TemporaryDirectory() as temporary:
        for name in arguments.networks:
            rounds = []
            for _ in range(arguments.rounds):
                times = {}
                for label, program in ours:
                    times["ours", label], cache = run_ours(program, pathlib.Path(temporary), name, options)
                for label, python in theirs:
                    times["python", label] = run_python(python, cache, name, options)
                rounds.append(times)
            for what in ("train_s", "evaluate_s"):
                for our_label, _ in ours:
                    for label, _ in theirs:
                        mine = [typical(times["ours", our_label][what]) for times in rounds]
                        other = [typical(times["python", label][what]) for times in rounds]
                        ratios = sorted(b / a for a, b in zip(mine, other))
                        print(
                            f"{name:14} {what[:-2]:9} {our_label:9} {label:9} {statistics.median(mine):8.3f}"
                            f" {statistics.median(other):8.3f} {statistics.median(ratios):6.2f}"
                            f"  {ratios[0]:.2f} to {ratios[-1]:.2f} (n = {len(ratios)})",
                            flush=True,
                        )


def main():
    if sys.argv[1:2] == ["train"]:
        cache, name, epochs, batch, threads = sys.argv[2:]
        return train(pathlib.Path(cache), name, int(epochs), int(batch), int(threads))
    parser = argparse.ArgumentParser(description="Compares Segbench's speed with plain PyTorch's.")
    parser.add_argument("--ours", action="append", required=True, metavar="LABEL=PROGRAM", help="a built segbench")
    parser.add_argument("--python", action="append", required=True, metavar="LABEL=PYTHON", help="a Python with torch")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--images", type=int, default=32, help="of training and of selection, each")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--side", type=int, default=128, help="height and width of an image")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    return compare(parser.parse_args())


if __name__ == "__main__":
    main()
