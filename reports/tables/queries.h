// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/text/table.h"
#include "reports/model/model.h"

// SQL over results.sqlite (docs/schema.md) by which a reader computes the numbers of a column again: each
// gives a row (trial_id, value) for every trial of a number, whose ids the page has beside it.

namespace segbench::reports {

/// Score of a final evaluation on a split.
std::string score_query(std::string_view metric, std::string_view split);
/// All scores of final evaluations on a split, with times and sizes: for rows of different measures.
std::string any_query(std::string_view split);
/// A column of the view trial_overview.
std::string trial_query(std::string_view column);
/// IoU of a class on a split.
std::string class_query(std::string_view class_name, std::string_view split);
/// Counts of single images on a split: trial, image, class, TP, FP, FN.
std::string image_query(std::string_view split);

/// Cells of the confusion matrices on a split: trial, true class, predicted class, pixels.
std::string confusion_query(std::string_view split);

/// Says it of the column `key`. Throws core::InternalError when the table has none.
void set_query(text::Table& table, std::string_view key, std::string query, std::string statistic);

/// Every column of these tables that has a query.
text::Table queries_table(const std::vector<text::Table>& tables);

}  // namespace segbench::reports
