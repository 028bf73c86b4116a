// SPDX-License-Identifier: MIT
// Feeds the image readers arbitrary bytes: whatever comes, they return a whole image or throw
// core::UserError, and never write to stderr. libFuzzer calls this; scripts/fuzz.sh builds and runs it.
#include <cstdint>
#include <cstdlib>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/mask_file.h"

namespace {

/// Larger claims are honest work for the memory, which is not what is looked for.
constexpr std::int64_t kMostPixels = std::int64_t{1} << 20;

void read_as_anything(segbench::data::Bytes bytes) {
  namespace data = segbench::data;
  const data::Signature signature = data::examine(bytes);
  if (signature.height * signature.width > kMostPixels) return;
  const data::StoredImage stored = data::read_stored(bytes);
  if (stored.height * stored.width > kMostPixels) return;
  for (const std::int64_t channels : {std::int64_t{1}, std::int64_t{3}, std::int64_t{stored.channels}}) {
    try {
      const data::ImageRule rule{
          .channels = channels, .stored_scale = channels == 1, .apply_orientation = true};
      const data::Image image = data::image_of(stored, rule);
      const auto samples = static_cast<std::size_t>(image.height * image.width * image.channels);
      if (image.bytes().size() != samples * static_cast<std::size_t>(image.bits() / 8)) std::abort();
      (void)data::grey_view(image);
    } catch (const segbench::core::UserError&) {
    }
  }
  const data::RawMask mask = data::mask_of(stored);
  const data::LabelCoding coding{.class_values = {0, 1, 2},
                                 .void_values = {255},
                                 .class_colours = {{0, 0, 0}, {128, 0, 0}, {0, 128, 0}},
                                 .void_colours = {}};
  const data::CodedMask coded = data::encode_mask(mask, coding);
  if (coded.map.labels.size() != static_cast<std::size_t>(mask.height * mask.width)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    read_as_anything({bytes, size});
  } catch (const segbench::core::UserError&) {
  }
  return 0;
}
