// SPDX-License-Identifier: MIT
#include "harness/run/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/measures.h"
#include "harness/core/optional_json.h"
#include "harness/core/study_file.h"
#include "harness/study/search.h"

namespace segbench::run {
namespace {

using core::Json;

std::uintmax_t bytes_of_logs(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const char* log : {core::kEventsFile, core::kAttemptsFile}) {
    std::error_code absent;
    const std::uintmax_t size = std::filesystem::file_size(folder / log, absent);
    if (!absent) bytes += size;
  }
  return bytes;
}

/// Of a draw at a rung: known when all its trials are; undefined when one of them is.
RungScore mean_over_seeds(const std::vector<SearchTrial>& trials, std::size_t rung) {
  RungScore mean{.is_known = true, .value = 0.0};
  for (const SearchTrial& trial : trials) {
    const RungScore& score = trial.scores[rung];
    mean.is_known = mean.is_known && score.is_known;
    mean.value = mean.value && score.value ? std::optional(*mean.value + *score.value) : std::nullopt;
  }
  if (mean.value) *mean.value /= static_cast<double>(trials.size());
  return mean;
}

}  // namespace

SearchCourse::SearchCourse(const study::Study& study, const StudyPlan& plan, const std::vector<Job>& jobs)
    : search_(*study.search), plan_(plan) {
  const core::TrainingConfig& training = study.variants.front().config.training;
  metric_ = training.select_by;
  higher_is_better_ = core::find_metric(metric_)->higher_is_better;
  rungs_ = search_.rungs.empty() ? std::vector<std::int64_t>{training.epochs} : search_.rungs;
  for (std::size_t i = 0; i < search_.draws; ++i) {
    const core::Variant& variant = study.variants[i];
    draws_.push_back({.variant = variant.id, .label = variant.label, .trials = {}});
    for (const PlannedTrial& trial : plan_.trials) {
      if (trial.spec.variant_id == variant.id) draws_.back().trials.push_back(&trial);
    }
  }
  for (const Job& job : jobs) jobs_.emplace(job.id, job);
}

void SearchCourse::read_trials() {
  trials_.clear();
  for (const Draw& draw : draws_) {
    trials_.emplace_back();
    for (const PlannedTrial* trial : draw.trials) {
      const std::string& id = trial->spec.trial_id;
      const std::uintmax_t bytes = bytes_of_logs(trial->folder);
      const bool may_retry = jobs_.contains(id) && !given_.contains(id);
      auto& [read_bytes, read_retry, read] = known_[id];
      if (read.scores.empty() || read_bytes != bytes || read_retry != may_retry)
        read = read_search_trial(trial->spec, trial->folder, rungs_, may_retry);
      read_bytes = bytes, read_retry = may_retry;
      trials_.back().push_back(read);
    }
  }
}

void SearchCourse::look() {
  read_trials();
  std::size_t begun = 0;
  for (std::size_t draw = 0; draw < trials_.size(); ++draw) {
    if (std::ranges::any_of(trials_[draw], &SearchTrial::is_begun)) begun = draw + 1;
  }
  const bool may_begin = !is_out_of_time();
  std::vector<std::vector<RungScore>> scores(may_begin ? draws_.size() : begun);
  for (std::size_t draw = 0; draw < scores.size(); ++draw) {
    for (std::size_t k = 0; k < rungs_.size(); ++k) scores[draw].push_back(mean_over_seeds(trials_[draw], k));
  }
  const auto reduction = static_cast<std::size_t>(std::max<std::int64_t>(2, search_.reduction));
  halving_ = decide_halving(scores, rungs_.size(), reduction, higher_is_better_,
                            /*closed=*/!may_begin || begun == draws_.size());
  const std::filesystem::path file = plan_.folder / core::kSearchFile;
  const std::string text = record().dump(1) + '\n';
  std::error_code none;
  if (!std::filesystem::exists(file, none) || core::read_file(file) != text)
    core::write_file_atomically(file, text);
}

bool SearchCourse::is_out_of_time() const {
  if (!search_.hours) return false;
  double seconds = 0;
  for (const std::vector<SearchTrial>& draw : trials_) {
    for (const SearchTrial& trial : draw) seconds += trial.seconds;
  }
  return seconds >= *search_.hours * 3600;
}

