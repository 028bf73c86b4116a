// SPDX-License-Identifier: MIT
#include "harness/fetch/archive.h"

#include "harness/fetch/shared_library.h"

namespace segbench::fetch {
namespace {

constexpr const char* kArchiveLibrary = "libarchive.so.13";

}  // namespace

const ArchiveLibrary& archive_library() {
  static const ArchiveLibrary kArchive = [] {
    void* loaded = load_library(kArchiveLibrary, "archives cannot be unpacked", "libarchive13");
    const auto find = [&]<typename Function>(Function*& function, const char* name) {
      function = function_of<Function*>(loaded, kArchiveLibrary, name);
    };
    ArchiveLibrary library{};
    find(library.open, "archive_read_new");
    find(library.all_filters, "archive_read_support_filter_all");
    find(library.all_formats, "archive_read_support_format_all");
    find(library.open_file, "archive_read_open_filename");
    find(library.next, "archive_read_next_header");
    find(library.read, "archive_read_data");
    find(library.close, "archive_read_free");
    find(library.error, "archive_error_string");
    find(library.path, "archive_entry_pathname");
    find(library.type, "archive_entry_filetype");
    return library;
  }();
  return kArchive;
}

}  // namespace segbench::fetch
