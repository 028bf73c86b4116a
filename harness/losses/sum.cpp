// SPDX-License-Identifier: MIT
#include <utility>

#include "harness/losses/loss.h"

// sum_k w_k L_k. A row of sums is those of all terms, one after the other, and how much counts in any.

namespace segbench::losses::sum {
namespace {

using torch::Tensor;

struct Term {
  std::unique_ptr<Loss> loss;
  double weight;
};

class Sum final : public Loss {
 public:
  explicit Sum(std::vector<Term> terms) : terms_(std::move(terms)) {}

  Tensor image_sums(const Tensor& logits, const Tensor& labels) const override {
    std::vector<Tensor> rows, counted;
    for (const Term& term : terms_) {
      rows.push_back(term.loss->image_sums(logits, labels));
      counted.push_back(rows.back().select(1, -1));
    }
    rows.push_back(torch::stack(counted, 1).sum(1, /*keepdim=*/true));
    return torch::cat(rows, 1);
  }

  std::int64_t row_size() const override {
    std::int64_t size = 1;
    for (const Term& term : terms_) size += term.loss->row_size();
    return size;
  }

  Tensor value(const Tensor& sums) const override {
    Tensor total = torch::zeros({}, sums.options());
    for_each_term(sums, [&](const Term& term, const Tensor& own) {
      total = total + term.weight * term.loss->value(own);
    });
    return total;
  }

  std::vector<double> term_values(const Tensor& sums) const override {
    std::vector<double> values;
    for_each_term(sums, [&](const Term& term, const Tensor& own) {
      values.push_back(term.loss->value(own).item<double>());
    });
    return values;
  }

  Tensor mean(const Tensor& logits, const Tensor& labels) const override {
    Tensor total;
    for (const Term& term : terms_) {
      const Tensor weighted = term.weight * term.loss->mean(logits, labels);
      total = total.defined() ? total + weighted : weighted;
    }
    return total;
  }

 private:
  template <typename Visit>
  void for_each_term(const Tensor& sums, const Visit& visit) const {
    std::int64_t first = 0;
    for (const Term& term : terms_) {
      visit(term, sums.narrow(0, first, term.loss->row_size()));
      first += term.loss->row_size();
    }
  }

  std::vector<Term> terms_;
};

const LossFactory::Registration registered{
    "sum", [](const core::Json& params, const LossOptions& options) {
      std::vector<Term> terms;
      for (const core::Json& item : params.at("terms"))
        terms.push_back({make_loss(core::part_choice_from_json(item), options), item.at("weight")});
      return std::make_unique<Sum>(std::move(terms));
    }};

}  // namespace
}  // namespace segbench::losses::sum
