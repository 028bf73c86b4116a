// SPDX-License-Identifier: MIT
#include "harness/train/predict_guest.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/core/exchange_file.h"
#include "harness/train/prediction_bytes.h"

namespace segbench::train {
namespace {

using torch::Tensor;

class GuestNetwork : public architectures::Network {
 public:
  explicit GuestNetwork(GuestPlace place) : place_(std::move(place)) {}

  Tensor forward(const Tensor& x) override {
    const Tensor images = x.to(torch::kCPU, torch::kFloat).contiguous();
    std::vector<Tensor> parts;
    for (std::int64_t first = 0; first < images.size(0); first += place_.batch)
      parts.push_back(execute(images.narrow(0, first, std::min(place_.batch, images.size(0) - first))));
    return (parts.size() == 1 ? parts.front() : torch::cat(parts)).to(x.device());
  }

  bool is_stochastic() const override { return false; }

 private:
  Tensor execute(const Tensor& images) const {
    const std::int64_t count = images.size(0);
    const Tensor last = images.narrow(0, count - 1, 1);
    const Tensor batch =
        count == place_.batch
            ? images
            : torch::cat({images, last.expand({place_.batch - count, -1, -1, -1})}).contiguous();
    core::write_exchange(place_.images, bytes_of(batch));
    place_.execute();
    const Tensor logits =
        torch::empty({place_.batch, place_.outputs, images.size(2), images.size(3)}, torch::kFloat);
    core::read_exchange(place_.logits, {static_cast<std::byte*>(logits.data_ptr()), logits.nbytes()});
    return logits.narrow(0, 0, count);
  }

  GuestPlace place_;
};

}  // namespace

std::shared_ptr<architectures::Network> make_guest(GuestPlace place) {
  return std::make_shared<GuestNetwork>(std::move(place));
}

}  // namespace segbench::train
