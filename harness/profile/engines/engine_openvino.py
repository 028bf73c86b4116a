# SPDX-License-Identifier: MIT
# OpenVINO on the CPU, for latency.
import segbench_engine


class OpenVino:
    def __init__(self):
        import numpy
        import openvino

        self.numpy, self.library = numpy, openvino
        self.description = {"version": openvino.__version__, "reads": ["onnx"], "precisions": ["float32", "bfloat16"]}

    def load(self, request):
        precision = {"float32": "f32", "bfloat16": "bf16"}[request["precision"]]
        core = self.library.Core()
        settings = {
            "INFERENCE_NUM_THREADS": request["threads"],
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": precision,
        }
        self.network = core.compile_model(core.read_model(request["model"]), "CPU", settings).create_infer_request()
        self.request = request

    def set_input(self, path):
        shape = [self.request[key] for key in ("batch", "channels", "height", "width")]
        self.images = self.numpy.fromfile(path, self.numpy.float32).reshape(shape)

    def step(self):
        self.network.infer([self.images], share_inputs=True)

    def write_output(self, path):
        self.step()
        y = self.numpy.ascontiguousarray(self.network.get_output_tensor(0).data, self.numpy.float32)
        y.tofile(path)
        return y.shape


segbench_engine.serve("openvino", OpenVino)
