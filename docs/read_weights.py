#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the weights of a trial (weights.safetensors, or what `segbench export --weights` wrote) from Python.

Needs numpy alone; uses the safetensors package where it is installed. As a module:

    from read_weights import read_weights
    metadata, tensors = read_weights("unet.safetensors")   # {"architecture": …}, {"encoder1.conv1.weight": array, …}

As a program:

    read_weights.py FILE                    lists the tensors
    read_weights.py FILE --npz OUT.npz      writes them for numpy
    read_weights.py FILE --torch OUT.pth    writes a state_dict for PyTorch, which must be installed
"""
import argparse
import hashlib
import json
import struct

import numpy

# bfloat16 has no numpy type: its values are widened to float32.
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2",
          "I8": "i1", "U8": "u1", "BOOL": "?"}


def read_with_numpy(path):
    """The format: 8 bytes little-endian length of the header, the header as JSON, the tensors' bytes."""
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], dtype=DTYPES[entry["dtype"]])
        if entry["dtype"] == "BF16":
            values = (values.astype("<u4") << 16).view("<f4")
        tensors[name] = values.reshape(entry["shape"])
    return metadata, tensors


def read_weights(path):
    """Returns the metadata (strings) and the tensors (numpy arrays by name)."""
    try:
        from safetensors import safe_open
    except ImportError:
        return read_with_numpy(path)
    with safe_open(path, framework="numpy") as file:
        return file.metadata() or {}, {name: file.get_tensor(name) for name in file.keys()}


def weights_sha256(tensors):
    """The SHA-256 that Segbench records: selected_weights_sha256 of the trial. For float32 and integers."""
    names = {numpy.dtype(text).str.lstrip("<|"): name for name, text in DTYPES.items() if name != "BF16"}
    digest = hashlib.sha256()
    for name in sorted(tensors, key=lambda text: text.encode()):
        values = numpy.ascontiguousarray(tensors[name])
        dtype = names[values.dtype.str.lstrip("<|")]
        digest.update(f"{name}\n{dtype} [{', '.join(map(str, tensors[name].shape))}]\n".encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description="Reads the weights of a Segbench trial.")
    parser.add_argument("file")
    parser.add_argument("--npz", metavar="OUT", help="write the tensors for numpy.load")
    parser.add_argument("--torch", metavar="OUT", help="write a state_dict for torch.load")
    arguments = parser.parse_args()
    metadata, tensors = read_weights(arguments.file)
    for name, values in tensors.items():
        print(name, values.dtype, "x".join(map(str, values.shape)) or "scalar", sep="\t")
    print(f"{metadata.get('architecture', 'tensors')}: {len(tensors)} tensors, "
          f"{sum(values.size for values in tensors.values())} values, SHA-256 {weights_sha256(tensors)}")
    if arguments.npz:
        numpy.savez(arguments.npz, **tensors)
    if arguments.torch:
        import torch
        torch.save({name: torch.from_numpy(values.copy()) for name, values in tensors.items()}, arguments.torch)


if __name__ == "__main__":
    main()
