// SPDX-License-Identifier: MIT
#include "harness/data/codecs/jpeg_file.h"

#include <fmt/format.h>

#include <csetjmp>
#include <cstddef>
#include <cstdio>
// libjpeg's headers need the two above.
#include <jerror.h>
#include <jpeglib.h>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

/// libjpeg's error handler and where to leave to. Nothing in it needs a destructor.
struct Session {
  jpeg_error_mgr handler;  // first: libjpeg hands out its address
  std::jmp_buf leave;
  char message[JMSG_LENGTH_MAX] = "";
  jpeg_decompress_struct jpeg;
};

Session* session_of(j_common_ptr jpeg) {
  return reinterpret_cast<Session*>(jpeg->err);
}

[[noreturn]] void keep_error(j_common_ptr jpeg) {
  Session* session = session_of(jpeg);
  jpeg->err->format_message(jpeg, session->message);
  std::longjmp(session->leave, 1);
}

void judge_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;  // a trace
  const int code = jpeg->err->msg_code;
  if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM) return;
  keep_error(jpeg);
}

void say_nothing(j_common_ptr) {}

/// Runs `step`, in which libjpeg may fail; false when it did. No object with a destructor may live in `step`.
template <typename Step>
bool guarded(Session& session, Step step) {
  if (setjmp(session.leave) != 0) return false;
  step(session.jpeg);
  return true;
}

struct Guard {
  Session& session;
  ~Guard() { jpeg_destroy_decompress(&session.jpeg); }
};

}  // namespace

Image read_jpeg(Bytes bytes) {
  Session session{};
  session.jpeg.err = jpeg_std_error(&session.handler);
  session.handler.error_exit = keep_error;
  session.handler.emit_message = judge_message;
  session.handler.output_message = say_nothing;
  const Guard guard{session};
  const auto refuse = [&] {
    throw core::UserError(fmt::format("the JPEG file is damaged: {}", session.message));
  };
  const bool started = guarded(session, [bytes](jpeg_decompress_struct& jpeg) {
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
    jpeg_read_header(&jpeg, TRUE);
    const bool four = jpeg.num_components == 4;
    jpeg.out_color_space = four ? JCS_CMYK : JCS_RGB;
    jpeg.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&jpeg);
  });
  if (!started) refuse();
  Image image{session.jpeg.output_height, session.jpeg.output_width, 3, {}};
  const auto width = static_cast<std::size_t>(image.width),
             components = std::size_t{session.jpeg.output_width} *
                          static_cast<std::size_t>(session.jpeg.output_components);
  image.pixels.resize(static_cast<std::size_t>(image.height) * width * 3);
  std::vector<std::uint8_t> line(components);
  const bool inverted = session.jpeg.saw_Adobe_marker != 0;
  const bool decoded = guarded(session, [&](jpeg_decompress_struct& jpeg) {
    while (jpeg.output_scanline < jpeg.output_height) {
      std::uint8_t* row = image.pixels.data() + jpeg.output_scanline * width * 3;
      std::uint8_t* target = jpeg.output_components == 4 ? line.data() : row;
      jpeg_read_scanlines(&jpeg, &target, 1);
      for (std::size_t x = 0; jpeg.output_components == 4 && x < width; ++x) {
        const auto ink = [&](std::size_t c) {
          return static_cast<unsigned>(inverted ? line[4 * x + c] : 255 - line[4 * x + c]);
        };
        for (std::size_t c = 0; c < 3; ++c)
          row[3 * x + c] = static_cast<std::uint8_t>((ink(c) * ink(3) + 127) / 255);
      }
    }
    jpeg_finish_decompress(&jpeg);
  });
  if (!decoded) refuse();
  return image;
}

std::string jpeg_library_version() {
#ifdef LIBJPEG_TURBO_VERSION
#define SEGBENCH_TEXT_OF(x) #x
#define SEGBENCH_TEXT(x) SEGBENCH_TEXT_OF(x)
  return "turbo " SEGBENCH_TEXT(LIBJPEG_TURBO_VERSION);
#undef SEGBENCH_TEXT
#undef SEGBENCH_TEXT_OF
#else
  return fmt::format("{}", JPEG_LIB_VERSION);
#endif
}

}  // namespace segbench::data
