# SPDX-License-Identifier: MIT
"""Measures a profile that `segbench profile --prepare` wrote, on a machine without `segbench`: every engine that is there, round by
round, as docs/profile.md says. Writes the log that `segbench profile --show` reads, runs/NAME/profile/SESSION/profile.jsonl."""

import array
import concurrent.futures
import hashlib
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from profile_log import LogWriter
from trials import Skipped, ask

PREPARED = Path("profile")
VISIT_SECONDS, FEWEST, MOST = 0.15, 3, 200
WINDOW, LONGEST_WARM_UP = 12, 120
TROUBLE = (RuntimeError, OSError, ValueError)  # of an engine: it ends, or answers what no engine should


class Engine:
    """A program that speaks the engine protocol (docs/engine-protocol.md)."""

    def __init__(self, command, log):
        environment = {"GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "1", **os.environ}
        self.begin = time.perf_counter()
        with open(log, "ab") as words:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, env=environment)

    def ask(self, **request):
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline() or "{}")
        except BrokenPipeError:
            answer = {}
        if not answer.get("ok"):
            raise RuntimeError(answer.get("error") or f"it ended with exit code {self.process.wait()}")
        return answer

    def run(self, iterations):
        return self.ask(do="run", iterations=iterations)

    def peak_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), None)

    def close(self):
        self.process.kill()
        self.process.wait()


def commands(options):
    folder = Path(__file__).parents[2] / "harness/profile/engines"
    own = {name: [options.worker, "engine", name] for name in ("eager", "plan", "torchscript")}
    python = {name: [sys.executable, str(folder / f"engine_{name}.py")] for name in ("pytorch", "torch_compile")}
    return own | python


def find_engines(options, session):
    """{name: what it says of itself} of those that are there, and notes on the others."""
    found, notes = {}, []

    def describe(name, command):
        engine = Engine(command, session / "engines.log")
        try:
            return engine.ask(do="describe")
        finally:
            engine.close()

    with concurrent.futures.ThreadPoolExecutor() as pool:
        for name, future in {name: pool.submit(describe, name, command) for name, command in commands(options).items()}.items():
            try:
                found[name] = future.result()
            except TROUBLE as problem:
                notes.append(f"without {name}: {problem}")
    return found, notes


def rows_of(plan, engines, options):
    """Every combination that an engine can do."""
    kind, rows = options.device.split(":")[0], []
    for index, network in enumerate(plan["networks"]):
        for name, can in engines.items():
            file_format = next((form for form in network["files"] if form in can["reads"]), None)
            if file_format is None or kind not in can.get("devices", ["cpu"]):
                continue
            for batch in plan["settings"]["batch"]:
                for precision in plan["settings"]["precision"]:
                    if precision not in can.get("precisions", ["float32"]):
                        continue
                    row = {"model": network["label"], "network_index": index, "network": network["settings"], "engine": name,
                           "engine_version": can["version"], "format": file_format, "batch": batch, "height": network["height"],
                           "width": network["width"], "precision": precision, "memory_format": "contiguous",
                           "device": options.device, "threads": len(os.sched_getaffinity(0))}
                    row["row"] = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:12]
                    rows.append(row)
    return rows


def load_request(plan, row, reference=False):
    network = plan["networks"][row["network_index"]]
    request = {key: row[key] for key in ("device", "precision", "memory_format", "threads", "batch", "height", "width")}
    if reference:
        request |= {"device": "cpu", "precision": "float32"}
    file_format = next(iter(form for form in ("segbench", "torchscript") if form in network["files"])) if reference else row["format"]
    model = str((PREPARED / network["files"][file_format]).resolve())
    return request | {"do": "load", "model": model, "format": file_format, "channels": network["channels"], "outputs": network["outputs"]}


def input_of(plan, row):
    return str((PREPARED / plan["networks"][row["network_index"]]["inputs"][str(row["batch"])]).resolve())


def logits_of(engine, file):
    engine.ask(do="output", file=str(file.resolve()))
    values = array.array("f", file.read_bytes())
    file.unlink()
    return values


def labels_of(logits, outputs, batch):
    """The class of each pixel: of its largest logit; of one output, 1 where it is above 0."""
    pixels, labels = len(logits) // (outputs * batch), []
    for image in range(batch):
        planes = [logits[(image * outputs + c) * pixels : (image * outputs + c + 1) * pixels] for c in range(outputs)]
        if outputs == 1:
            labels += [value > 0 for value in planes[0]]
            continue
        for values in zip(*planes):
            labels.append(values.index(max(values)))
    return labels


