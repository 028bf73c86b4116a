# SPDX-License-Identifier: MIT
# ncnn on the CPU: the ONNX file, converted by pnnx. A batch is its images one after the other.
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile

import segbench_engine


class Ncnn:
    def __init__(self):
        import ncnn
        import numpy

        self.numpy, self.library = numpy, ncnn
        found = importlib.util.find_spec("pnnx")  # which would import PyTorch
        if found is None:
            raise ModuleNotFoundError("No module named 'pnnx', which converts ONNX files for ncnn")
        self.converter = os.path.join(os.path.dirname(found.origin), "pnnx")
        self.description = {"version": ncnn.__version__, "reads": ["onnx"]}

    def load(self, request):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(request["model"], os.path.join(folder, "network.onnx"))
            done = subprocess.run([self.converter, "network.onnx", "fp16=0"], cwd=folder, stdout=sys.stderr)
            files = [os.path.join(folder, "network.ncnn." + end) for end in ("param", "bin")]
            if done.returncode != 0 or not all(os.path.exists(file) for file in files):
                raise RuntimeError("pnnx cannot convert it")
            self.network = self.library.Net()
            options = self.network.opt
            options.num_threads, options.use_vulkan_compute, options.openmp_blocktime = request["threads"], False, 1
            options.use_fp16_packed = options.use_fp16_storage = options.use_fp16_arithmetic = False
            options.use_bf16_storage = False
            if self.network.load_param(files[0]) != 0 or self.network.load_model(files[1]) != 0:
                raise RuntimeError("ncnn cannot read what pnnx made of it")
        self.request = request

    def set_input(self, path):
        shape = [self.request[key] for key in ("batch", "channels", "height", "width")]
        images = self.numpy.fromfile(path, self.numpy.float32).reshape(shape)
        self.images = [self.library.Mat(image).clone() for image in images]

    def forward(self, image):
        extractor = self.network.create_extractor()
        extractor.input(self.network.input_names()[0], image)
        status, y = extractor.extract(self.network.output_names()[0])
        if status != 0:
            raise RuntimeError(f"ncnn cannot execute it (status {status})")
        return y

    def step(self):
        for image in self.images:
            self.forward(image)

    def write_output(self, path):
        y = self.numpy.stack([self.numpy.array(self.forward(image)) for image in self.images])
        self.numpy.ascontiguousarray(y, self.numpy.float32).tofile(path)
        return y.shape


segbench_engine.serve("ncnn", Ncnn)
