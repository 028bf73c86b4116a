// SPDX-License-Identifier: MIT
#include "results/statistics/sequential_simulation.h"

#include <cmath>
#include <numeric>
#include <span>

#include "harness/core/random.h"
#include "results/statistics/sequential.h"

namespace segbench::statistics {
namespace {

using Scores = std::vector<std::vector<double>>;  ///< by variant and seed

Scores draw_scores(const SimulatedStudy& study, core::Stream& stream) {
  Scores scores(study.means.size(), std::vector<double>(study.looks.back()));
  const double scatter = std::sqrt(0.5);  // of each variant, so that differences scatter by 1
  for (std::size_t s = 0; s < study.looks.back(); ++s) {
    const double of_seed = stream.normal();
    for (std::size_t v = 0; v < scores.size(); ++v)
      scores[v][s] = study.means[v] + of_seed + scatter * stream.normal();
  }
  return scores;
}

struct Course {
  std::vector<std::size_t> remaining;
  std::size_t trials = 0;
  bool decided = false;
};

Course follow(const std::vector<Look>& looks, const Scores& scores) {
  Course course;
  course.remaining.resize(scores.size());
  std::iota(course.remaining.begin(), course.remaining.end(), std::size_t{0});
  std::size_t trained = 0;
  for (const Look& look : looks) {
    course.trials += (look.seeds - trained) * course.remaining.size();
    trained = look.seeds;
    std::vector<double> means;
    for (const std::vector<double>& of_variant : scores)
      means.push_back(*mean(std::span(of_variant).first(look.seeds)));
    const auto gain = [&](std::size_t a, std::size_t b) {
      std::vector<double> differences(look.seeds);
      for (std::size_t s = 0; s < look.seeds; ++s) differences[s] = scores[a][s] - scores[b][s];
      return t_interval(differences, look.pair_level);
    };
    const LookResult result = take_look(course.remaining, means, gain);
    course.remaining = result.remaining, course.decided = result.decided;
    if (course.decided) break;
  }
  return course;
}

}  // namespace

LookFrequencies simulate_looks(const SimulatedStudy& study, int studies, std::uint64_t seed) {
  const std::size_t variants = study.means.size();
  const std::vector<Look> looks = plan_looks(study.looks, variants);
  core::Stream stream(seed, core::Purpose::kBootstrap);
  const double one = 1.0 / studies, all = static_cast<double>(variants * study.looks.back());
  LookFrequencies found;
  for (int i = 0; i < studies; ++i) {
    const Course course = follow(looks, draw_scores(study, stream));
    found.decided += course.decided ? one : 0;
    found.any_dropped += course.remaining.size() < variants ? one : 0;
    found.best_dropped += course.remaining.front() == 0 ? 0 : one;
    found.trials += static_cast<double>(course.trials) / all * one;
  }
  return found;
}

}  // namespace segbench::statistics
