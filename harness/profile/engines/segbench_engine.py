# SPDX-License-Identifier: MIT
# The engine protocol of Segbench (docs/engine-protocol.md) for engines in Python: serve(engine).
import json
import os
import sys
import time


def serve(name, open_engine):
    """Answers requests until "quit". `open_engine()` imports the library and gives an object with

    description            {"version", "reads", "devices", "precisions", "memory_formats"}
    load(request)          loads request["model"], and may return a dict with a "note"
    set_input(path)        float32 [batch, channels, height, width], C order
    step()                 one iteration, its result there when it returns
    write_output(path)     logits of the input as float32, C order; returns their shape
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print does not stand among the answers
    engine = problem = None
    try:
        engine = open_engine()
    except Exception as error:  # mostly: the library is not installed
        problem = f"{type(error).__name__}: {error}"

    def answer(request):
        if engine is None:
            raise RuntimeError(problem)
        what = request["do"]
        if what == "describe":
            return {"protocol": 1, "name": name, **engine.description}
        if what == "load":
            return engine.load(request) or {}
        if what == "input":
            return engine.set_input(request["file"]) or {}
        if what == "output":
            return {"shape": [int(n) for n in engine.write_output(request["file"])]}
        if what == "run":
            times = []
            for _ in range(request["iterations"]):
                start = time.perf_counter_ns()
                engine.step()
                times.append(time.perf_counter_ns() - start)
            return {"ns": times}
        if what == "memory":
            return {"device_peak_bytes": int(getattr(engine, "device_peak_bytes", lambda: 0)())}
        raise RuntimeError(f'unknown request "{what}"')

    for line in sys.stdin:
        request = json.loads(line)
        if request.get("do") == "quit":
            break
        try:
            reply = {"ok": True, **answer(request)}
        except Exception as error:
            reply = {"ok": False, "error": f"{type(error).__name__}: {error}"[:2000]}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


def read_tensors(path):
    """The tensors of a safetensors file as {name: (shape, bytes)}; float32 alone."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: (entry["shape"], data[slice(*entry["data_offsets"])]) for name, entry in header.items()}
