// SPDX-License-Identifier: MIT
#include "tests/onnx/opencv_engine.h"

#include <opencv2/core/version.hpp>
#include <opencv2/dnn.hpp>

namespace segbench::architectures::tests {
namespace {

class OpenCvEngine : public Engine {
 public:
  explicit OpenCvEngine(const std::filesystem::path& file) : net_(cv::dnn::readNetFromONNX(file.string())) {
    net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  }

  EngineReport report() const override {
    return {.name = "opencv_dnn", .version = CV_VERSION, .device = "cpu"};
  }

  Maps run(const Maps& images) override {
    const int sizes[] = {static_cast<int>(images.count), static_cast<int>(images.shape.channels),
                         static_cast<int>(images.shape.height), static_cast<int>(images.shape.width)};
    net_.setInput(cv::Mat(4, sizes, CV_32F, const_cast<float*>(images.values.data())), "image");
    const cv::Mat y = net_.forward("logits");
    CV_Assert(y.dims == 4 && y.isContinuous());
    return {.count = y.size[0],
            .shape = {y.size[1], y.size[2], y.size[3]},
            .values = std::vector<float>(y.ptr<float>(), y.ptr<float>() + y.total())};
  }

 private:
  cv::dnn::Net net_;
};

}  // namespace

std::unique_ptr<Engine> open_in_opencv(const std::filesystem::path& file) {
  return std::make_unique<OpenCvEngine>(file);
}

}  // namespace segbench::architectures::tests
