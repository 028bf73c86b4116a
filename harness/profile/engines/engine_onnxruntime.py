# SPDX-License-Identifier: MIT
# ONNX Runtime on the CPU.
import segbench_engine


class OnnxRuntime:
    def __init__(self):
        import numpy
        import onnxruntime

        self.numpy, self.library = numpy, onnxruntime
        self.description = {"version": onnxruntime.__version__, "reads": ["onnx"]}

    def load(self, request):
        options = self.library.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = request["threads"], 1
        options.add_session_config_entry("session.force_spinning_stop", "1")  # idle between rounds
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        self.session = self.library.InferenceSession(request["model"], options, providers=providers)
        self.name, self.request = self.session.get_inputs()[0].name, request

    def set_input(self, path):
        shape = [self.request[key] for key in ("batch", "channels", "height", "width")]
        self.images = self.numpy.fromfile(path, self.numpy.float32).reshape(shape)

    def step(self):
        return self.session.run(None, {self.name: self.images})[0]

    def write_output(self, path):
        y = self.numpy.ascontiguousarray(self.step(), self.numpy.float32)
        y.tofile(path)
        return y.shape


segbench_engine.serve("onnxruntime", OnnxRuntime)
