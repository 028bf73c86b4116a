// SPDX-License-Identifier: MIT
#include "architectures/torch/synchronised_norm.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <barrier>
#include <thread>
#include <vector>

#include "architectures/torch/channel_passes.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// Adds up over threads that stand for processes.
struct Meeting {
  explicit Meeting(int threads) : arrived(threads), given(static_cast<std::size_t>(threads)) {}
  std::barrier<> arrived;
  std::vector<Tensor> given;
};

class ThreadReducer : public Reducer {
 public:
  ThreadReducer(Meeting& meeting, std::size_t rank) : meeting_(meeting), rank_(rank) {}

  void sum(Tensor& tensor) override {
    meeting_.given[rank_] = tensor.detach().clone();
    meeting_.arrived.arrive_and_wait();
    Tensor total = torch::zeros_like(tensor);
    for (const Tensor& part : meeting_.given) total += part;
    meeting_.arrived.arrive_and_wait();
    const torch::NoGradGuard no_grad;
    tensor.copy_(total);
    ++calls;
  }

  int calls = 0;

 private:
  Meeting& meeting_;
  std::size_t rank_;
};

struct Norm {
  NormTensors tensors;
  Tensor x, y;
};

Norm norm_of(const Tensor& x, bool scaled) {
  const torch::TensorOptions options = x.options();
  Norm norm{{scaled ? torch::linspace(0.5, 2, x.size(1), options).requires_grad_() : Tensor(),
             torch::linspace(-1, 1, x.size(1), options).requires_grad_(),
             torch::full({x.size(1)}, 0.25, options), torch::full({x.size(1)}, 3.0, options)},
            x.detach().clone().requires_grad_(),
            {}};
  return norm;
}

class SynchronisedNormTest : public testing::TestWithParam<bool> {};

/// Three processes compute what one with all six images does.
void compare(const Tensor& images, const Tensor& wanted, bool scaled, double relative, double absolute) {
  const double momentum = 0.1, epsilon = 1e-5;
  const auto agree = [&](const Tensor& a, const Tensor& b) {
    return torch::allclose(a.to(torch::kDouble), b.to(torch::kDouble), relative, absolute);
  };

  Norm whole = norm_of(images, scaled);
  const Tensor y = at::batch_norm(whole.x, whole.tensors.scale, whole.tensors.bias, whole.tensors.moving_mean,
                                  whole.tensors.moving_variance, true, momentum, epsilon, false);
  (y * wanted).sum().backward();

  const std::vector<std::int64_t> firsts = {0, 1, 3, 6};  // parts of 1, 2 and 3 images
  Meeting meeting(3);
  std::vector<Norm> parts(3);
  std::vector<std::thread> threads;
  for (std::size_t rank = 0; rank < 3; ++rank) {
    threads.emplace_back([&, rank] {
      ThreadReducer reducer(meeting, rank);
      const std::int64_t first = firsts[rank], count = firsts[rank + 1] - first;
      Norm& part = parts[rank] =
          norm_of(images.narrow(0, first, count).contiguous(images.suggest_memory_format()), scaled);
      part.y = synchronised_batch_norm(part.x, part.tensors, momentum, epsilon, reducer);
      (part.y * wanted.narrow(0, first, count)).sum().backward();
      EXPECT_EQ(reducer.calls, 2);
    });
  }
  for (std::thread& thread : threads) thread.join();

  Tensor of_bias = torch::zeros_like(whole.tensors.bias), of_scale = torch::zeros_like(of_bias);
  for (std::size_t rank = 0; rank < 3; ++rank) {
    const std::int64_t first = firsts[rank], count = firsts[rank + 1] - first;
    const Norm& part = parts[rank];
    EXPECT_TRUE(agree(part.y, y.narrow(0, first, count)));
    EXPECT_TRUE(agree(part.x.grad(), whole.x.grad().narrow(0, first, count)));
    EXPECT_TRUE(agree(part.tensors.moving_mean, whole.tensors.moving_mean));
    EXPECT_TRUE(agree(part.tensors.moving_variance, whole.tensors.moving_variance));
    of_bias += part.tensors.bias.grad();
    if (scaled) of_scale += part.tensors.scale.grad();
  }
  EXPECT_TRUE(agree(of_bias, whole.tensors.bias.grad()));
  if (scaled) {
    EXPECT_TRUE(agree(of_scale, whole.tensors.scale.grad()));
  }
  EXPECT_FALSE(parts[0].tensors.moving_mean.requires_grad());
  EXPECT_EQ(parts[0].x.grad().suggest_memory_format(), images.suggest_memory_format());
}

