// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>

namespace segbench::cli {

/// CLI11's help in lines of at most so many columns; CLI11 itself breaks none. Indented lines of a footer
/// are examples, and stay as they are.
class HelpFormat : public CLI::Formatter {
 public:
  explicit HelpFormat(std::size_t columns) : columns_(columns) {}

  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;

 private:
  std::string entry(const std::string& name, const std::string& description) const;

  std::size_t columns_;
};

}  // namespace segbench::cli
