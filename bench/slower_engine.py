# SPDX-License-Identifier: MIT
# An engine that is another one made slower by a known factor: slower_engine.py FACTOR COMMAND…
# It relays the engine protocol (docs/engine-protocol.md), and waits behind each iteration.
import json
import subprocess
import sys
import time

factor = float(sys.argv[1])
inner = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def ask(request):
    inner.stdin.write(json.dumps(request) + "\n")
    inner.stdin.flush()
    return json.loads(inner.stdout.readline())


def iterate():
    reply = ask({"do": "run", "iterations": 1})
    start = time.perf_counter_ns()
    while time.perf_counter_ns() - start < (factor - 1) * reply["ns"][0]:
        pass
    return reply["ns"][0] + time.perf_counter_ns() - start


for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "quit":
        break
    if request["do"] == "run":
        reply = {"ok": True, "ns": [iterate() for _ in range(request["iterations"])]}
    else:
        reply = ask(request)
    print(json.dumps(reply), flush=True)
