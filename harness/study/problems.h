// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/error.h"
#include "harness/study/node.h"

namespace segbench::study {

/// Gathers everything that is wrong with an experiment file. The variants of a study share most of their
/// text, so one mistake may be found once a variant: it is told once, and the variants are named only where
/// some that hold the same text are fine.
class ProblemList {
 public:
  void add(const Place& place, const std::string& message);
  void add(const core::UserError& error);
  /// From here on problems are those of one variant, described for people, with these settings.
  void begin_variant(std::string description, const Node& settings);
  /// From here on problems belong to no variant.
  void end_variants() { current_ = -1; }

  bool empty() const { return found_.empty(); }
  /// Counts every report, repeated ones too: whether a piece of work was clean is whether this has grown.
  std::size_t reports() const { return reports_; }
  /// Throws core::UserError with every problem, in the order of files, lines and columns; nothing when there
  /// is none.
  void throw_if_any() const;

 private:
  struct Found {
    Place place;
    std::string message;
    std::vector<int> variants;  ///< empty: of the file, not of a variant
  };
  std::string variants_text(const Found& found) const;

  std::vector<Found> found_;
  std::map<std::pair<Place, std::string>, std::size_t> index_;
  std::vector<std::string> descriptions_;
  std::map<Place, int> holders_;  ///< how many variants hold the text at a place
  int current_ = -1;
  std::size_t reports_ = 0;
};

/// "NAME must be ALLOWED, but is VALUE".
std::string found_message(std::string_view name, const Node& value, std::string_view allowed);

/// Reports each entry of `table` whose key is not among `allowed`. `where` is the table's dotted path, "" for
/// the file.
void refuse_unknown_keys(const Node& table, std::string_view where, const std::vector<std::string>& allowed,
                         ProblemList& problems);

}  // namespace segbench::study
