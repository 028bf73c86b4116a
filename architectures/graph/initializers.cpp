// SPDX-License-Identifier: MIT
#include "architectures/graph/initializers.h"

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

/// exp(-t) for t in [0, 2] within 1e-10: the Taylor polynomial of exp(-t / 16) by Horner's rule, squared four
/// times.
double exp_minus(double t) {
  constexpr double kCoefficients[] = {1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1};
  const double x = -t / 16;
  double y = 0;
  for (const double coefficient : kCoefficients) y = y * x + coefficient;
  for (int i = 0; i < 4; ++i) y *= y;
  return y;
}

/// Standard normals cut off at +-2, times `deviation`, by von Neumann's rejection: z uniform, kept with
/// probability exp(-z^2 / 2). Every candidate is written and overwritten unless kept, which is faster than a
/// branch that no processor can predict.
void fill_with_cut_normals(core::Stream& stream, double deviation, std::span<float> values) {
  for (std::size_t filled = 0; filled < values.size();) {
    const double z = 4 * open_uniform(stream) - 2;
    values[filled] = static_cast<float>(deviation * z);
    filled += open_uniform(stream) < exp_minus(z * z / 2) ? 1 : 0;
  }
}

/// exp(-t) for t in [0, 24] within 1e-9 of itself, as exp_minus().
double exp_minus_far(double t) {
  double y = exp_minus(t / 16);
  for (int i = 0; i < 4; ++i) y *= y;
  return y;
}

/// Standard normals times `deviation` by the ratio of two uniforms (Kinderman & Monahan, ACM TOMS 3(3),
/// 1977): z = v / u is kept where u <= exp(-z^2 / 4). No u is below 2^-33, so none is kept beyond z^2 / 4
/// = 23.
void fill_with_normals(core::Stream& stream, double deviation, std::span<float> values) {
  constexpr double kLargestV = 0.85776388496070676;  // sqrt(2 / e)
  for (std::size_t filled = 0; filled < values.size();) {
    const double u = open_uniform(stream);
    const double z = kLargestV * (2 * open_uniform(stream) - 1) / u;
    const double t = z * z / 4;
    if (t < 24 && u <= exp_minus_far(t)) values[filled++] = static_cast<float>(deviation * z);
  }
}

void fill_uniformly(core::Stream& stream, double limit, std::span<float> values) {
  for (float& value : values) value = static_cast<float>(limit * (2 * open_uniform(stream) - 1));
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
    case Init::kGlorotUniform:
      fill_uniformly(stream, std::sqrt(6.0 / static_cast<double>(tensor.fan_in + tensor.fan_out)), values);
      return;
    case Init::kHeUniform:
      fill_uniformly(stream, std::sqrt(6.0 / static_cast<double>(tensor.fan_in)), values);
      return;
    case Init::kTorchUniform:
      fill_uniformly(stream, std::sqrt(1.0 / static_cast<double>(tensor.fan_in)), values);
      return;
    case Init::kHeNormalFanOut:
      fill_with_normals(stream, std::sqrt(2.0 / static_cast<double>(tensor.fan_out)), values);
      return;
    case Init::kNormal002:
      fill_with_normals(stream, 0.02, values);
      return;
    case Init::kHeNormal: {
      const double deviation = std::sqrt(2.0 / static_cast<double>(tensor.fan_in)) / kDeviationOfCutNormal;
      fill_with_cut_normals(stream, deviation, values);
      return;
    }
  }
  throw core::InternalError("an unknown initialisation");
}

}  // namespace segbench::architectures
