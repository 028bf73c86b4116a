// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/study/document.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"
#include "harness/study/search.h"

namespace segbench::study {

/// A study may not have more variants than this: a matrix that is larger is a slip.
inline constexpr std::size_t kMostVariants = 10'000;

/// A variant before it is resolved.
struct Draft {
  Node settings;            ///< tables data, model, training with this variant's values in them
  Place place;              ///< of what sets it apart: its [[variant]], or the last axis of the matrix
  std::string description;  ///< for messages: its label, or its values
  std::optional<std::string> label = {};  ///< given by [[variant]]
  std::vector<std::string> keys = {};     ///< dotted keys that it sets, in file order
};

/// Expands a document: the cross product of the axes of [matrix] in file order, the first axis slowest,
/// without what [[matrix.exclude]] names, or the draws of [search], each with one value a range; then every
/// [[variant]]. Without any of these the settings of the file are the one variant. Problems are reported to
/// `problems`; the list is empty when nothing can be expanded.
std::vector<Draft> expand(const Document& document, const std::optional<SearchTable>& search,
                          const std::vector<std::vector<Node>>& draws, ProblemList& problems);

/// The tables data, model and training of a document alone.
Node settings_of(const Node& root);

}  // namespace segbench::study
