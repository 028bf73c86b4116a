// SPDX-License-Identifier: MIT
#pragma once

#include <tiffio.h>

#include <memory>
#include <string>

#include "harness/data/codecs/image.h"

namespace segbench::data {

/// A TIFF in memory, opened with libtiff, whose messages are kept here and never reach stderr.
class TiffSession {
 public:
  /// Throws core::UserError when the first directory cannot be read.
  explicit TiffSession(Bytes bytes);
  TiffSession(const TiffSession&) = delete;
  TiffSession& operator=(const TiffSession&) = delete;

  TIFF* tiff() const { return tiff_.get(); }
  Bytes bytes() const { return bytes_; }
  /// Throws core::UserError with what libtiff said last.
  [[noreturn]] void refuse() const;
  /// Whether libtiff has warned since the last call: its JPEG decoder fills what is missing with grey.
  bool take_warning();

 private:
  struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  friend struct TiffCallbacks;

  Bytes bytes_;
  std::uint64_t at_ = 0;
  std::string error_, warning_;
  std::unique_ptr<TIFF, Close> tiff_;
};

}  // namespace segbench::data
