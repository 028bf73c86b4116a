# SPDX-License-Identifier: MIT
# PyTorch, eager: what a user would write.
import segbench_engine
import torch_network

segbench_engine.serve("pytorch", lambda: torch_network.TorchEngine(compiled=False))
