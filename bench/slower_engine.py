# SPDX-License-Identifier: MIT
# An engine that is another one made slower by a known factor: slower_engine.py FACTOR COMMAND…
# It relays the engine protocol (docs/engine-protocol.md), and waits behind the iterations of a request.
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


def run(request):
    """Between two iterations nothing else happens, as in the engine itself: what would, makes it slower by more than the factor."""
    reply = ask(request)
    start, wait = time.perf_counter_ns(), (factor - 1) * sum(reply.get("ns", []))
    while time.perf_counter_ns() - start < wait:
        pass
    return reply | ({"ns": [round(factor * ns) for ns in reply["ns"]]} if "ns" in reply else {})


for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "quit":
        break
    reply = run(request) if request["do"] == "run" else ask(request)
    print(json.dumps(reply), flush=True)
