# SPDX-License-Identifier: MIT
# What the engines of PyTorch share: a network from the Python file that Segbench wrote, or a TorchScript module.
import array
import os

import segbench_engine


class TorchEngine:
    def __init__(self, compiled):
        import torch

        self.torch, self.compiled = torch, compiled
        if compiled and not hasattr(torch, "compile"):
            raise RuntimeError(f"PyTorch {torch.__version__} has no torch.compile")
        cuda = torch.cuda.is_available()
        self.description = {
            "version": f"PyTorch {torch.__version__}",
            "reads": ["python"] if compiled else ["python", "torchscript"],
            "devices": ["cpu", "cuda"] if cuda else ["cpu"],
            "precisions": ["float32", "bfloat16"] + (["float16"] if cuda else []),
            "memory_formats": ["contiguous", "channels_last"],
        }

    def load(self, request):
        torch = self.torch
        torch.set_num_threads(request["threads"])
        # By itself PyTorch computes convolutions of float32 in TF32 where a GPU can.
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        self.device, self.request = torch.device(request["device"]), request
        self.type = getattr(torch, request["precision"])
        channels_last = request["memory_format"] == "channels_last"
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        if request["format"] == "torchscript":
            network = torch.jit.load(request["model"], map_location="cpu")
        else:
            network = self.read_network(request["model"])
        network = network.eval().to(self.device, self.type).to(memory_format=self.format)
        self.network = torch.compile(network) if self.compiled else network

    def read_network(self, path):
        torch = self.torch
        tensors = {}
        for name, (shape, data) in segbench_engine.read_tensors(os.path.splitext(path)[0] + ".safetensors").items():
            tensors[name] = torch.frombuffer(bytearray(data), dtype=torch.float32).reshape(shape)
        code = {}
        with open(path) as file:
            exec(compile(file.read(), path, "exec"), code)
        return code["Network"](tensors)

    def set_input(self, path):
        torch, request = self.torch, self.request
        shape = [request[key] for key in ("batch", "channels", "height", "width")]
        with open(path, "rb") as file:
            x = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(shape)
        self.images = x.to(self.device, self.type).contiguous(memory_format=self.format)

    def forward(self):
        with self.torch.no_grad():
            y = self.network(self.images)
        if isinstance(y, dict):
            y = y["out"] if "out" in y else y["logits"]
        return y[0] if isinstance(y, (tuple, list)) else y

    def step(self):
        self.forward()
        if self.device.type == "cuda":
            self.torch.cuda.synchronize(self.device)

    def write_output(self, path):
        y = self.forward().float().cpu().contiguous()
        with open(path, "wb") as file:
            file.write(array.array("f", y.flatten().tolist()).tobytes())  # without NumPy
        return y.shape

    def device_peak_bytes(self):
        return self.torch.cuda.max_memory_reserved(self.device) if self.device.type == "cuda" else 0
