// SPDX-License-Identifier: MIT
#pragma once

#include <archive.h>
#include <archive_entry.h>

namespace segbench::fetch {

/// The functions of libarchive that are used.
struct ArchiveLibrary {
  decltype(&::archive_read_new) open;
  decltype(&::archive_read_support_filter_all) all_filters;
  decltype(&::archive_read_support_format_all) all_formats;
  decltype(&::archive_read_open_filename) open_file;
  decltype(&::archive_read_next_header) next;
  decltype(&::archive_read_data) read;
  decltype(&::archive_read_free) close;
  decltype(&::archive_error_string) error;
  decltype(&::archive_entry_pathname) path;
  decltype(&::archive_entry_filetype) type;
};

/// Loads the library. Throws core::UserError when it is not installed.
const ArchiveLibrary& archive_library();

}  // namespace segbench::fetch
