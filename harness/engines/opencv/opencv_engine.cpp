// SPDX-License-Identifier: MIT
#include "harness/engines/opencv/opencv_engine.h"

#include <chrono>
#include <opencv2/core/version.hpp>
#include <opencv2/dnn.hpp>

#include "harness/core/stopwatch.h"

namespace segbench::engines {
namespace {

using architectures::Maps;

class OpenCvEngine : public architectures::Engine {
 public:
  explicit OpenCvEngine(const std::filesystem::path& file) : net_(cv::dnn::readNetFromONNX(file.string())) {
    net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  }

  architectures::EngineReport report() const override {
    return {.name = "opencv_dnn", .version = CV_VERSION, .device = "cpu"};
  }

  Maps run(const Maps& images) override {
    net_.setInput(matrix_of(images));
    const cv::Mat y = net_.forward();
    CV_Assert(y.dims == 4 && y.isContinuous());
    return {.count = y.size[0],
            .shape = {y.size[1], y.size[2], y.size[3]},
            .values = std::vector<float>(y.ptr<float>(), y.ptr<float>() + y.total())};
  }

  std::vector<architectures::StageTimes> measure(const Maps& images, std::int64_t iterations) override {
    const cv::Mat x = matrix_of(images);
    std::vector<architectures::StageTimes> times(static_cast<std::size_t>(iterations));
    for (architectures::StageTimes& time : times) {
      const auto start = std::chrono::steady_clock::now();
      net_.setInput(x);
      net_.forward();
      time.forward = core::nanoseconds_since(start);
    }
    return times;
  }

 private:
  static cv::Mat matrix_of(const Maps& images) {
    const int sizes[] = {static_cast<int>(images.count), static_cast<int>(images.shape.channels),
                         static_cast<int>(images.shape.height), static_cast<int>(images.shape.width)};
    return {4, sizes, CV_32F, const_cast<float*>(images.values.data())};
  }

  cv::dnn::Net net_;
};

}  // namespace

std::unique_ptr<architectures::Engine> open_in_opencv(const std::filesystem::path& file) {
  return std::make_unique<OpenCvEngine>(file);
}

}  // namespace segbench::engines
