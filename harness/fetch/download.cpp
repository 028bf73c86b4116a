// SPDX-License-Identifier: MIT
#include "harness/fetch/download.h"

#include <fmt/format.h>

#include <system_error>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "harness/fetch/md5.h"
#include "harness/fetch/transfer.h"

namespace segbench::fetch {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& message) {
  throw core::UserError(message, core::kTrialFailed);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(fmt::format("{}: cannot be created: {}", folder.string(), error.message()));
}

fs::path with_suffix(const fs::path& file, const char* suffix) {
  fs::path named = file;
  named += suffix;
  return named;
}

/// "its MD5 is …, expected …"; "" when it is right or nothing is known.
std::string md5_problem(const Request& request, const fs::path& file) {
  if (request.md5.empty()) return "";
  const std::string md5 = md5_file(file);
  return md5 == request.md5 ? "" : fmt::format("its MD5 is {}, expected {}", md5, request.md5);
}

/// A file that is there already; empty when there is none.
std::optional<Result> present(const Request& request) {
  if (!fs::exists(request.file)) return std::nullopt;
  const std::string sha256 = core::sha256_file(request.file);
  if (!sha256.starts_with(request.sha256)) {
    fail(fmt::format("{}: is there, but its SHA-256 begins with {} instead of {}; move it away and try again",
                     request.file.string(), sha256.substr(0, request.sha256.size()), request.sha256));
  }
  if (const std::string md5 = md5_problem(request, request.file); !md5.empty())
    fail(fmt::format("{}: is there, but {}; move it away and try again", request.file.string(), md5));
  return Result{.was_there = true, .bytes = fs::file_size(request.file), .sha256 = sha256};
}

/// Removes the lock's file with the lock.
class Lock {
 public:
  explicit Lock(const fs::path& file) : file_(file), lock_(core::FileLock::try_acquire(file)) {
    if (!lock_) {
      const core::LockOwner owner = core::FileLock::holder(file).value_or(core::LockOwner{});
      fail(fmt::format("{}: {} is downloading it", fs::path(file).replace_extension().string(),
                       describe(owner)));
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    std::error_code ignored;
    fs::remove(file_, ignored);
  }

 private:
  fs::path file_;
  std::optional<core::FileLock> lock_;
};

/// Transfers until nothing is left. What an earlier download left may be longer than the file: then once more
/// from the beginning.
Transfer transfer_all(const Request& request, const fs::path& part, std::uint64_t& resumed_from) {
  std::error_code ignored;
  resumed_from = fs::exists(part) ? fs::file_size(part) : 0;
  Transfer done = transfer(request, part);
  const bool is_known = !request.sha256.empty() || !request.md5.empty();
  const bool is_right = done.end == Transfer::End::kNothingLeft && is_known &&
                        core::sha256_file(part).starts_with(request.sha256) &&
                        md5_problem(request, part).empty();
  if (done.end == Transfer::End::kNothingLeft && !is_right) {
    fs::remove(part, ignored);
    resumed_from = 0;
    done = transfer(request, part);
  } else if (!is_right && !done.is_resumed) {
    resumed_from = 0;
  }
  return done;
}

}  // namespace

Result download(const Request& request) {
  if (auto there = present(request)) return *there;
  const fs::path folder = request.file.has_parent_path() ? request.file.parent_path() : fs::path(".");
  make_folder(folder);
  const Lock lock(with_suffix(request.file, ".lock"));
  if (auto there = present(request)) return *there;  // somebody else has just finished
  const fs::path part = with_suffix(request.file, ".part");
  Result result;
  const Transfer done = transfer_all(request, part, result.resumed_from);
  std::error_code ignored;
  if (done.end == Transfer::End::kFailed) {
    if (fs::exists(part, ignored) && fs::file_size(part, ignored) == 0) fs::remove(part, ignored);
    fail(fmt::format("{}: {}", request.address, done.problem));
  }
  result.bytes = fs::file_size(part);
  if (done.end == Transfer::End::kStopped) {
    result.is_stopped = true;
    return result;
  }
  result.sha256 = core::sha256_file(part);
  if (!result.sha256.starts_with(request.sha256)) {
    fs::remove(part, ignored);
    fail(fmt::format(
        "{}: the download ({}) has a SHA-256 that begins with {}, expected {}; it was removed{}",
        request.address, core::human_bytes(result.bytes), result.sha256.substr(0, request.sha256.size()),
        request.sha256,
        result.resumed_from > 0 ? "; it was continued from an earlier download, so try again" : ""));
  }
  if (const std::string md5 = md5_problem(request, part); !md5.empty()) {
    fs::remove(part, ignored);
    fail(fmt::format("{}: the download ({}) is damaged: {}; it was removed, so try again", request.address,
                     core::human_bytes(result.bytes), md5));
  }
  fs::rename(part, request.file);
  core::sync_folder(folder);
  return result;
}

}  // namespace segbench::fetch
