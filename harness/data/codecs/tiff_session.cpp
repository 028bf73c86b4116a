// SPDX-License-Identifier: MIT
#include "harness/data/codecs/tiff_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <utility>

#include "harness/core/error.h"

namespace segbench::data {

/// libtiff's view of the bytes.
struct TiffCallbacks {
  static TiffSession& of(thandle_t handle) { return *static_cast<TiffSession*>(handle); }

  static tmsize_t read(thandle_t handle, void* out, tmsize_t size) {
    TiffSession& session = of(handle);
    if (size < 0 || session.at_ >= session.bytes_.size()) return 0;
    const auto count =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(size), session.bytes_.size() - session.at_);
    std::memcpy(out, session.bytes_.data() + session.at_, count);
    session.at_ += count;
    return static_cast<tmsize_t>(count);
  }
  static tmsize_t write(thandle_t, void*, tmsize_t) { return 0; }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    TiffSession& session = of(handle);
    if (whence == SEEK_CUR) offset += session.at_;
    if (whence == SEEK_END) offset += session.bytes_.size();
    session.at_ = offset;
    return offset;
  }
  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t handle) { return of(handle).bytes_.size(); }
  static int map(thandle_t handle, void** base, toff_t* bytes) {
    *base = const_cast<std::uint8_t*>(of(handle).bytes_.data());  // opened for reading: never written
    *bytes = of(handle).bytes_.size();
    return 1;
  }
  static void unmap(thandle_t, void*, toff_t) {}

  __attribute__((format(printf, 2, 0))) static void keep(std::string& text, const char* format,
                                                         va_list arguments) {
    char buffer[200];
    std::vsnprintf(buffer, sizeof buffer, format, arguments);
    text = buffer;
    for (char& c : text) {
      if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') c = ' ';
    }
  }
  __attribute__((format(printf, 4, 0))) static int error(TIFF*, void* data, const char*, const char* format,
                                                         va_list arguments) {
    std::string& text = static_cast<TiffSession*>(data)->error_;
    if (text.empty()) keep(text, format, arguments);  // the first one is the cause
    return 1;
  }
  __attribute__((format(printf, 4, 0))) static int warning(TIFF*, void* data, const char*, const char* format,
                                                           va_list arguments) {
    keep(static_cast<TiffSession*>(data)->warning_, format, arguments);
    return 1;
  }
};

namespace {

/// Most that libtiff may ask for at once, for a file that lies about its sizes.
constexpr tmsize_t kMostMemory = tmsize_t{1} << 30;

struct FreeOptions {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

}  // namespace

TiffSession::TiffSession(Bytes bytes) : bytes_(bytes) {
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  SEGBENCH_CHECK(options != nullptr, "libtiff cannot start");
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostMemory);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), &TiffCallbacks::error, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), &TiffCallbacks::warning, this);
  tiff_.reset(TIFFClientOpenExt("", "r", this, &TiffCallbacks::read, &TiffCallbacks::write,
                                &TiffCallbacks::seek, &TiffCallbacks::close, &TiffCallbacks::size,
                                &TiffCallbacks::map, &TiffCallbacks::unmap, options.get()));
  if (!tiff_) refuse();
}

void TiffSession::refuse() const {
  throw core::UserError(
      fmt::format("the TIFF file is damaged or cut off: {}", error_.empty() ? warning_ : error_));
}

bool TiffSession::take_warning() {
  return !std::exchange(warning_, "").empty();
}

}  // namespace segbench::data