def is_stationary(times):
    """No trend in the last iterations (Mann 1945, Kendall 1975, two-sided at 5 %)."""
    if len(times) < WINDOW:
        return False
    last, n = times[-WINDOW:], WINDOW
    s = sum((b > a) - (b < a) for i, a in enumerate(last) for b in last[i + 1 :])
    z = (s - (s > 0) + (s < 0)) / math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    return abs(z) < 1.96


class Row:
    def __init__(self, facts, engine):
        self.facts, self.engine, self.id, self.iterations = facts, engine, facts["row"], 1


def prepare(plan, options, session, facts, expected):
    """A row whose engine has loaded its network, is right and warm, and the event that says so."""
    engine = Engine(commands(options)[facts["engine"]], session / f"engine_{facts['row']}.log")
    try:
        engine.ask(do="describe")
        startup, begin = time.perf_counter() - engine.begin, time.perf_counter()
        loaded = engine.ask(**load_request(plan, facts))
        load = time.perf_counter() - begin
        engine.ask(do="input", file=input_of(plan, facts))
        first = engine.run(1)["ns"][0]
        logits = logits_of(engine, session / f"{facts['row']}.f32")
        scale = max(1.0, max(map(abs, expected)))
        comparable = len(logits) == len(expected) and all(map(math.isfinite, logits))  # max() would pass over what is no number
        error = max(abs(a - b) for a, b in zip(logits, expected)) / scale if comparable else math.inf
        bound = plan["settings"]["max_error" if facts["precision"] == "float32" else "max_error_reduced"]
        if not error <= bound:
            raise WrongOutput(f"its output is wrong: logits differ from those of eager by {error:.2g} of the largest (allowed: {bound:g})")
        outputs = plan["networks"][facts["network_index"]]["outputs"]
        pairs = list(zip(labels_of(logits, outputs, facts["batch"]), labels_of(expected, outputs, facts["batch"])))
        warm_up, stationary = [], False
        while not stationary and len(warm_up) < LONGEST_WARM_UP and sum(warm_up) < 10e9:
            warm_up += engine.run(2)["ns"]
            stationary = is_stationary(warm_up)
        row = Row(facts, engine)
        row.iterations = min(MOST, max(FEWEST, math.ceil(VISIT_SECONDS / (statistics.median(warm_up[-WINDOW:]) * 1e-9))))
        return row, {"row": row.id, "startup_s": startup, "load_s": load, "first_ns": first, "warmup_ns": warm_up,
                     "stationary": stationary, "iterations": row.iterations, "note": loaded.get("note", ""),
                     "check": {"reference": "eager", "error": error, "labels_differ": sum(a != b for a, b in pairs) / len(pairs)},
                     "images": "made up", "file_bytes": loaded.get("file_bytes", os.path.getsize(load_request(plan, facts)["model"]))}
    except BaseException:
        engine.close()
        raise


class WrongOutput(RuntimeError):
    pass


def references(plan, options, session, rows):
    """Logits of eager LibTorch in float32 on the CPU, by network and batch."""
    found = {}
    for row in rows:
        key = (row["network_index"], row["batch"])
        if key in found:
            continue
        engine = Engine(commands(options)["eager"], session / "engines.log")
        try:
            engine.ask(do="describe")
            engine.ask(**load_request(plan, row, reference=True))
            engine.ask(do="input", file=input_of(plan, row))
            found[key] = logits_of(engine, session / "reference.f32")
        finally:
            engine.close()
    return found


def machine(options):
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    facts = ask(options, "environment", "--device", options.device)
    return {"host": platform.node(), "system": platform.platform(), "cpu": cpu, "gpu": facts.get("gpu"), "gpu_driver": facts.get("gpu_driver"),
            "governor": "", "usable_cpus": len(os.sched_getaffinity(0)), "segbench_version": facts["segbench_version"],
            "ceilings": ask(options, "ceilings", "--device", options.device)}


def session_to_go_on_with(folder, rows, anew):
    """The unfinished session of the same rows, else a new one, as always when it is done `anew`."""
    for path in [] if anew else sorted(folder.glob("*/profile.jsonl"), reverse=True):
        writer = LogWriter(path)
        begun = writer.events and writer.events[0]["rows"] == rows and writer.events[-1]["type"] != "finished"
        if begun:
            return path.parent, writer
    session = folder / time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    session.mkdir(parents=True)
    return session, LogWriter(session / "profile.jsonl")


