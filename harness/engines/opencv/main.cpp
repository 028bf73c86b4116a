// SPDX-License-Identifier: MIT
// OpenCV's dnn as an engine program: it reads ONNX files.
#include <opencv2/core.hpp>

#include "harness/engines/opencv/opencv_engine.h"
#include "harness/engines/serve.h"

int main() {
  using namespace segbench;
  engines::serve_standard_streams(
      {.description = {.name = "opencv_dnn", .version = CV_VERSION, .reads = {engines::formats::kOnnx}},
       .load = [](const engines::LoadRequest& request) {
         cv::setNumThreads(request.threads);
         return engines::open_in_opencv(request.model);
       }});
}
