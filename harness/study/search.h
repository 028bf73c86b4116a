// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/variant.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"
#include "harness/study/study.h"

// [search]: settings that are drawn. Every draw is a variant, made when the file is read, so that ids, plans,
// overrides and results are those of any other variant.

namespace segbench::study {

/// The values that one setting may get.
struct Range {
  std::string key;           ///< dotted
  std::string kind;          ///< uniform | log_uniform | integer | log_integer | choice
  double low = 0, high = 0;  ///< both included; of all kinds but choice
  std::vector<Node> choices = {};
  std::vector<std::vector<Range>> within = {};  ///< those within each choice, drawn where it is chosen
  Place place = {}, key_place = {};
};

struct SearchTable {
  Search search;  ///< but for what follows from the variants: draws, rungs
  std::optional<std::int64_t> min_epochs;
  std::vector<Range> space;  ///< in file order
  Place place;
};

/// Reads [search] for a study of so many seeds; empty where there is none, or after reporting what is wrong.
std::optional<SearchTable> read_search(const Node& root, std::size_t seeds, ProblemList& problems);

/// The draws, each with one value a range: trials / seeds of them, or as many different ones as the space has
/// and its first draws find. Random draws of a range are a stream of their own (seed, key, number of the
/// draw), so that another range, more draws or a fixed setting change none of them. Sobol draws are points of
/// Sobol's sequence with the direction numbers of Joe and Kuo (2008), shifted digitally at random by the seed
/// (Cranley and Patterson 1976; L'Ecuyer and Lemieux 2002), one dimension a range by the order of their keys;
/// ranges within choices are drawn at random. Numbers have four significant digits, so that labels and ids
/// are those of what one would write; within the range nonetheless.
std::vector<std::vector<Node>> draw_values(const SearchTable& table, std::size_t seeds);

/// What follows from the drawn variants, which are the first ones of the study: the rungs of a halving, after
/// which epochs it decides: min_epochs, min_epochs * reduction, …, and all epochs. Problems are reported.
Search complete_search(const SearchTable& table, const std::vector<core::Variant>& variants,
                       std::size_t draws, ProblemList& problems);

/// True for a halving, and where hours are budgeted: which trials run is decided while others do.
bool decides_while_running(const Search& search);

/// {"method", "seed", "trials", "hours", "draws", "reduction", "rungs", "space"}
core::Json to_json(const Search& search);
/// The same as a table of an experiment file.
std::string search_toml(const Search& search);

}  // namespace segbench::study
