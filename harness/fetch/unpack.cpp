// SPDX-License-Identifier: MIT
#include "harness/fetch/unpack.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

#include "harness/core/error.h"
#include "harness/fetch/archive.h"

namespace segbench::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 1 << 20;

[[noreturn]] void give_up(const std::string& message) {
  throw core::UserError(message, core::kTrialFailed);
}

struct CloseArchive {
  void operator()(struct archive* open) const { archive_library().close(open); }
};

/// The place of an entry below the folder; throws for names that lead elsewhere.
fs::path place_of(const fs::path& archive, const char* name) {
  const fs::path place = fs::path(name == nullptr ? "" : name).lexically_normal();
  const bool leaves = place.is_absolute() || std::find(place.begin(), place.end(), "..") != place.end();
  if (place.empty() || leaves) {
    give_up(fmt::format(
        "{}: the archive has a file \"{}\", which would lie outside of the folder; nothing of it is "
        "unpacked from there on",
        archive.string(), name == nullptr ? "" : name));
  }
  return place;
}

class Reader {
 public:
  explicit Reader(const fs::path& file) : library_(archive_library()), file_(file), open_(library_.open()) {
    SEGBENCH_CHECK(open_ != nullptr, "libarchive cannot start");
    library_.all_filters(open_.get());
    library_.all_formats(open_.get());
    if (library_.open_file(open_.get(), file.c_str(), 1 << 16) != ARCHIVE_OK) refuse();
  }

  /// The next entry; nullptr at the end.
  archive_entry* next() {
    archive_entry* entry = nullptr;
    const int state = library_.next(open_.get(), &entry);
    if (state == ARCHIVE_EOF) return nullptr;
    if (state < ARCHIVE_WARN) refuse();
    return entry;
  }

  std::uint64_t write_to(const fs::path& target) {
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    fs::path part = target;
    part += ".part";
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    std::vector<char> buffer(kChunk);
    std::uint64_t bytes = 0;
    while (true) {
      const auto count = library_.read(open_.get(), buffer.data(), buffer.size());
      if (count < 0) {
        fs::remove(part, error);
        refuse();
      }
      if (count == 0) break;
      out.write(buffer.data(), count);
      bytes += static_cast<std::uint64_t>(count);
    }
    out.close();
    if (!out) {
      fs::remove(part, error);
      give_up(fmt::format("{}: cannot be written; is the disk full?", target.string()));
    }
    fs::rename(part, target);
    return bytes;
  }

  const ArchiveLibrary& library() const { return library_; }

 private:
  [[noreturn]] void refuse() const {
    const char* text = library_.error(open_.get());
    give_up(fmt::format("{}: cannot be unpacked: {}", file_.string(), text == nullptr ? "damaged" : text));
  }

  const ArchiveLibrary& library_;
  fs::path file_;
  std::unique_ptr<struct archive, CloseArchive> open_;
};

}  // namespace

Unpacked unpack(const fs::path& archive, const fs::path& folder,
                const std::function<bool(std::int64_t)>& progress) {
  Reader reader(archive);
  Unpacked done;
  while (archive_entry* entry = reader.next()) {
    if (reader.library().type(entry) != S_IFREG) continue;
    done.bytes += reader.write_to(folder / place_of(archive, reader.library().path(entry)));
    ++done.files;
    if (progress && !progress(done.files)) {
      done.is_stopped = true;
      return done;
    }
  }
  if (done.files == 0) give_up(fmt::format("{}: there is no file in it", archive.string()));
  return done;
}

}  // namespace segbench::fetch
