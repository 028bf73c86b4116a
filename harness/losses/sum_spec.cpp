// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/part.h"

namespace segbench::losses {
namespace {

core::Json traits_of_term(const core::Json& loss) {
  const core::PartSpec& spec =
      core::PartRegistry::instance().get(core::PartKind::kLoss, loss.at("name").get<std::string>());
  return core::traits_of(spec, loss);
}

core::Json traits_of_sum(const core::Json& params) {
  const core::Json& terms = params.at("terms");
  const bool fused = std::all_of(terms.begin(), terms.end(), [](const core::Json& term) {
    return traits_of_term(term).value("fused", false);
  });
  const bool sums = std::all_of(terms.begin(), terms.end(), [](const core::Json& term) {
    return traits_of_term(term).value("sums", true);
  });
  return {{"head", traits_of_term(terms.at(0)).at("head")}, {"fused", fused}, {"sums", sums}};
}

std::vector<core::PartProblem> heads_agree(const core::Json& params, const core::Json&) {
  const core::Json& terms = params.at("terms");
  const core::Json head = traits_of_term(terms.at(0)).at("head");
  for (std::size_t i = 1; i < terms.size(); ++i) {
    const core::Json other = traits_of_term(terms[i]).at("head");
    if (other == head) continue;
    return {{fmt::format(".terms[{}].name", i),
             fmt::format("has a {} head, but the terms before it have a {} head", other.get<std::string>(),
                         head.get<std::string>())}};
  }
  return {};
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "sum",
     .summary =
         "weighted sum of losses; written as a list of them. Over a split, each is evaluated as its own "
         "definition says",
     .source = "segmentation_models base/objects.py, SumOfLosses",
     .params = {{.name = "terms",
                 .types = core::kPartList,
                 .help = "the losses that are added",
                 .part_of = core::PartKind::kLoss,
                 .item_params = {{.name = "weight",
                                  .types = core::kNumber,
                                  .default_value = 1.0,
                                  .help = "what a term is multiplied by",
                                  .minimum = 0.0,
                                  .exclusive_minimum = true}}}},
     .traits = {{"over", "terms"}},
     .param_traits = traits_of_sum,
     .check = heads_agree,
     .list_param = "terms"}};

}  // namespace
}  // namespace segbench::losses
