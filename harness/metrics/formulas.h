// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/core/background.h"
#include "harness/core/counts.h"

// The formulas of the scores of pooled counts, as data: metrics::score() computes by them, and the views of
// the store are written from them (results/store/views.h). They stand nowhere else.

namespace segbench::metrics {

/// Pixels of one class: tp TP_c + fp FP_c + fn FN_c.
struct Pixels {
  std::int64_t tp = 0, fp = 0, fn = 0;
};
/// The pixels of a class in the ground truth: row_c.
inline constexpr Pixels kTruth{1, 0, 1};

/// A score of one class: part / whole; undefined where both are 0.
struct ClassRatio {
  Pixels part, whole;
};
inline constexpr ClassRatio kIou{{1, 0, 0}, {1, 1, 1}};
inline constexpr ClassRatio kDice{{2, 0, 0}, {2, 1, 1}};
inline constexpr ClassRatio kClassAccuracy{{1, 0, 0}, kTruth};
inline constexpr ClassRatio kClassPrecision{{1, 0, 0}, {1, 1, 0}};

/// How the classes' ratios become one score. Undefined ratios are left out; nothing left is undefined.
enum class Over {
  kClasses,               ///< their mean
  kClassesInTruth,        ///< the mean of those that occur in the ground truth
  kClassesButBackground,  ///< the mean of the others; undefined where the data have no background
  kFrequency,             ///< weighted by row_c
  kSums,                  ///< sum of the parts / sum of the wholes
};

struct ScoreFormula {
  std::string_view key;  ///< of core::kPooledScores
  ClassRatio ratio;
  Over over;
};

/// Every score of core::kPooledScores that is one of counts, hence all but the loss.
inline constexpr std::array<ScoreFormula, 7> kScoreFormulas = {{
    {"miou_no_background", kIou, Over::kClassesButBackground},
    {"miou", kIou, Over::kClasses},
    {"pixel_accuracy", kClassAccuracy, Over::kSums},
    {"mean_class_accuracy", kClassAccuracy, Over::kClasses},
    {"fwiou", kIou, Over::kFrequency},
    {"mean_dice", kDice, Over::kClasses},
    {"mean_dice_no_background", kDice, Over::kClassesButBackground},
}};
/// nullptr when there is none of this key.
const ScoreFormula* find_formula(std::string_view key);

std::int64_t pixels_of(const Pixels& pixels, const core::ClassCounts& counts);
std::optional<double> ratio_of(const ClassRatio& ratio, const core::ClassCounts& counts);
std::optional<double> score_of(const ClassRatio& ratio, Over over, std::span<const core::ClassCounts> counts,
                               const core::Background& background = core::kFirstClass);

}  // namespace segbench::metrics
