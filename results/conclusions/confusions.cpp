// SPDX-License-Identifier: MIT
#include "results/conclusions/confusions.h"

#include <algorithm>

namespace segbench::conclusions {

double ConfusedPair::share() const {
  const std::int64_t wrong = first_as_second + second_as_first, right = first_right + second_right;
  return static_cast<double>(wrong) / static_cast<double>(wrong + right);
}

bool ConfusedPair::may_be_one() const {
  return share() >= kMayBeOne;
}

std::vector<ConfusedPair> confused_pairs(const core::Confusion& confusion) {
  std::vector<ConfusedPair> pairs;
  for (int a = 0; a < confusion.num_classes(); ++a) {
    for (int b = a + 1; b < confusion.num_classes(); ++b) {
      const ConfusedPair pair{
          a, b, confusion.at(a, b), confusion.at(b, a), confusion.at(a, a), confusion.at(b, b)};
      if (pair.first_as_second + pair.second_as_first > 0) pairs.push_back(pair);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const ConfusedPair& x, const ConfusedPair& y) { return x.share() > y.share(); });
  return pairs;
}

}  // namespace segbench::conclusions
