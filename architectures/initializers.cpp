// SPDX-License-Identifier: MIT
#include "architectures/initializers.h"

#include <algorithm>
#include <cmath>

#include "harness/core/error.h"
#include "harness/core/random.h"

namespace segbench::architectures {
namespace {

/// The deviation of a standard normal that is cut off at +-2.
constexpr double kDeviationOfCutNormal = 0.87962566103423978;

/// Uniform in (0, 1), symmetric about 1/2: the middles of 2^32 equal cells.
double open_uniform(core::Stream& stream) {
  return (static_cast<double>(stream.next_u32()) + 0.5) * 0x1.0p-32;
}

/// exp(-t) for t in [0, 2] within 1e-11: a Taylor polynomial of t / 16, squared four times.
double exp_minus(double t) {
  const double x = -t / 16;
  double y = 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7))))));
  for (int i = 0; i < 4; ++i) y *= y;
  return y;
}

/// A standard normal cut off at +-2 by von Neumann's rejection: z uniform, kept with probability exp(-z^2 /
/// 2).
double cut_normal(core::Stream& stream) {
  while (true) {
    const double z = 4 * open_uniform(stream) - 2;
    const double t = z * z / 2;
    const double u = open_uniform(stream);
    if (u < 1 - t || u < exp_minus(t)) return z;  // 1 - t <= exp(-t) spares most exponentials
  }
}

}  // namespace

void initialise(const TensorSpec& tensor, std::string_view name, std::uint64_t seed,
                std::span<float> values) {
  SEGBENCH_CHECK(static_cast<std::int64_t>(values.size()) == tensor.numel(), "{} has {} values, not {}", name,
                 tensor.numel(), values.size());
  core::Stream stream(seed, core::Purpose::kWeights, 0, core::stream_index(name));
  switch (tensor.init) {
    case Init::kZeros:
      std::fill(values.begin(), values.end(), 0.0F);
      return;
    case Init::kOnes:
      std::fill(values.begin(), values.end(), 1.0F);
      return;
    case Init::kGlorotUniform: {
      const double limit = std::sqrt(6.0 / static_cast<double>(tensor.fan_in + tensor.fan_out));
      for (float& value : values) value = static_cast<float>(limit * (2 * open_uniform(stream) - 1));
      return;
    }
    case Init::kHeNormal: {
      const double deviation = std::sqrt(2.0 / static_cast<double>(tensor.fan_in)) / kDeviationOfCutNormal;
      for (float& value : values) value = static_cast<float>(deviation * cut_normal(stream));
      return;
    }
  }
  throw core::InternalError("an unknown initialisation");
}

}  // namespace segbench::architectures
