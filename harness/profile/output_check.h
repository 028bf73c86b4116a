// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace segbench::profile {

/// The class of a pixel: of its largest logit; of one output 1 where it is above 0. `logits` points at its
/// first output; the others follow `pixels` apart.
std::int64_t label_at(const float* logits, std::int64_t outputs, std::int64_t pixels);

/// How logits compare with those of the reference.
struct OutputCheck {
  double error = 0;          ///< largest difference, as a fraction of the largest logit (or of 1)
  double labels_differ = 0;  ///< fraction of the pixels whose class is another one
};
/// Both float32 [batch, outputs, pixels]. Throws core::UserError when they are not of one size. A logit that
/// is not finite is an infinite error.
OutputCheck compare_outputs(std::span<const float> found, std::span<const float> expected,
                            std::int64_t outputs, std::int64_t pixels);

}  // namespace segbench::profile
