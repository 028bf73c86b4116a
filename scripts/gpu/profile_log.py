# SPDX-License-Identifier: MIT
"""The log of a profile's session as `segbench profile` writes it: JSON lines, chained (harness/trial/log_chain.h,
results/profiles/log.h)."""

import datetime
import json
import os

MASK = (1 << 64) - 1


class LogWriter:
    """Appends events. A log that is there is gone on with; a torn last line is cut off."""

    def __init__(self, path):
        self.path, self.state, self.events = path, 0, []
        *whole, torn = path.read_bytes().split(b"\n") if path.exists() else [b""]
        for line in whole:
            self.events.append(json.loads(line))
            self.state = int(self.events[-1]["chain"], 16)
        if torn:
            os.truncate(path, path.stat().st_size - len(torn))

    def append(self, kind, **event):
        time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        event |= {"seq": len(self.events), "type": kind, "time": time}
        line = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()[:-1]
        self.state = chain(self.state, line)
        with open(self.path, "ab") as log:
            log.write(line + b',"chain":"%016x"}\n' % self.state)
        self.events.append(event)


def chain(state, line):
    """The hash of a line, from that of the line before."""
    state = (state + len(line)) & MASK
    for at in range(0, len(line) // 8 * 8 + 1, 8):
        state = ((state ^ int.from_bytes(line[at : at + 8], "little")) * 0x9E3779B97F4A7C15) & MASK
        state ^= state >> 32
    return state
