// SPDX-License-Identifier: MIT
#include "harness/trial/event_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/streams.h"
#include "harness/core/text.h"

namespace segbench::trial {
namespace {

[[noreturn]] void fail_log(const std::filesystem::path& file, const char* what) {
  throw core::UserError(fmt::format("{}: {}: {}", file.string(), what, core::system_message(errno)),
                        core::kTrialFailed);
}

constexpr const char* kBrokenChain =
    "this line, or one before it, was changed after it was written (its \"chain\" does not fit)";

}  // namespace

EventWriter::EventWriter(const std::filesystem::path& file, std::uint64_t keep_bytes, LogKind kind,
                         const core::FileLock* lock)
    : file_(file), kind_(kind), lock_(lock) {
  if (lock_ != nullptr) lock_->require_held();
  std::string kept = std::filesystem::exists(file) ? core::read_file(file) : "";
  const std::size_t found = kept.size();
  if (found > keep_bytes) kept.resize(keep_bytes);
  const std::size_t last_end = kept.rfind('\n');
  kept.resize(last_end == std::string::npos ? 0 : last_end + 1);
  for (std::size_t begin = 0; begin < kept.size(); ++next_seq_) {
    const std::size_t end = kept.find('\n', begin);
    chain_.accept(std::string_view(kept).substr(begin, end - begin));
    begin = end + 1;
  }
  descriptor_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail_log(file_, "cannot be opened");
  size_bytes_ = kept.size();
  // A whole log is left as it is: another process may have added a line to it meanwhile.
  if (size_bytes_ < found && ::ftruncate(descriptor_, static_cast<off_t>(size_bytes_)) != 0)
    fail_log(file_, "cannot be shortened");
}

EventWriter::~EventWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void EventWriter::append(std::string_view type, core::Json event) {
  event["seq"] = next_seq_;
  event["type"] = type;
  event["time"] = core::utc_timestamp();
  std::string line = event.dump();
  if (kind_ == LogKind::kChained) line = chain_.seal(std::move(line));
  line += '\n';
  if (lock_ != nullptr) lock_->require_held();
  for (std::size_t written = 0; written < line.size();) {
    const ssize_t n = ::write(descriptor_, line.data() + written, line.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_log(file_, "cannot be written");
    written += static_cast<std::size_t>(n);
  }
  ++next_seq_;
  size_bytes_ += line.size();
}

void EventWriter::sync() {
  if (lock_ != nullptr) lock_->require_held();
  if (::fsync(descriptor_) != 0) fail_log(file_, "cannot be synced to disk");
}

EventLog parse_event_log(std::string_view text) {
  EventLog log;
  LogChain chain;
  bool broken = false;
  int line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line_number;
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) {
      log.torn_tail = true;
      break;
    }
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (!chain.accept(line) && !broken) {
      broken = true;
      log.defects.push_back({line_number, kBrokenChain});
    }
    core::Json event = core::Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (event.is_discarded()) {
      log.defects.push_back({line_number, "not a JSON object"});
    } else if (!event.is_object() || !event.contains("type") || !event["type"].is_string()) {
      log.defects.push_back({line_number, "an event needs a \"type\""});
    } else {
      log.events.push_back(std::move(event));
      log.lines.push_back(line_number);
    }
  }
  return log;
}

EventLog read_event_log(const std::filesystem::path& file) {
  return std::filesystem::exists(file) ? parse_event_log(core::read_file(file)) : EventLog();
}

}  // namespace segbench::trial
