// SPDX-License-Identifier: MIT
#include "harness/fetch/transfer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "harness/core/version.h"
#include "harness/fetch/curl.h"

namespace segbench::fetch {
namespace {

constexpr long kConnectSeconds = 30, kStallSeconds = 60, kRedirections = 5;
constexpr long kOk = 200, kPartialContent = 206, kRangeNotSatisfiable = 416;

/// What the callbacks of one transfer share.
struct Receiver {
  const Request* request;
  CURL* handle = nullptr;
  int descriptor = -1;
  std::uint64_t begin = 0;        ///< bytes that were there
  std::uint64_t received = 0;     ///< in this transfer
  std::uint64_t range_begin = 0;  ///< of the answer, as Content-Range says
  bool is_resumed = false, is_stopped = false;
  std::string problem = {};  ///< of writing the file
};

/// "Content-Range: bytes 100-199/200" of a partial answer.
size_t on_header(char* data, size_t size, size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  std::string line(data, size * count);
  for (char& c : line) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::string_view kKey = "content-range: bytes ";
  if (line.starts_with(kKey)) {
    std::from_chars(line.data() + kKey.size(), line.data() + line.size(), receiver.range_begin);
  }
  return size * count;
}

/// Decides at the first bytes whether they follow what is there.
bool begin_writing(Receiver& receiver) {
  long status = 0;
  curl().info(receiver.handle, CURLINFO_RESPONSE_CODE, &status);
  if (status == kPartialContent && receiver.range_begin == receiver.begin) {
    receiver.is_resumed = receiver.begin > 0;
    return true;
  }
  if (status != kOk) {
    receiver.problem = fmt::format("the server answered with status {}, which does not continue at byte {}",
                                   status, receiver.begin);
    return false;
  }
  receiver.begin = 0;  // the server sends everything
  if (::ftruncate(receiver.descriptor, 0) == 0 && ::lseek(receiver.descriptor, 0, SEEK_SET) == 0) return true;
  receiver.problem = std::strerror(errno);
  return false;
}

size_t on_data(char* data, size_t size, size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  if (receiver.received == 0 && !begin_writing(receiver)) return 0;
  for (std::size_t left = size * count; left > 0;) {
    const ssize_t written = ::write(receiver.descriptor, data, left);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      receiver.problem = fmt::format("the file cannot be written: {}", std::strerror(errno));
      return 0;
    }
    data += written;
    left -= static_cast<std::size_t>(written);
    receiver.received += static_cast<std::uint64_t>(written);
  }
  return size * count;
}

int on_progress(void* user, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
  auto& receiver = *static_cast<Receiver*>(user);
  if (!receiver.request->progress) return 0;
  const std::uint64_t before = receiver.received > 0 && !receiver.is_resumed ? 0 : receiver.begin;
  std::optional<std::uint64_t> all;
  if (total > 0) all = before + static_cast<std::uint64_t>(total);
  receiver.is_stopped = !receiver.request->progress(before + receiver.received, all);
  return receiver.is_stopped ? 1 : 0;
}

/// Closes what a transfer opened.
struct Cleanup {
  Receiver& receiver;
  ~Cleanup() {
    if (receiver.handle != nullptr) curl().cleanup(receiver.handle);
    if (receiver.descriptor >= 0) ::close(receiver.descriptor);
  }
};

void configure(Receiver& receiver, const std::string& range, char* message) {
  const auto set = [&](CURLoption option, auto value) { curl().set(receiver.handle, option, value); };
  const bool secure = receiver.request->address.starts_with("https:");
  set(CURLOPT_URL, receiver.request->address.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, kRedirections);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, (std::string("segbench/") + core::kVersion).c_str());
  set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, kStallSeconds);
  set(CURLOPT_ERRORBUFFER, message);
  set(CURLOPT_WRITEFUNCTION, on_data);
  set(CURLOPT_WRITEDATA, &receiver);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, &receiver);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, &receiver);
  set(CURLOPT_NOPROGRESS, 0L);
  if (!range.empty()) set(CURLOPT_RANGE, range.c_str());
}

}  // namespace

Transfer transfer(const Request& request, const std::filesystem::path& part) {
  Receiver receiver{.request = &request};
  const Cleanup cleanup{receiver};
  receiver.descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (receiver.descriptor < 0) {
    return {.end = Transfer::End::kFailed,
            .problem = fmt::format("{}: {}", part.string(), std::strerror(errno))};
  }
  receiver.begin = static_cast<std::uint64_t>(::lseek(receiver.descriptor, 0, SEEK_END));
  receiver.handle = curl().init();
  SEGBENCH_CHECK(receiver.handle != nullptr, "libcurl could not be started");
  std::array<char, CURL_ERROR_SIZE> message{};
  const std::string range = receiver.begin > 0 ? fmt::format("{}-", receiver.begin) : "";
  configure(receiver, range, message.data());
  const CURLcode code = curl().perform(receiver.handle);

  Transfer result{
      .end = Transfer::End::kFailed, .is_resumed = receiver.is_resumed, .problem = receiver.problem};
  long status = 0;
  curl().info(receiver.handle, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK) {
    result.end = Transfer::End::kDone;
    // An answer without a body never reached on_data: an empty file, or one that ends where ours does.
    if (receiver.received == 0 && status == kOk) (void)!::ftruncate(receiver.descriptor, 0);
    if (::fsync(receiver.descriptor) != 0) {
      result = {.end = Transfer::End::kFailed,
                .problem = fmt::format("the file cannot be written: {}", std::strerror(errno))};
    }
  } else if (receiver.is_stopped) {
    result.end = Transfer::End::kStopped;
  } else if (status == kRangeNotSatisfiable) {
    result.end = Transfer::End::kNothingLeft;
  } else if (result.problem.empty()) {
    result.problem = message[0] != '\0' ? message.data() : curl().error(code);
    if (receiver.received > 0) {
      result.problem += fmt::format("; {} came and are kept: the same command goes on there",
                                    core::human_bytes(receiver.begin + receiver.received));
    }
  }
  return result;
}

}  // namespace segbench::fetch
