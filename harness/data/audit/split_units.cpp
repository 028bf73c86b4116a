// SPDX-License-Identifier: MIT
#include "harness/data/audit/split_units.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "harness/core/random.h"

namespace segbench::data {
namespace {

/// Sets of samples that are joined step by step.
class JoinedSamples {
 public:
  explicit JoinedSamples(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t first_of(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) {
    const std::size_t one = first_of(a), other = first_of(b);
    parent_[std::max(one, other)] = std::min(one, other);
  }

 private:
  std::vector<std::size_t> parent_;
};

std::string entry(const std::vector<std::string>& list, std::int64_t sample) {
  return list.empty() ? std::string() : list[static_cast<std::size_t>(sample)];
}

std::int64_t size_of(const std::vector<SplitUnit>& units) {
  std::int64_t sum = 0;
  for (const SplitUnit& unit : units) sum += static_cast<std::int64_t>(unit.samples.size());
  return sum;
}

}  // namespace

std::vector<SplitUnit> split_units(const std::vector<std::int64_t>& pool, const Catalogue& catalogue,
                                   const SplitFacts& facts, std::uint64_t seed) {
  JoinedSamples joined(pool.size());
  for (const std::vector<std::string>* names : {&facts.image_sha256, &facts.groups}) {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < pool.size(); ++i) {
      const std::string name = entry(*names, pool[i]);
      if (name.empty()) continue;
      const auto [place, is_new] = seen.emplace(name, i);
      if (!is_new) joined.join(place->second, i);
    }
  }
  std::map<std::size_t, SplitUnit> by_first;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    SplitUnit& unit = by_first[joined.first_of(i)];
    if (unit.samples.empty()) {  // the pool ascends, and so do ids
      const std::string group = entry(facts.groups, pool[i]);
      const std::string& id = catalogue.samples[static_cast<std::size_t>(pool[i])].id;
      unit.place = core::Stream(seed, core::Purpose::kSplit, 0,
                                core::stream_index(group.empty() ? id : "group " + group))
                       .next_u64();
    }
    unit.samples.push_back(pool[i]);
  }
  std::vector<SplitUnit> units;
  for (auto& [first, unit] : by_first) units.push_back(std::move(unit));
  std::sort(units.begin(), units.end(), [](const SplitUnit& a, const SplitUnit& b) {
    return std::pair(a.place, a.samples.front()) < std::pair(b.place, b.samples.front());
  });
  return units;
}

std::vector<std::int64_t> samples_of(const std::vector<SplitUnit>& units) {
  std::vector<std::int64_t> samples;
  for (const SplitUnit& unit : units) samples.insert(samples.end(), unit.samples.begin(), unit.samples.end());
  std::sort(samples.begin(), samples.end());
  return samples;
}

std::vector<std::int64_t> take_units(std::vector<SplitUnit>& units, std::int64_t wanted) {
  std::vector<SplitUnit> taken, rest;
  std::int64_t count = 0;
  for (SplitUnit& unit : units) {
    const auto size = static_cast<std::int64_t>(unit.samples.size());
    const bool fits = count + size <= wanted;
    count += fits ? size : 0;
    (fits ? taken : rest).push_back(std::move(unit));
  }
  if (taken.empty() && wanted > 0 && rest.size() > 1) {
    const auto smallest = std::min_element(rest.begin(), rest.end(), [](const auto& a, const auto& b) {
      return a.samples.size() < b.samples.size();
    });
    taken.push_back(std::move(*smallest));
    rest.erase(smallest);
  }
  units = std::move(rest);
  return samples_of(taken);
}

std::vector<std::vector<SplitUnit>> deal_units(const std::vector<SplitUnit>& units, std::size_t parts) {
  std::vector<std::vector<SplitUnit>> dealt(parts);
  for (const SplitUnit& unit : units) {
    std::min_element(dealt.begin(), dealt.end(), [](const auto& a, const auto& b) {
      return size_of(a) < size_of(b);
    })->push_back(unit);
  }
  return dealt;
}

namespace {

/// Gives every part that wants samples a unit, the smallest of the part that has most, as long as it keeps
/// one.
void fill_empty_parts(const std::vector<std::int64_t>& wanted, std::vector<std::vector<SplitUnit>>& parts) {
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (wanted[p] <= 0 || !parts[p].empty()) continue;
    const auto from = std::max_element(parts.begin(), parts.end(),
                                       [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (from->size() < 2) return;
    const auto smallest = std::min_element(from->begin(), from->end(), [](const auto& a, const auto& b) {
      return a.samples.size() < b.samples.size();
    });
    parts[p].push_back(std::move(*smallest));
    from->erase(smallest);
  }
}

/// Units by size, the largest first, else in their order: a large one is hard to place once parts are full.
std::vector<SplitUnit> largest_first(std::vector<SplitUnit> units) {
  std::stable_sort(units.begin(), units.end(), [](const SplitUnit& a, const SplitUnit& b) {
    return a.samples.size() > b.samples.size();
  });
  return units;
}

}  // namespace

std::vector<std::vector<SplitUnit>> stratify_units(const std::vector<SplitUnit>& in_order,
                                                   const std::vector<std::int64_t>& wanted,
                                                   const std::vector<std::vector<bool>>& shows) {
  const std::vector<SplitUnit> units = largest_first(in_order);
  const std::size_t classes = shows.empty() ? 0 : shows.front().size();
  const auto all = static_cast<double>(size_of(units));
  // What each unit holds: samples that show each class, then all samples.
  std::vector<std::vector<double>> holds;
  std::vector<double> sums(classes + 1);
  for (const SplitUnit& unit : units) {
    std::vector<double>& counts = holds.emplace_back(classes + 1);
    for (const std::int64_t sample : unit.samples) {
      for (std::size_t c = 0; c < classes; ++c)
        counts[c] += shows[static_cast<std::size_t>(sample)][c] ? 1 : 0;
      counts[classes] += 1;
    }
    for (std::size_t c = 0; c <= classes; ++c) sums[c] += counts[c];
  }
  // What each part still lacks, in the same form.
  std::vector<std::vector<double>> lacks;
  for (const std::int64_t count : wanted) {
    std::vector<double>& lack = lacks.emplace_back(sums);
    for (double& value : lack) value *= all > 0 ? static_cast<double>(count) / all : 0;
  }
  std::vector<std::vector<SplitUnit>> parts(wanted.size());
  std::vector<bool> dealt(units.size());
  const auto deal = [&](std::size_t u, std::size_t what) {
    std::size_t best = 0;
    for (std::size_t p = 1; p < parts.size(); ++p) {
      if (std::pair(lacks[p][what], lacks[p][classes]) > std::pair(lacks[best][what], lacks[best][classes]))
        best = p;
    }
    for (std::size_t c = 0; c <= classes; ++c) lacks[best][c] -= holds[u][c], sums[c] -= holds[u][c];
    parts[best].push_back(units[u]);
    dealt[u] = true;
  };
  while (true) {
    std::size_t rarest = classes;
    for (std::size_t c = 0; c < classes; ++c) {
      if (sums[c] > 0.5 && (rarest == classes || sums[c] < sums[rarest])) rarest = c;
    }
    for (std::size_t u = 0; u < units.size(); ++u) {
      if (!dealt[u] && (rarest == classes || holds[u][rarest] > 0)) deal(u, rarest);
    }
    if (rarest == classes) break;
  }
  fill_empty_parts(wanted, parts);
  return parts;
}

}  // namespace segbench::data
