// SPDX-License-Identifier: MIT
#include "results/exchange/tensorboard.h"

#include <fmt/format.h>

#include <array>

#include "harness/core/files.h"
#include "harness/core/protobuf.h"
#include "results/exchange/output_folder.h"

namespace segbench::exchange {
namespace {

using core::protobuf::Message;

// Fields of Event, Summary and Summary.Value (tensorflow/core/util/event.proto, framework/summary.proto).
constexpr int kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5;
constexpr int kValue = 1, kTag = 1, kSimpleValue = 2;

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78U : crc >> 1;
    table[i] = crc;
  }
  return table;
}

template <typename Number>
std::string little_endian(Number number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(Number); ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}

/// So that the check of a record that holds checks is no weaker.
std::uint32_t masked(std::uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

std::string events_of(const TrialSeries& trial) {
  std::string file =
      tf_record(Message().real(kWallTime, trial.started).text(kFileVersion, "brain.Event:2").bytes());
  for (const Series& series : trial.series) {
    for (const Point& point : series.points) {
      const Message value =
          Message().text(kTag, series.name).number(kSimpleValue, static_cast<float>(point.value));
      file += tf_record(Message()
                            .real(kWallTime, point.seconds)
                            .integer(kStep, point.step)
                            .message(kSummary, Message().message(kValue, value))
                            .bytes());
    }
  }
  return file;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = crc_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

std::string tf_record(std::string_view data) {
  const std::string length = little_endian(static_cast<std::uint64_t>(data.size()));
  return length + little_endian(masked(crc32c(length))) + std::string(data) +
         little_endian(masked(crc32c(data)));
}

std::size_t write_tensorboard(const std::filesystem::path& folder, const std::vector<TrialSeries>& trials) {
  NewFolder filled(folder);
  for (const TrialSeries& trial : trials) {
    const std::filesystem::path of_trial = filled.path() / trial.folder;
    std::filesystem::create_directories(of_trial);
    core::write_file_atomically(of_trial / fmt::format("events.out.tfevents.{:.0f}.segbench", trial.started),
                                events_of(trial));
  }
  filled.put_in_place();
  return trials.size();
}

}  // namespace segbench::exchange
