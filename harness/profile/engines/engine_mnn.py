# SPDX-License-Identifier: MIT
# MNN on the CPU: the ONNX file, converted by its own converter.
import os
import subprocess
import sys
import tempfile

import segbench_engine


class Mnn:
    def __init__(self):
        import MNN
        import numpy

        self.numpy, self.library = numpy, MNN
        self.description = {"version": MNN.version(), "reads": ["onnx"]}

    def load(self, request):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "network.mnn")
            convert = "from MNN.tools.mnnconvert import main; main()"
            words = ["-f", "ONNX", "--modelFile", request["model"], "--MNNModel", file, "--bizCode", "segbench"]
            done = subprocess.run([sys.executable, "-c", convert] + words, stdout=sys.stderr)
            if done.returncode != 0 or not os.path.exists(file):
                raise RuntimeError("MNN cannot convert it")
            settings = {"backend": "CPU", "precision": "high", "numThread": request["threads"]}
            runtime = self.library.nn.create_runtime_manager((settings,))
            self.network = self.library.nn.load_module_from_file(file, [], [], runtime_manager=runtime)
        self.request = request

    def set_input(self, path):
        shape = [self.request[key] for key in ("batch", "channels", "height", "width")]
        images = self.numpy.fromfile(path, self.numpy.float32).reshape(shape)
        x = self.library.expr.placeholder(shape, self.library.expr.NCHW)
        x.write(images)
        self.images = self.library.expr.convert(x, self.library.expr.NC4HW4)

    def step(self):
        y = self.network.forward(self.images)
        y.read()  # waits for it
        return y

    def write_output(self, path):
        y = self.library.expr.convert(self.network.forward(self.images), self.library.expr.NCHW)
        y = self.numpy.ascontiguousarray(y.read(), self.numpy.float32)
        y.tofile(path)
        return y.shape


segbench_engine.serve("mnn", Mnn)