std::optional<Job> SearchCourse::next() {
  look();
  for (std::size_t k = rungs_.size(); k-- > 0;) {
    for (const std::size_t draw : halving_.entrants[k]) {
      for (std::size_t seed = 0; seed < draws_[draw].trials.size(); ++seed) {
        const std::string& id = draws_[draw].trials[seed]->spec.trial_id;
        const auto job = jobs_.find(id);
        const auto given = given_.find(id);
        if (job == jobs_.end() || trials_[draw][seed].scores[k].is_known) continue;
        if (given != given_.end() && given->second >= k) continue;
        given_[id] = k;
        Job next = job->second;
        if (k + 1 < rungs_.size()) next.arguments = {"--pause-after", std::to_string(rungs_[k])};
        return next;
      }
    }
  }
  return std::nullopt;
}

Json SearchCourse::record() const {
  Json draws = Json::array(), promotions = Json::array();
  for (std::size_t draw = 0; draw < draws_.size(); ++draw) {
    Json scores = Json::array();
    for (std::size_t k = 0; k < rungs_.size(); ++k) {
      const RungScore score = mean_over_seeds(trials_[draw], k);
      if (!score.is_known) break;
      scores.push_back(core::or_null(score.value));
    }
    draws.push_back({{"variant", draws_[draw].variant}, {"label", draws_[draw].label}, {"scores", scores}});
  }
  for (const Promotion& promotion : halving_.promotions) {
    promotions.push_back({{"variant", draws_[promotion.draw].variant},
                          {"after_epoch", rungs_[promotion.rung]},
                          {"to_epoch", rungs_[promotion.rung + 1]},
                          {"score", draws[promotion.draw]["scores"][promotion.rung]},
                          {"rank", promotion.rank},
                          {"of", promotion.of}});
  }
  Json chosen;
  if (halving_.chosen) {
    const Json& draw = draws[*halving_.chosen];
    chosen = {{"variant", draw["variant"]}, {"label", draw["label"]}, {"score", draw["scores"].back()}};
  }
  return {{"schema", 1},    {"metric", metric_},        {"rungs", rungs_}, {"finished", halving_.is_finished},
          {"draws", draws}, {"promotions", promotions}, {"chosen", chosen}};
}

std::set<std::string> SearchCourse::unwanted() const {
  std::set<std::string> ids;
  const std::vector<std::size_t>& first = halving_.entrants.front();
  const std::vector<std::size_t>& last = halving_.entrants.back();
  for (std::size_t draw = 0; draw < draws_.size(); ++draw) {
    const bool goes_to_the_end = std::ranges::find(last, draw) != last.end();
    for (std::size_t seed = 0; seed < draws_[draw].trials.size(); ++seed) {
      const SearchTrial& trial = trials_[draw][seed];
      const bool is_paused = halving_.is_finished && !goes_to_the_end && !trial.has_failed;
      const bool is_beyond = std::ranges::find(first, draw) == first.end();
      if (is_paused || is_beyond || trial.has_diverged) ids.insert(draws_[draw].trials[seed]->spec.trial_id);
    }
  }
  return ids;
}

std::vector<Job> take_draws(std::vector<Job>& jobs, const study::Study& study, const StudyPlan& plan) {
  std::vector<Job> draws;
  if (!study.search) return draws;
  std::set<std::string> variants, trials;
  for (std::size_t i = 0; i < study.search->draws; ++i) variants.insert(study.variants[i].id);
  for (const PlannedTrial& trial : plan.trials) {
    if (variants.contains(trial.spec.variant_id)) trials.insert(trial.spec.trial_id);
  }
  for (const Job& job : jobs) {
    if (trials.contains(job.id)) draws.push_back(job);
  }
  std::erase_if(jobs, [&](const Job& job) { return trials.contains(job.id); });
  return draws;
}

void check_search(const study::Study& study, const StudyData& data) {
  if (!study.search) return;
  for (std::size_t i = 0; i < study.search->draws; ++i) {
    const data::PreparedData& prepared = *data[i];
    const bool by_seed = !prepared.audit.fold_splits.empty();
    const core::Splits splits =
        by_seed ? data::splits_of(prepared.audit, study.variants[i].config.data, study.seeds.front())
                : prepared.splits;
    if (!splits.selection.empty()) continue;
    throw core::UserError(
        fmt::format(
            "{}: a search chooses by the selection split, but there is none; set data.splits.selection",
            study.file.string()),
        core::kUsage);
  }
}

void refuse_deciding(const study::Study& study, const std::string& command) {
  if (!study.search || !study::decides_while_running(*study.search)) return;
  throw core::UserError(
      fmt::format(
          "{}: {} hands all trials out at once, but this search ({}) decides while it runs which of them are "
          "trained; use `segbench run`, on a cluster within one job, or method = \"random\" or \"sobol\" "
          "without hours",
          study.file.string(), command, study.search->rungs.empty() ? "search.hours" : "halving"),
      core::kUsage);
}

}  // namespace segbench::run
