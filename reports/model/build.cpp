// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/utf8.h"
#include "reports/model/model.h"
#include "results/conclusions/merge.h"

namespace segbench::reports {
namespace {

/// What a study says on its own.
StudyPart part_of(const StudyInputs& inputs, const conclusions::Options& options) {
  const conclusions::Conclusions own = conclusions::conclude(inputs, options);
  StudyPart part{.name = own.study,
                 .question = own.question,
                 .standing = conclusions::to_string(own.verdict.standing),
                 .headline = own.verdict.headline,
                 .claims = {},
                 .planned = own.planned,
                 .complete = own.complete,
                 .variants = {}};
  for (const ClaimResult& claim : own.claims)
    part.claims.push_back(fmt::format("{}: {}", claim.outcome, text::clean(claim.text)));
  for (const Entry& entry : own.leaderboard) part.variants.emplace_back(entry.id, entry.label);
  return part;
}

ReportModel build(const StudyInputs& inputs, const conclusions::Options& options,
                  std::vector<StudyPart> studies) {
  ReportModel model;
  static_cast<conclusions::Conclusions&>(model) = conclusions::conclude(inputs, options);
  model.studies = std::move(studies);
  model.by_image = conclusions::compare_images(inputs, model);
  model.hard = conclusions::hard_images(inputs, model);
  model.by_class = conclusions::compare_classes(model);
  model.times = conclusions::time_parts(inputs, model);
  model.latencies = conclusions::latency_fronts(inputs, model);
  model.measurement = describe_measurement(inputs, model);
  model.measurement.method = describe_methods(model);
  describe_provenance(model, inputs);
  return model;
}

}  // namespace

ReportModel build_model(const StudyInputs& inputs, const conclusions::Options& options) {
  return build(inputs, options, {});
}

ReportModel build_model(const std::vector<StudyInputs>& studies, const conclusions::Options& options) {
  if (studies.size() == 1) return build_model(studies.front(), options);
  const StudyInputs merged = conclusions::merge_studies(studies);
  conclusions::Options common = options;
  if (common.metric.empty()) common.metric = conclusions::default_metric(merged);
  std::vector<StudyPart> parts;
  for (const StudyInputs& inputs : studies) parts.push_back(part_of(inputs, common));
  return build(merged, common, std::move(parts));
}

}  // namespace segbench::reports
