# SPDX-License-Identifier: MIT
"""What `segbench profile` adds to an iteration: its engines beside loops that a user would write.

    bench/profile_overhead.py [--model unet:small] [--batch 1] [--resolution 128x128] [--rounds 30] [ENGINE...]

Engines: pytorch, onnxruntime, openvino. Both sides execute the files that one short `segbench profile` wrote, each
in a process of its own: ours started as a profile starts it, the other with the library's defaults, and both with as
many threads as there are usable CPUs, in float32 (OpenVINO would take bfloat16 where the CPU has it). In each round
both are visited in random order. Printed: the time of ours as a multiple of the other's, by round the ratio of the
medians, over rounds their geometric mean with Student's 95 % interval, and the extremes. Needs segbench in the PATH
and $SEGBENCH_PYTHON (or this Python) with the libraries; use an idle machine.
"""
import argparse
import array
import glob
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# How a loop is told what to do: "N" on a line has it run N iterations and answer their nanoseconds.
TIMING = """
import json, sys, time
def answer(step):
    for line in sys.stdin:
        ns = []
        for _ in range(int(line)):
            start = time.perf_counter_ns()
            step()
            ns.append(time.perf_counter_ns() - start)
        print(json.dumps(ns), flush=True)
"""

LOOPS = {
    "pytorch": """
import json, sys, torch
folder, batch, threads, shape = sys.argv[1], sys.argv[2], int(sys.argv[3]), [int(n) for n in sys.argv[4].split(",")]
torch.set_num_threads(threads)
with open(folder + "/network.safetensors", "rb") as file:
    header, data = json.loads(file.read(int.from_bytes(file.read(8), "little"))), file.read()
header.pop("__metadata__", None)
tensors = {}
for name, entry in header.items():
    values = bytearray(data[slice(*entry["data_offsets"])])
    tensors[name] = torch.frombuffer(values, dtype=torch.float32).reshape(entry["shape"])
code = {}
exec(open(folder + "/network.py").read(), code)
network, images = code["Network"](tensors).eval(), torch.rand(shape)
with torch.no_grad():
    answer(lambda: network(images))
""",
    "onnxruntime": """
import numpy, onnxruntime, sys
folder, batch, threads, shape = sys.argv[1], sys.argv[2], int(sys.argv[3]), [int(n) for n in sys.argv[4].split(",")]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
file = f"{folder}/network_batch{batch}.onnx"
session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
feed = {session.get_inputs()[0].name: numpy.random.rand(*shape).astype(numpy.float32)}
answer(lambda: session.run(None, feed))
""",
    "openvino": """
import numpy, openvino, sys
folder, batch, threads, shape = sys.argv[1], sys.argv[2], int(sys.argv[3]), [int(n) for n in sys.argv[4].split(",")]
core = openvino.Core()
settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
network = core.compile_model(f"{folder}/network_batch{batch}.onnx", "CPU", settings)
request, images = network.create_infer_request(), numpy.random.rand(*shape).astype(numpy.float32)
answer(lambda: request.infer([images]))
""",
}


class Loop:
    """What a user would write."""

    def __init__(self, engine, facts):
        words = [facts["folder"], str(facts["batch"]), str(facts["threads"]), ",".join(map(str, facts["shape"]))]
        command = [facts["python"], "-c", TIMING + LOOPS[engine]] + words
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        if not reply:
            raise RuntimeError("it has ended")
        return json.loads(reply)

    def run(self, iterations):
        return self.ask(str(iterations))


class Ours(Loop):
    """An engine of a profile, started as a profile does."""

    def __init__(self, engine, facts):
        environment = {"GOMP_SPINCOUNT": "1000", "KMP_BLOCKTIME": "1", **os.environ}
        script = f"{facts['scripts']}/engine_{engine}.py"
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [facts["python"], script], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        shape = dict(zip(("batch", "channels", "height", "width"), facts["shape"]))
        form = "python" if engine == "pytorch" else "onnx"
        model = facts["folder"] + ("/network.py" if form == "python" else f"/network_batch{facts['batch']}.onnx")
        load = {"do": "load", "model": model, "format": form, "device": "cpu", "precision": "float32"}
        load.update(memory_format="contiguous", threads=facts["threads"], outputs=facts["classes"], **shape)
        for request in ({"do": "describe"}, load, {"do": "input", "file": facts["images"]}):
            self.request(request)

    def request(self, request):
        reply = self.ask(json.dumps(request))
        if not reply["ok"]:
            raise RuntimeError(reply["error"])
        return reply

    def run(self, iterations):
        return self.request({"do": "run", "iterations": iterations})["ns"]


def prepare(options, engines, folder):
    height, width = (int(n) for n in options.resolution.split("x"))
    command = ["segbench", "--runs", folder, "profile", "--models", options.model, "--batch", str(options.batch)]
    command += ["--resolution", options.resolution, "--engine", ",".join(engines), "--seconds", "1", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    networks = glob.glob(folder + "/profile/profile/*/networks/0_*/")
    if done.returncode not in (0, 1) or not networks:
        sys.exit(done.stderr)
    images = folder + "/images.f32"
    shape = [options.batch, 3, height, width]
    with open(images, "wb") as file:
        array.array("f", [random.random() for _ in range(math.prod(shape))]).tofile(file)
    return {
        "folder": networks[0].rstrip("/"),
        "scripts": folder + "/profile/profile/engines",
        "images": images,
        "python": os.environ.get("SEGBENCH_PYTHON") or sys.executable,
        "threads": len(os.sched_getaffinity(0)),
        "batch": options.batch,
        "shape": shape,
        "classes": 21,
    }


def compare(engine, facts, rounds):
    sides = {"ours": Ours(engine, facts), "theirs": Loop(engine, facts)}
    typical = {name: statistics.median(side.run(10)) for name, side in sides.items()}
    iterations = max(3, math.ceil(0.15e9 / max(typical.values())))
    logs = []
    for _ in range(rounds):
        medians = {}
        for name in random.sample(sorted(sides), 2):
            time.sleep(0.05)  # until the other one's threads sleep
            medians[name] = statistics.median(sides[name].run(iterations))
        logs.append(math.log(medians["ours"] / medians["theirs"]))
    student = 1.96 + 2.43 / (rounds - 1)  # within 0.01 from 20 rounds on
    half = student * statistics.stdev(logs) / math.sqrt(rounds)
    mean = statistics.mean(logs)
    return [math.exp(x) for x in (mean, mean - half, mean + half, min(logs), max(logs))] + [typical["theirs"] * 1e-6]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", default=[])
    parser.add_argument("--model", default="unet:small")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--resolution", default="128x128")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    engines = options.engines or list(LOOPS)
    unknown = set(engines) - set(LOOPS)
    if unknown or shutil.which("segbench") is None or options.rounds < 20:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        facts = prepare(options, engines, folder)
        print(f"{options.model}, batch {options.batch}, {options.resolution}, {facts['threads']} threads")
        for engine in engines:
            try:
                mean, low, high, least, most, ms = compare(engine, facts, options.rounds)
            except (RuntimeError, BrokenPipeError) as error:
                print(f"{engine:12} left out: {error}")
                continue
            spread = f"({low:.4f} to {high:.4f}; rounds {least:.3f} to {most:.3f}; n = {options.rounds})"
            print(f"{engine:12} {ms:8.2f} ms, ours / theirs {mean:.4f} {spread}", flush=True)


if __name__ == "__main__":
    main()