TEST_P(SynchronisedNormTest, ThreeProcessesComputeWhatOneWithAllImagesDoes) {
  torch::manual_seed(3);
  const Tensor images = torch::randn({6, 4, 5, 3}, torch::kDouble) * 3 + 1,
               wanted = torch::randn({6, 4, 5, 3}, torch::kDouble);
  compare(images, wanted, GetParam(), 1e-9, 1e-10);
}

TEST_P(SynchronisedNormTest, SoTheyDoInFloat32AndInBothMemoryFormats) {
  torch::manual_seed(4);
  for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const Tensor images = (torch::randn({6, 19, 9, 7}) * 3 + 20).contiguous(format),  // a mean far from zero
        wanted = torch::randn({6, 19, 9, 7}).contiguous(format);
    compare(images, wanted, GetParam(), 1e-4, 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Scale, SynchronisedNormTest, testing::Bool());

TEST(ChannelPasses, GiveTheSameWithAnyNumberOfThreads) {
  torch::manual_seed(5);
  const int threads = at::get_num_threads();
  for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const Tensor a = torch::randn({4, 12, 40, 30}).contiguous(format), b = torch::randn_like(a);
    std::vector<std::vector<double>> sums(2, std::vector<double>(24));
    std::vector<Tensor> lines;
    const std::vector<double> ones(12, 1.0), twos(12, 2.0);
    for (std::size_t i = 0; i < 2; ++i) {
      at::set_num_threads(i == 0 ? 1 : 3);
      channel_sums(a, b, sums[i].data());
      lines.push_back(channel_line(a, b, {ones, twos, ones, twos}));
    }
    EXPECT_EQ(sums[0], sums[1]);
    EXPECT_TRUE(torch::equal(lines[0], lines[1]));
    EXPECT_TRUE(torch::allclose(lines[0], a + 2 * (b - 1) + 2, 1e-5, 1e-5));
    const std::vector<std::int64_t> all_but_channels = {0, 2, 3};
    const Tensor expected = torch::cat({a.to(torch::kDouble).sum(all_but_channels),
                                        (a.to(torch::kDouble) * b.to(torch::kDouble)).sum(all_but_channels)});
    EXPECT_TRUE(torch::allclose(torch::tensor(sums[0], torch::kDouble), expected));
  }
  at::set_num_threads(threads);
}

TEST(SynchronisedNormTest, OneValueAChannelInEachProcessIsEnough) {
  Meeting meeting(2);
  std::vector<Tensor> outputs(2);
  std::vector<std::thread> threads;
  for (std::size_t rank = 0; rank < 2; ++rank) {
    threads.emplace_back([&, rank] {
      ThreadReducer reducer(meeting, rank);
      Norm norm = norm_of(torch::full({1, 1, 1, 1}, rank == 0 ? 1.0 : 3.0, torch::kDouble), false);
      outputs[rank] = synchronised_batch_norm(norm.x, norm.tensors, 0.1, 0.0, reducer);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NEAR(outputs[0].item<double>(), -1 - 1, 1e-12);  // (1 - 2) / 1, and a bias of -1
  EXPECT_NEAR(outputs[1].item<double>(), 1 - 1, 1e-12);
}

}  // namespace
}  // namespace segbench::architectures
