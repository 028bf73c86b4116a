// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/study/study.h"
#include "tests/support/temporary_folder.h"

namespace segbench::study {

inline std::filesystem::path experiments() {
  return std::filesystem::path(SEGBENCH_SOURCE_DIR) / "tests/data/experiments";
}

/// Loads a file of the project's experiments/, without the pretrained weights that it names, which have to be
/// downloaded. Empty for a file that only profiles networks.
inline std::optional<Study> load_experiment(const std::filesystem::path& file) {
  const std::string text = core::read_file(file);
  if (text.find("\n[profile]") != text.npos && text.find("\n[data]") == text.npos) return std::nullopt;
  const bool has_weights = text.find("weights = \"") != text.npos;
  return load_study(
      file, has_weights ? std::vector<std::string>{"model.weights=\"\""} : std::vector<std::string>{});
}

/// A temporary folder in which experiment files are written and loaded.
class Folder {
 public:
  /// Writes `text`, in which $BASE stands for the complete file that the tests extend.
  std::filesystem::path write(const std::string& name, std::string text) const {
    const std::string base = (experiments() / "base.toml").string();
    for (std::size_t at; (at = text.find("$BASE")) != std::string::npos;) text.replace(at, 5, base);
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  /// Loads a file that extends the complete one by `text`.
  Study load(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    return load_study(write("study.toml", "extends = \"$BASE\"\n" + text), overrides);
  }
  /// What is wrong with a file that holds `text` alone; "" when nothing is.
  std::string problems(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    const std::filesystem::path file = write("study.toml", text);
    try {
      load_study(file, overrides);
    } catch (const core::UserError& error) {
      return error.what();
    }
    return {};
  }

 private:
  tests::TemporaryFolder folder_;
};

inline std::vector<std::string> labels(const Study& study) {
  std::vector<std::string> labels;
  for (const core::Variant& variant : study.variants) labels.push_back(variant.label);
  return labels;
}

inline std::vector<std::string> ids(const Study& study) {
  std::vector<std::string> ids;
  for (const core::Variant& variant : study.variants) ids.push_back(variant.id);
  return ids;
}

}  // namespace segbench::study
