// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/audit/audit_report.h"
#include "harness/data/audit/likeness.h"
#include "harness/data/audit/mask_hints.h"
#include "harness/data/kinds/catalogue.h"

namespace segbench::data {

/// What reading one sample showed.
struct SampleFacts {
  std::string image_sha256;                ///< of size and pixels in RGB, before resizing; "" when unreadable
  std::string labels_sha256;               ///< of the label map, before resizing
  std::int64_t height = 0, width = 0;      ///< of the image, before resizing
  std::vector<std::int64_t> class_pixels;  ///< at cache resolution; one entry a class and, last, void
  bool one_colour = false;                 ///< every pixel of the image is the same
  std::int64_t pages = 1;                  ///< of the image's file, of which the first one is read
  int bands = 3;                           ///< of the image's file, alpha not counted
  int bits = 8;                            ///< of the decoded image: 8 or 16
  std::int64_t lowest = 0, highest = 255;  ///< of its samples
  std::int64_t maximum = 255;              ///< stored sample that means full intensity
  int orientation = 1, mask_orientation = 1;  ///< as the files state it
  std::vector<AuditFinding> findings;
  MaskValues seen, unknown;                 ///< stored values of masks that hold unknown ones
  StoredKinds stored;                       ///< what the mask stores, whether known or not
  std::vector<std::int64_t> stored_pixels;  ///< as class_pixels, before resizing
  bool mask_in_alpha = false;               ///< lies_in_alpha()
};

/// What reading all samples showed; it depends neither on the splits nor on the resolution chosen elsewhere.
struct Scan {
  std::int64_t height = 0, width = 0;  ///< of the decode cache; 0 when no sample could be decoded
  std::vector<SampleFacts> samples;
  std::vector<NearTwins> near_twins = {};
  MisfitSearch misfits = {};
  std::string images_sha256, labels_sha256;  ///< of the decode cache's files, once it is built
  /// Of a sample in the decode cache: 16 when any image has more than 8.
  int bits() const;
};

/// Takes sample `index` at cache resolution: image [H, W, C] and labels [H, W]. Called from several threads.
using SampleSink = std::function<void(std::size_t index, const Image& image, const LabelMap& labels)>;

/// {height, width} of the decode cache: as configured, else that of the first sample that can be decoded.
/// Empty when none can.
std::optional<std::array<std::int64_t, 2>> cache_size(const Catalogue& catalogue,
                                                      const core::DataConfig& config);

/// Bits of the first image that can be decoded: what the cache will most likely have.
int first_bits(const Catalogue& catalogue, const core::DataConfig& config);

/// Reads every sample, in several threads; each holds one sample, and only one sample of more than 2^24
/// pixels is decoded at a time. Never stops at a sample that cannot be read. The sink gets images of `bits`,
/// and none that has more: then all are to be read again with Scan::bits().
Scan scan_samples(const Catalogue& catalogue, const core::DataConfig& config, const SampleSink& sink,
                  const Progress& progress, int bits = 16);

/// One decoded sample at `size`, with images of `bits` (empty: as many as its own); throws core::UserError
/// (naming the file) when it cannot be read.
DecodedSample load_sample(const Catalogue& catalogue, const core::DataConfig& config, std::size_t index,
                          std::array<std::int64_t, 2> size, std::optional<int> bits = {});

}  // namespace segbench::data
