// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace segbench::train {

/// The command line of the worker, which must do without CLI11: `--name VALUE` or `--name=VALUE`, and words.
/// Every complaint is a core::UserError that says what was found and what is allowed.
class Arguments {
 public:
  /// `allowed` names the options, with their dashes; any other is refused.
  Arguments(const std::vector<std::string>& words, const std::vector<std::string>& allowed);

  /// The words that are no options.
  const std::vector<std::string>& words() const { return words_; }
  std::optional<std::string> text(const std::string& name) const;
  std::string required(const std::string& name) const;
  /// `fallback` when absent.
  int integer(const std::string& name, int fallback, int minimum) const;
  double number(const std::string& name, double fallback, double minimum) const;

 private:
  std::vector<std::string> words_;
  std::vector<std::pair<std::string, std::string>> options_;
};

}  // namespace segbench::train
