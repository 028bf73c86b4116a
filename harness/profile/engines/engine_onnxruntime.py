# SPDX-License-Identifier: MIT
# ONNX Runtime on the CPU. int8: static quantisation of weights (by channel) and maps, calibrated on the images given.
import importlib.util
import os
import tempfile

import segbench_engine


class OnnxRuntime:
    def __init__(self):
        import numpy
        import onnxruntime

        self.numpy, self.library = numpy, onnxruntime
        self.description = {"version": onnxruntime.__version__, "reads": ["onnx"], "precisions": ["float32"]}
        if importlib.util.find_spec("onnx") is not None:
            self.description["precisions"].append("int8")

    def load(self, request):
        self.request = request
        self.shape = [request[key] for key in ("batch", "channels", "height", "width")]
        if request["precision"] != "int8":
            return self.open(request["model"])
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "int8.onnx")
            self.quantise(request["model"], file)
            self.open(file)
            return {"file_bytes": os.path.getsize(file)}

    def quantise(self, model, file):
        from onnxruntime import quantization

        images = self.numpy.fromfile(self.request["calibration"], self.numpy.float32).reshape([-1] + self.shape[1:])
        name = self.library.InferenceSession(model, providers=["CPUExecutionProvider"]).get_inputs()[0].name
        batch = self.shape[0]
        batches = [self.numpy.resize(images[i : i + batch], self.shape) for i in range(0, len(images), batch)]

        class Reader(quantization.CalibrationDataReader):
            feeds = iter([{name: one} for one in batches])

            def get_next(self):
                return next(self.feeds, None)

        folded = file + ".folded"  # batch normalisations go into convolutions before scales are chosen
        quantization.shape_inference.quant_pre_process(model, folded, skip_symbolic_shape=True)
        # Without VNNI, products of 8 and 8 bits saturate in 16: weights then have 7 bits.
        with open("/proc/cpuinfo") as info:
            seven_bits = "vnni" not in info.read()
        quantization.quantize_static(folded, file, Reader(), per_channel=True, reduce_range=seven_bits)

    def open(self, model):
        options = self.library.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self.request["threads"], 1
        options.add_session_config_entry("session.force_spinning_stop", "1")  # idle between rounds
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        self.session = self.library.InferenceSession(model, options, providers=providers)
        self.name = self.session.get_inputs()[0].name

    def set_input(self, path):
        self.images = self.numpy.fromfile(path, self.numpy.float32).reshape(self.shape)

    def step(self):
        return self.session.run(None, {self.name: self.images})[0]

    def write_output(self, path):
        y = self.numpy.ascontiguousarray(self.step(), self.numpy.float32)
        y.tofile(path)
        return y.shape


segbench_engine.serve("onnxruntime", OnnxRuntime)
