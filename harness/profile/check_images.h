// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/profile/network.h"

namespace segbench::profile {

/// A batch of normalised images for a network, float32 [batch, channels, height, width]: the files of
/// profile.images, prepared as training would, in turn; without any, made-up scenes of coloured blobs on a
/// gradient with noise. Throws core::UserError naming a file that cannot be read.
std::vector<float> check_images(const Network& network, std::int64_t batch,
                                const study::ProfileSettings& settings);

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
