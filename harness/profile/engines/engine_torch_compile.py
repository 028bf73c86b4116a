# SPDX-License-Identifier: MIT
# PyTorch with torch.compile, default settings.
import segbench_engine
import torch_network

segbench_engine.serve("torch_compile", lambda: torch_network.TorchEngine(compiled=True))
