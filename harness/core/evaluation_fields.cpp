// SPDX-License-Identifier: MIT
#include "harness/core/variant_field_tables.h"

#include "harness/core/measures.h"

namespace segbench::core {
namespace {

template <typename Value>
VariantField evaluation(Value EvaluationConfig::*member, ParamSpec spec) {
  return sparse(field("evaluation", &VariantConfig::evaluation, member, std::move(spec)));
}

/// A number, or "search".
VariantField threshold() {
  ParamSpec spec = specs::number("threshold", Json(), 0, 1,
                                 "for two classes: the second one where its probability is above this; "
                                 "`\"search\"`: the best of `thresholds` on the selection split");
  spec.types = kString | kNumber;
  spec.choices = {"search"};
  spec.null_means = "the more probable class";
  return {.table = "evaluation",
          .spec = std::move(spec),
          .get = [](const VariantConfig& config) -> Json {
            if (config.evaluation.search_threshold) return "search";
            return FieldValue<std::optional<double>>::write(config.evaluation.threshold);
          },
          .set =
              [](VariantConfig& config, const Json& json) {
                config.evaluation.search_threshold = json.is_string();
                config.evaluation.threshold.reset();
                if (json.is_number()) config.evaluation.threshold = json.get<double>();
              },
          .sparse = true};
}

}  // namespace

/// How the probabilities of a final evaluation come about and decide.
std::vector<VariantField> inference_fields() {
  ParamSpec thresholds =
      specs::list("thresholds", kNumberList, "the thresholds that are tried; of equal ones the first");
  thresholds.default_value = Json(default_thresholds());
  thresholds.minimum = 0, thresholds.maximum = 1;
  thresholds.null_means = "0.05, 0.10, …, 0.95";
  std::vector<std::string> scores;
  for (const Measure& metric : kPooledScores) {
    if (metric.key != "loss") scores.emplace_back(metric.key);
  }
  scores.insert(scores.end(), {"carvana_dice", "tgs_precision"});
  ParamSpec flips = specs::list("test_time_augmentation", kStringList,
                                "flips of an image whose probabilities are averaged with those of the image, "
                                "each alone and together");
  flips.choices = {"horizontal_flip", "vertical_flip"};
  ParamSpec refine = specs::parts("refine", PartKind::kRefinement,
                                  "what is done to the probabilities of an image, in this order");
  refine.default_value = Json::array();
  return {threshold(), evaluation(&EvaluationConfig::thresholds, std::move(thresholds)),
          evaluation(&EvaluationConfig::threshold_by,
                     specs::text("threshold_by", "miou_no_background",
                                 "the score by which a threshold is chosen", std::move(scores))),
          evaluation(&EvaluationConfig::test_time_augmentation, std::move(flips)),
          evaluation(&EvaluationConfig::refine, std::move(refine))};
}

std::vector<VariantField> evaluation_fields() {
  ParamSpec measures =
      specs::list("measures", kStringList,
                  "what final evaluations measure beside the scores that follow from counts, see "
                  "[metrics.md](metrics.md#measured-on-request)");
  for (const Measure& measure : kMeasures) {
    if (measure.on_request) measures.choices.emplace_back(measure.key);
  }
  ParamSpec tolerance = specs::number("boundary_tolerance", Json(), 0, kMostPixels,
                                      "pixels within which a boundary counts as found (`boundary_f1`, "
                                      "`surface_dice`)");
  tolerance.null_means = "0.8 % of the image's diagonal, rounded up";
  return {evaluation(&EvaluationConfig::measures, std::move(measures)),
          evaluation(&EvaluationConfig::boundary_tolerance, std::move(tolerance)),
          evaluation(&EvaluationConfig::engine,
                     specs::text("engine", "eager",
                                 "how the network is executed: as in training, by its folded plan, as frozen "
                                 "TorchScript, or `auto`: whichever of them is fastest on the first batch",
                                 {"eager", "plan", "torchscript", "auto"})),
          evaluation(&EvaluationConfig::engine_max_error,
                     specs::number("engine_max_error", 1e-3, 0, std::nullopt,
                                   "an engine whose logits on the first batch differ from those of eager by "
                                   "more, as a fraction of the largest, is not used")),
          evaluation(&EvaluationConfig::boundary_band,
                     specs::fraction("boundary_band", 0.02,
                                     "width of the band along a boundary in which `boundary_iou` is taken, "
                                     "as a fraction of the image's diagonal"))};
}

}  // namespace segbench::core
