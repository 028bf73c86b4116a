// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/published_counts.h"
#include "harness/core/files.h"
#include "harness/core/part.h"

// docs/architectures.md against the registry. With SEGBENCH_UPDATE_DOCS set the page is brought up to date
// instead.

namespace segbench::architectures {
namespace {

const std::filesystem::path kFile = std::filesystem::path(SEGBENCH_SOURCE_DIR) / "docs/architectures.md";

/// 31048917 as "31,048,917".
std::string with_commas(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string giga(std::int64_t macs) {
  return fmt::format("{:.2f}", static_cast<double>(macs) / 1e9);
}

std::string parameters_of(const core::PartSpec& spec) {
  std::string names;
  for (const core::ParamSpec& param : spec.params)
    names += fmt::format("{}`{}`", names.empty() ? "" : ", ", param.name);
  return names.empty() ? "–" : names;
}

std::string architectures_text() {
  std::string text =
      "\n| architecture | size | parameters | MACs (G) | what it is | its parameters "
      "|\n|---|---|---|---|---|---|\n";
  std::string papers = "\nPapers:\n\n";
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    for (const std::string& size : sizes_of(spec->name)) {
      const NetworkSummary summary =
          summarise({.architecture = spec->name, .size = size, .image_height = 256, .image_width = 256});
      text += fmt::format("| `{}` | `{}` | {} | {} | {} | {} |\n", spec->name, size,
                          with_commas(summary.parameters()), giga(summary.macs), spec->summary,
                          parameters_of(*spec));
    }
    papers += fmt::format("- `{}`: {}\n", spec->name, spec->source);
  }
  return text + papers + "\n";
}

std::string encoders_text() {
  std::string text =
      "\n| encoder | parameters | MACs (G) | channels of its maps | output strides | what it is | paper |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const std::string& name : encoder_names()) {
    const EncoderGraph built = encoder_graph(name, {3, 224, 224});
    const NetworkSummary summary = summarise(built.graph);
    std::string channels;
    for (const Value map : built.features.maps) {
      const std::string of_map = map.node < 0 ? "–" : std::to_string(built.graph.at(map).shape.channels);
      channels += (channels.empty() ? "" : ", ") + of_map;
    }
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", name, with_commas(summary.trainable),
                        giga(summary.macs), channels, encoder(name).dilatable ? "8, 16, 32" : "32",
                        encoder(name).summary, encoder(name).source);
  }
  return text + "\n";
}

std::string counts_text() {
  std::string text = "\n| network | parameters | trainable | counted by |\n|---|---|---|---|\n";
  for (const PublishedCount& count : published_counts()) {
    text +=
        fmt::format("| {} | {} | {} | {} |\n", name_of(count), count.total ? with_commas(*count.total) : "–",
                    count.trainable ? with_commas(*count.trainable) : "–", count.source);
  }
  return text + "\n";
}

/// What stands between the markers of a part of the page must be `expected`.
void expect_part(const std::string& part, const std::string& expected) {
  const std::string page = core::read_file(kFile);
  const std::size_t begin = page.find('\n', page.find("<!-- " + part + ": begin")) + 1;
  const std::size_t end = page.find("<!-- " + part + ": end");
  ASSERT_LE(begin, end);
  ASSERT_NE(end, std::string::npos);
  if (std::getenv("SEGBENCH_UPDATE_DOCS") != nullptr) {
    core::write_file_atomically(kFile, page.substr(0, begin) + expected + page.substr(end));
    return;
  }
  EXPECT_EQ(page.substr(begin, end - begin), expected)
      << "run this test with SEGBENCH_UPDATE_DOCS=1 and review";
}

TEST(ArchitecturesPage, TellsEveryArchitecture) {
  expect_part("architectures", architectures_text());
}
TEST(ArchitecturesPage, TellsEveryEncoder) {
  expect_part("encoders", encoders_text());
}
TEST(ArchitecturesPage, TellsEveryPublishedCount) {
  expect_part("counts", counts_text());
}

}  // namespace
}  // namespace segbench::architectures
