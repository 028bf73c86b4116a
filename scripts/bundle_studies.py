# SPDX-License-Identifier: MIT
"""The studies of the first hour on a GPU, for bundle_worker.sh: writes first_hour_networks.toml (every architecture, narrow, on
shapes), first_hour_sizes.toml (three sizes of U-Net, three seeds, on made-up images in the shape of Pascal VOC 2012) with its data,
and first_hour_profile.toml into a folder."""

import argparse
import csv
import io
import random
import struct
import subprocess
import zlib
from pathlib import Path

NARROW = {"published": 1 / 32}  # else an eighth, as in harness/conformance
CLASSES = ["background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
           "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"]
VOC_TEST = 1449 / 1464  # images of its split val, as a fraction of those of train

NETWORKS = """schema   = 1
name     = "first_hour_networks"
question = "Does a GPU train every network as a CPU does?"
[data]
kind             = "shapes"
resolution       = [64, 64]
train_images     = 24
selection_images = 8
test_images      = 8
[model]
architecture = "unet"
[training]
epochs     = 3
batch_size = 8
loss       = "cross_entropy"
optimizer  = { name = "adam", learning_rate = 1e-3 }
augment    = ["horizontal_flip"]
[trials]
seeds = [1]
"""

SIZES = """schema   = 1
name     = "first_hour_sizes"
question = "How long does the size study of the VOC course take?"
[data]
kind        = "folders"
root        = {root}
classes     = {classes}
void_values = [255]
allow_absent_classes = true  # of few images not every class is drawn in both splits
resolution  = [{side}, {side}]
splits      = {{ train = "train", selection = 0.2, test = "test" }}
[model]
architecture        = "unet"
batch_norm_momentum = 0.99
[training]
epochs     = {epochs}
batch_size = 16
loss       = {{ name = "cross_entropy", class_weights = "inverse_frequency" }}
optimizer  = {{ name = "adam", learning_rate = 1e-4, decay = 1e-3 }}
augment    = ["horizontal_flip"]
[trials]
seeds = [1, 2, 3]
[matrix]
"model.size" = ["small", "medium", "full"]
"""

PROFILE = """schema   = 1
name     = "first_hour_profile"
question = "Which engine predicts fastest on the GPU?"
[profile]
models       = ["unet:small"]
resolution   = ["{side}x{side}"]
classes      = 21
batch        = [1, 16]
seconds      = 20
"""


def networks(segbench):
    """A variant for the smallest size of every architecture."""
    listed = subprocess.run([segbench, "models", "--format", "csv"], check=True, capture_output=True, text=True).stdout
    text, seen = NETWORKS, set()
    for row in csv.DictReader(io.StringIO(listed)):
        name, size = row["architecture"], row["size"]
        if name in seen:
            continue
        seen.add(name)
        text += f'[[variant]]\nlabel = "{name}"\nmodel = {{ architecture = "{name}", size = "{size}", width = {NARROW.get(size, 1 / 8)} }}\n'
    return text


def png(side, colour_type, rows):
    """A PNG of 8 bits a sample; `rows` are bytes without filter."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 6)) + chunk(b"IEND", b"")


def draw(draws, side):
    """An image and its mask: two or three boxes of a class each, with a void outline, before a background of stripes."""
    ground = [bytes(draws.randrange(256) for _ in range(3)) for _ in range(2)]
    image = [bytearray(ground[row // 8 % 2] * side) for row in range(side)]
    mask = [bytearray(side) for _ in range(side)]
    for _ in range(draws.randint(2, 3)):
        label, colour = draws.randrange(1, len(CLASSES)), bytes(draws.randrange(256) for _ in range(3))
        height, width = draws.randint(side // 6, side // 2), draws.randint(side // 6, side // 2)
        top, left = draws.randrange(side - height), draws.randrange(side - width)
        for row in range(top, top + height):
            image[row][3 * left : 3 * (left + width)] = colour * width
            inside = bytes([label]) * (width - 2) if top < row < top + height - 1 else bytes([255]) * (width - 2)
            mask[row][left : left + width] = b"\xff" + inside + b"\xff"
    return png(side, 2, image), png(side, 0, mask)


def voc_shaped(root, images, side):
    draws = random.Random(2012)
    for split, number in (("train", images), ("test", max(4, round(images * VOC_TEST)))):
        for kind in ("images", "masks"):
            (root / split / kind).mkdir(parents=True)
        for index in range(number):
            for kind, data in zip(("images", "masks"), draw(draws, side)):
                (root / split / kind / f"{index:06}.png").write_bytes(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--segbench", required=True)
    parser.add_argument("--images", type=int, default=1464, help="training images of the size study, of which a fifth selects")
    parser.add_argument("--side", type=int, default=128, help="their height and width")
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    for name, least in (("images", 8), ("side", 32)):
        if getattr(options, name) < least:
            parser.error(f"--{name}: {getattr(options, name)} are too few; at least {least}")
    voc_shaped(options.folder / "voc", options.images, options.side)
    quoted = '"' + str((options.folder / "voc").resolve()) + '"'
    sizes = SIZES.format(root=quoted, classes=str(CLASSES).replace("'", '"'), side=options.side, epochs=options.epochs)
    for name, text in (("networks", networks(options.segbench)), ("sizes", sizes), ("profile", PROFILE.format(side=options.side))):
        (options.folder / f"first_hour_{name}.toml").write_text(text)


if __name__ == "__main__":
    main()
