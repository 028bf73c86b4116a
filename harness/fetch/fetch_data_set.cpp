// SPDX-License-Identifier: MIT
#include "harness/fetch/fetch_data_set.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/fetch/download.h"
#include "harness/fetch/unpack.h"

namespace segbench::fetch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kArchives = "archives";

std::string address_of(const DataFile& file, const std::string& mirror) {
  if (mirror.empty()) return file.address;
  return mirror + (mirror.ends_with('/') ? "" : "/") + fs::path(file.name).filename().string();
}

/// One file: downloaded, then unpacked unless a mark says that it was. False when it was stopped.
bool fetch_file(const DataFile& file, const DataRequest& request, DataResult& result) {
  const std::string name = fs::path(file.name).filename().string();
  const Request wanted{.address = address_of(file, request.mirror),
                       .file = request.folder / kArchives / name,
                       .sha256 = "",
                       .md5 = file.md5,
                       .progress = [&](std::uint64_t bytes, std::optional<std::uint64_t> total) {
                         return !request.progress || request.progress(name, bytes, total);
                       }};
  const Result done = download(wanted);
  if (!done.was_there) result.downloaded += done.bytes;
  result.resumed_from += done.resumed_from;
  if (done.is_stopped) return false;
  const fs::path mark = request.folder / kArchives / (name + ".unpacked");
  if (fs::exists(mark) && core::read_file(mark) == done.sha256) return true;
  const fs::path into = request.folder / fs::path(file.name).parent_path();
  const Unpacked unpacked = unpack(wanted.file, into, [&](std::int64_t files) {
    return !request.progress || request.progress("unpacking " + name, static_cast<std::uint64_t>(files), {});
  });
  result.files += unpacked.files;
  if (unpacked.is_stopped) return false;
  core::write_file_atomically(mark, done.sha256);
  return true;
}

}  // namespace

DataResult fetch_data_set(const DataRequest& request) {
  const DataSource& source = *request.source;
  if (source.files.empty()) {
    throw core::UserError(fmt::format("{} cannot be downloaded without an account ({}):\n{}", source.name,
                                      source.terms, source.instructions));
  }
  DataResult result{.root = source.root.empty() ? request.folder : request.folder / source.root};
  for (const DataFile& file : source.files) {
    if (fetch_file(file, request, result)) continue;
    result.is_stopped = true;
    return result;
  }
  return result;
}

}  // namespace segbench::fetch