def make_ready(plan, options, session, rows, log):
    """The rows that live. Engines load, and compile, side by side."""
    failed = {event["row"] for event in log.events if event["type"] == "failed"}
    rows = [row for row in rows if row["row"] not in failed]
    expected = references(plan, options, session, rows)
    live = []
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        prepared = [(row, pool.submit(prepare, plan, options, session, row, expected[row["network_index"], row["batch"]])) for row in rows]
        for row, future in prepared:
            try:
                one, ready = future.result()
                live.append(one)
                log.append("ready", **ready)
            except TROUBLE as problem:
                fail(row, problem, log)
    return live


def fail(facts, problem, log):
    log.append("failed", row=facts["row"], message=str(problem), wrong=isinstance(problem, WrongOutput))
    print(f"{facts['model']}, {facts['engine']}: {problem}", flush=True)


def with_all(live, number, log, work):
    """Does it with every row that lives, in random order; one that fails is left out from then on."""
    for row in random.Random(number).sample(live, len(live)):
        try:
            work(row)
        except TROUBLE as problem:
            row.engine.close()
            live.remove(row)
            fail(row.facts, problem, log)


def visit_all(live, number, log):
    begin = time.perf_counter()

    def visit(row):
        answer = row.engine.run(row.iterations)
        unknown = dict.fromkeys(("other_cpus", "idle_cpus", "stolen", "throttled_s", "mhz"))
        log.append("visit", round=number, row=row.id, ns=answer["ns"], stages=answer.get("stages", {}),
                   machine=unknown | {"load": os.getloadavg()[0]}, disturbed=False)

    with_all(live, number, log, visit)
    log.append("round", round=number, seconds=time.perf_counter() - begin)


def profile(options):
    """The step of gpu.sh: what it found is a median for each row; all else stands in the log."""
    if not (PREPARED / "plan.json").exists():
        raise Skipped("the bundle has no prepared profile")
    plan = json.loads((PREPARED / "plan.json").read_text())
    folder = Path("runs", plan["name"], "profile")
    folder.mkdir(parents=True, exist_ok=True)
    engines, notes = find_engines(options, folder)
    rows = rows_of(plan, engines, options)
    session, log = session_to_go_on_with(folder, rows, options.again)
    if not log.events:
        log.append("profile", schema=1, name=plan["name"], question=plan["question"], session=session.name, settings=plan["settings"],
                   machine=machine(options), networks=[network["cost"] for network in plan["networks"]], rows=rows, notes=notes)
    log.append("attempt", pid=os.getpid(), host=platform.node())
    live = make_ready(plan, options, session, rows, log)
    try:
        done = [event for event in log.events if event["type"] == "round"]
        elapsed, why = sum(event["seconds"] for event in done), "failed"
        number = max((event["round"] for event in log.events if event["type"] == "visit"), default=0)
        while live:
            if len(done) >= plan["settings"]["most_rounds"] or elapsed >= plan["settings"]["seconds"]:
                why = "rounds" if len(done) >= plan["settings"]["most_rounds"] else "time"
                break
            number += 1
            visit_all(live, number, log)
            done.append(log.events[-1])
            elapsed += done[-1]["seconds"]

        def weigh(row):
            memory = row.engine.ask(do="memory")
            log.append("memory", row=row.id, peak_bytes=row.engine.peak_bytes(), device_peak_bytes=memory.get("device_peak_bytes"))

        with_all(live, 0, log, weigh)
        log.append("finished", why=why)
    finally:
        for row in live:
            row.engine.close()
    return summary(log, session), bool(live)


def summary(log, session):
    found = {"session": str(session), "rounds": sum(event["type"] == "round" for event in log.events), "rows": []}
    for row in log.events[0]["rows"]:
        visits = [statistics.median(event["ns"]) * 1e-9 for event in log.events if event["type"] == "visit" and event["row"] == row["row"]]
        failure = [event["message"] for event in log.events if event["type"] == "failed" and event["row"] == row["row"]]
        found["rows"].append({"model": row["model"], "engine": row["engine"], "version": row["engine_version"], "batch": row["batch"]}
                             | ({"failed": failure[0]} if failure else
                                {"median_s": statistics.median(visits), "least": min(visits), "most": max(visits), "n": len(visits)}))
    return found
