# SPDX-License-Identifier: MIT
"""Writes the page about all steps of gpu.sh, from what they left in gpu/: machine, versions, each step with its figures, how often
they were measured and how far they spread. What a page of docs/measurements needs."""

import datetime
import json
import platform
import statistics
from pathlib import Path

ORDER = ["build", "driver", "environment", "selftest", "train", "conformance", "parity", "resume", "verify", "sizes", "bare",
         "baseline", "memory", "assert", "profile", "levers"]


def read(name):
    path = Path("gpu", name)
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return lines + [""] if rows else []


def times(spread, digits=2):
    """2.31 (2.20 – 2.44, n = 3)."""
    form = f"{{:.{digits}f}}"
    return f"{form.format(spread['median'])} ({form.format(spread['least'])} – {form.format(spread['most'])}, n = {spread['n']})"


def of(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values), "n": len(values)}


def milliseconds(values):
    return times(of([1000 * value for value in values]))


def head():
    facts = read("environment.json") or {}
    commit = Path("COMMIT").read_text().strip() if Path("COMMIT").exists() else "unknown"
    gpu = ", ".join(facts.get("gpu") or []) or "none"
    rows = [("machine", f"{platform.node()}, {facts.get('cpu', '?')}, {facts.get('usable_cpus', '?')} usable CPUs, {platform.system()} {platform.release()}"),
            ("device", f"{facts.get('device', '?')}; GPU: {gpu}"),
            ("driver", facts.get("gpu_driver") or "none"),
            ("libraries", ", ".join([f"LibTorch {facts.get('libtorch', '?')}", *(facts.get("gpu_libraries") or [])])),
            ("Segbench", f"{facts.get('segbench_version', '?')}, commit {commit[:12]}, {facts.get('compiler', '?')}, {facts.get('build_type', '?')}")]
    return ["# What gpu.sh found", "", datetime.date.today().isoformat() + ". Times: median (least – most, n).", ""] + table(["what", "is"], rows)


def states():
    rows = []
    for name in ORDER:
        state = read(f"{name}.state")
        rows.append((name, state["state"], state["seconds"], state["why"]) if state else (name, "not begun", "", ""))
    total = sum(row[2] for row in rows if row[2] != "" and row[0] != "build")
    return ["## Steps", "", f"{total} s behind the build.", ""] + table(["step", "state", "seconds", "why"], rows)


def conformance(found):
    checked = ", ".join(f"{number} {kind}" for kind, number in found["checked"].items())
    lines = [f"{checked}; {len(found['failures'])} failures.", ""]
    rows = [(one["kind"], one["precision"], one["what"], one["name"], one["error"], one["cpu_error"], one["allowed"]) for one in found["worst"]]
    form = [tuple(f"{cell:.2g}" if isinstance(cell, float) else cell for cell in row) for row in rows]
    lines += table(["kind", "precision", "what", "nearest to its bound", "off by", "CPU off by", "allowed"], form)
    return lines + [f"- FAILED: {one['kind']} {one['name']}: {one.get('message') or one['what']}" for one in found["failures"]] + [""]


def trials(key, good, columns):
    """Of steps that look at each trial: how many are as they should be, their `key` being `good`, and those that are not."""

    def tell(found):
        bad = {name: one for name, one in found.items() if one.get(key) != good}
        rows = [(name, *(one.get(column, "") for column in columns)) for name, one in bad.items()]
        return [f"{len(found) - len(bad)} of {len(found)} trials are as they should be.", ""] + table(["trial", *columns], rows)

    return tell


def sizes(found):
    rows = []
    for label, size in found.get("sizes", {}).items():
        memory = [number for number in size["memory"] if number]
        rows.append((label, times(of(size["epoch_s"])), milliseconds(size["step_s"]), times(of(size["trial_s"]), 1),
                     f"{max(memory) / 2**20:.0f} MiB" if memory else "–"))
    lines = table(["size", "epoch, s", "step, ms", "trial, s", "memory on the device"], rows)
    if "extrapolated_s" not in found:
        return [json.dumps(found)]
    goal = found["goal"]
    return lines + [f"{found['images']} training images, {found['epochs']} epochs, {found['trials_at_once']} at once. "
                    f"Extrapolated to {goal['epochs']} epochs: {found['extrapolated_s']:.0f} s, that is "
                    f"{found['extrapolated_s'] / goal['seconds']:.2f} of the goal of {goal['seconds']} s (on an H100 or H200, VOC's images).", ""]


def bare(found):
    rows = [(name, milliseconds(values)) for name, values in found["step_s"].items()]
    return table(["a step", "ms"], rows) + [f"A step of the whole trial takes {times(found['trial_over_bare'], 3)} of the bare one.", ""]


def baseline(found):
    rows = [(name, milliseconds(values), times(found["python_over_ours"][name]) if name != "ours" else 1)
            for name, values in found["step_s"].items()]
    note = f"PyTorch {found['pytorch']}, {found['parameters']} parameters; ours {found['our_parameters']}."
    missing = [f"Not compiled: {found['why_not_compiled']}."] if "why_not_compiled" in found else []
    return table(["a step", "ms", "as a multiple of ours"], rows) + [note, *missing, ""]


def levers(found):
    rows = [(name, milliseconds(values), times(found["without_over_all"][name], 3) if name != "all" else 1)
            for name, values in found["step_s"].items()]
    return table(["without", "step, ms", "as a multiple of that with all"], rows)


def profile(found):
    rows = [(row["model"], row["engine"], row["batch"], row.get("failed") or milliseconds_of(row)) for row in found["rows"]]
    return table(["network", "engine", "batch", "ms"], rows) + [f"{found['rounds']} rounds; all of it: `segbench profile --show`, {found['session']}.", ""]


def milliseconds_of(row):
    return times({"median": 1000 * row["median_s"], "least": 1000 * row["least"], "most": 1000 * row["most"], "n": row["n"]})


def plainly(found):
    return [f"`{json.dumps(found)}`", ""]


TELL = {
    "selftest": plainly, "train": trials("exit_code", 0, ["exit_code", "reason", "message"]), "conformance": conformance,
    "parity": trials("agrees", True, ["losses", "apart", "message"]), "resume": trials("good", True, ["same_weights", "promised", "message"]),
    "verify": trials("good", True, ["repeats", "promised"]), "sizes": sizes, "bare": bare, "baseline": baseline, "memory": plainly,
    "assert": plainly, "profile": profile, "levers": levers,
}


def main():
    lines = head() + states()
    for name in ORDER:
        found = read(f"{name}.json")
        if name in TELL and found is not None:
            lines += [f"## {name}", ""] + TELL[name](found)
    print("\n".join(lines).rstrip())


if __name__ == "__main__":
    main()
