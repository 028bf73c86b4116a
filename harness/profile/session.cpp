// SPDX-License-Identifier: MIT
#include "harness/profile/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "harness/core/error.h"
#include "harness/core/json_problem.h"
#include "harness/core/machine.h"
#include "harness/core/random.h"
#include "harness/core/stopwatch.h"
#include "harness/profile/iterations.h"
#include "harness/profile/machine_state.h"
#include "harness/profile/passes.h"
#include "harness/profile/prepare.h"
#include "harness/trial/event_log.h"
#include "results/profiles/conclude.h"
#include "results/profiles/log.h"
#include "results/statistics/median.h"

namespace segbench::profile {
namespace {

using core::Json;

constexpr int kLayerPasses = 5;

/// CPU seconds that this process has used.
double own_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Whether it holds names, and as many lists of times.
bool are_layers(const Json& answer) {
  const Json names = answer.value("names", Json()), ns = answer.value("ns", Json());
  const auto is_list_of_times = [](const Json& times) {
    return times.is_array() &&
           std::all_of(times.begin(), times.end(), [](const Json& time) { return time.is_number(); });
  };
  return names.is_array() && ns.is_array() && names.size() == ns.size() &&
         std::all_of(names.begin(), names.end(), [](const Json& name) { return name.is_string(); }) &&
         std::all_of(ns.begin(), ns.end(), is_list_of_times);
}

/// The log, with its first line.
std::filesystem::path begin_log(const Plan& plan, const SessionOptions& options) {
  const std::filesystem::path file = options.folder / profiles::kProfileLog;
  if (std::filesystem::exists(file)) return file;
  Json rows = Json::array(), networks = Json::array();
  for (const Network& network : plan.networks) networks.push_back(describe_cost(network));
  for (const Row& row : plan.rows) {
    rows.push_back(describe(plan, row));
    rows.back()["row"] = row.id;
  }
  trial::EventWriter(file, UINT64_MAX, trial::LogKind::kChained)
      .append("profile", {{"schema", 1},
                          {"name", plan.profile.name},
                          {"question", plan.profile.question},
                          {"session", options.folder.filename().string()},
                          {"settings", to_json(plan.profile.settings)},
                          {"machine", options.machine},
                          {"networks", networks},
                          {"rows", rows},
                          {"notes", plan.notes}});
  return file;
}

class Session {
 public:
  Session(const Plan& plan, const SessionOptions& options, SessionObserver& observer)
      : plan_(plan),
        options_(options),
        observer_(observer),
        writer_(begin_log(plan, options), UINT64_MAX, trial::LogKind::kChained),
        log_(profiles::read_profile_log(options.folder / profiles::kProfileLog)),
        preparation_(plan, options) {
    std::vector<Json> facts;
    for (const Row& row : plan.rows) facts.push_back(describe(plan, row));
    labels_ = profiles::row_labels(facts);
    for (const profiles::RowLog& row : log_.rows) {
      for (const profiles::Visit& visit : row.visits) {
        if (log_.rounds.contains(visit.round)) note_median(row.id, visit.seconds);
      }
    }
    for (const auto& [round, seconds] : log_.rounds) elapsed_ += seconds;
  }

  int run() {
    if (!log_.finished.empty()) return 0;
    writer_.append("attempt", {{"pid", ::getpid()}, {"host", core::host_name()}});
    for (std::size_t i = 0; i < plan_.rows.size(); ++i) {
      if (const int signal = options_.interrupted()) return signal;
      if (const int signal = make_ready(i)) return signal;
    }
    // Of a session that was stopped behind its rounds there is no further one.
    std::string why = live_.empty() ? "failed" : log_.rounds.empty() ? "" : reason_to_stop();
    for (std::int64_t round = log_.last_round + 1; why.empty(); ++round) {
      if (const int signal = visit_all(round)) return signal;
      why = reason_to_stop();
    }
    for (std::int64_t pass = 0; pass < plan_.profile.settings.passes; ++pass) {
      if (const int signal = pass_all(pass)) return signal;
    }
    for (auto& [index, prepared] : live_) {
      if (const int signal = options_.interrupted()) return signal;
      tell_layers(index, *prepared.link);
      tell_score(index, *prepared.link);
      tell_memory(index, *prepared.link);
    }
    if (const int signal = options_.interrupted()) return signal;
    tell_choices();
    writer_.append("finished", {{"why", why}});
    writer_.sync();
    return 0;
  }

 private:
  int make_ready(std::size_t index) {
    const Row& row = plan_.rows[index];
    if (const profiles::RowLog* known = log_.find(row.id); known != nullptr && !known->failure.empty()) {
      observer_.failed(labels_[index], known->failure);
      return 0;
    }
    observer_.preparing(labels_[index], index, plan_.rows.size());
    return guarded(index, [&] {
      PreparedRow prepared = preparation_.prepare(row);
      writer_.append("ready", prepared.ready);
      observer_.ready(labels_[index], prepared.first_s, prepared.typical_s);
      live_.emplace(index, std::move(prepared));
    });
  }

  /// Does something with a row; one that fails is told, and left out from then on. Returns a signal that came
  /// meanwhile and is why it failed.
  template <typename Work>
  int guarded(std::size_t index, const Work& work) {
    try {
      work();
    } catch (const WrongOutput& error) {
      fail(index, error.what(), /*wrong=*/true);
    } catch (const core::UserError& error) {
      if (const int signal = options_.interrupted()) return signal;
      fail(index, error.what(), /*wrong=*/false);
    } catch (const Json::exception& error) {
      fail(index, "an answer of it is not understood: " + core::json_problem(error), /*wrong=*/false);
    }
    return 0;
  }

  void fail(std::size_t index, const std::string& message, bool wrong) {
    writer_.append("failed", {{"row", plan_.rows[index].id}, {"message", message}, {"wrong", wrong}});
    observer_.failed(labels_[index], message);
    live_.erase(index);
  }

  /// Does it with every row that lives, in random order; one that fails is left out from then on. Returns a
  /// signal that came in between.
  template <typename Work>
  int with_all(const char* what, std::int64_t time, const Work& work) {
    std::vector<std::size_t> order;
    for (const auto& [index, prepared] : live_) order.push_back(index);
    core::Stream stream(plan_.profile.settings.seed, core::Purpose::kOrder, what,
                        static_cast<std::uint32_t>(time), 0);
    stream.shuffle(std::span(order));
    for (const std::size_t index : order) {
      if (const int signal = options_.interrupted()) return signal;
      if (const int signal = guarded(index, [&] { work(index); })) return signal;
    }
    return 0;
  }

  int visit_all(std::int64_t round) {
    const auto start = std::chrono::steady_clock::now();
    if (const int signal = with_all("profile", round, [&](std::size_t index) { visit(round, index); }))
      return signal;
    const double seconds = core::seconds_since(start);
    writer_.append("round", {{"round", round}, {"seconds", seconds}});
    writer_.sync();
    elapsed_ += seconds;
    ++rounds_done_;
    observer_.round_done(round, elapsed_, widest());
    return 0;
  }

  /// CPU seconds of all engines but one, and of that one.
  std::pair<double, double> cpu_seconds(std::size_t of) const {
    double idle = 0, busy = 0;
    for (const auto& [index, prepared] : live_)
      (index == of ? busy : idle) += prepared.link->cpu_seconds().value_or(0);
    return {idle, busy};
  }

  void visit(std::int64_t round, std::size_t index) {
    PreparedRow& prepared = live_.at(index);
    const auto [idle_before, busy_before] = cpu_seconds(index);
    const double own_before = own_cpu_seconds();
    const MachineState before = machine_state();
    Json answer = run_iterations(*prepared.link, prepared.iterations, preparation_.patience());
    const MachineState after = machine_state();
    const auto [idle_after, busy_after] = cpu_seconds(index);
    const double idle = idle_after - idle_before;
    const Disturbance disturbance =
        between(before, after, busy_after - busy_before + idle + own_cpu_seconds() - own_before, idle);
    Json& reads = answer["stages"]["read"] = Json::array();
    const Row& row = plan_.rows[index];
    for (const double one : time_reads(preparation_.images(row), row.batch, prepared.iterations))
      reads.push_back(static_cast<std::int64_t>(one * 1e9));
    writer_.append("visit", {{"round", round},
                             {"row", plan_.rows[index].id},
                             {"ns", answer.at("ns")},
                             {"stages", answer.at("stages")},
                             {"machine", to_json(disturbance)},
                             {"disturbed", disturbance.is_disturbed()}});
    std::vector<double> seconds;
    for (const Json& ns : answer.at("ns")) seconds.push_back(ns.get<double>() * 1e-9);
    note_median(plan_.rows[index].id, seconds);
  }

  void note_median(const std::string& row, const std::vector<double>& seconds) {
    if (const auto median = statistics::quantile(seconds, 0.5)) medians_[row].push_back(*median);
  }

  /// The widest half interval of a median, as a fraction of it; negative while one is not known.
  double widest() const {
    double widest = 0;
    for (const auto& [index, prepared] : live_) {
      const auto found = medians_.find(plan_.rows[index].id);
      if (found == medians_.end()) return -1;
      const auto interval = statistics::median_interval(found->second);
      if (!interval) return -1;
      widest =
          std::max(widest, (interval->high - interval->low) / 2 / *statistics::quantile(found->second, 0.5));
    }
    return widest;
  }

  std::string reason_to_stop() const {
    const study::ProfileSettings& settings = plan_.profile.settings;
    const std::int64_t rounds = static_cast<std::int64_t>(log_.rounds.size()) + rounds_done_;
    if (live_.empty()) return "failed";
    if (rounds >= settings.most_rounds) return "rounds";
    if (rounds >= settings.least_rounds && widest() >= 0 && widest() <= settings.median_within)
      return "precise";
    return elapsed_ >= settings.seconds ? "time" : "";
  }

  void tell_layers(std::size_t index, EngineLink& link) {
    try {
      const Json answer = link.ask({{"do", "layers"}, {"iterations", kLayerPasses}}, preparation_.patience());
      if (!are_layers(answer)) return;
      writer_.append("layers",
                     {{"row", plan_.rows[index].id}, {"names", answer.at("names")}, {"ns", answer.at("ns")}});
    } catch (const core::UserError&) {  // most engines cannot tell
    }
  }

  Traveller traveller(std::size_t index, EngineLink& link) {
    const Row& row = plan_.rows[index];
    const Network& network = plan_.networks[row.network];
    return {.link = link,
            .images = preparation_.images(row),
            .batch = row.batch,
            .outputs = network.outputs,
            .pixels = network.height * network.width,
            .scratch = preparation_.scratch(row.id + "_in.f32"),
            .patience = preparation_.patience()};
  }

  /// So many images as the settings say through every row.
  int pass_all(std::int64_t pass) {
    return with_all("profile_pass", pass, [&](std::size_t index) {
      const Row& row = plan_.rows[index];
      if (log_.find(row.id)->passes.contains(pass)) return;
      std::int64_t count = plan_.profile.settings.pass_images;
      if (count == 0) count = std::ssize(preparation_.images(row).scored());
      if (count == 0) count = row.batch;
      const Json seconds = time_pass(traveller(index, *live_.at(index).link), count);
      writer_.append("pass", {{"row", row.id}, {"pass", pass}, {"images", count}, {"seconds", seconds}});
      observer_.pass_done(labels_[index], pass);
    });
  }

  /// Of a trial's network in another precision than the one that the trial was scored in.
  void tell_score(std::size_t index, EngineLink& link) {
    const Row& row = plan_.rows[index];
    if (row.precision == "float32" || log_.find(row.id)->score) return;
    if (!preparation_.images(row).is_scored_by_logits()) {
      observer_.uncounted(
          labels_[index],
          "the trial's evaluation decides by more than the largest logit (a threshold, flips or "
          "refinements)");
      return;
    }
    try {
      Json counts = count_labels(traveller(index, link));
      if (counts.is_null()) return;
      counts["row"] = row.id;
      writer_.append("score", std::move(counts));
    } catch (const core::UserError& error) {
      observer_.uncounted(labels_[index], error.what());
    }
  }

  /// "auto": the fastest engine of each network and batch that is right (conclude.h).
  void tell_choices() {
    const profiles::ProfileResults results =
        profiles::conclude(profiles::read_profile_log(options_.folder / profiles::kProfileLog));
    for (const profiles::RowResult& row : results.rows) {
      if (row.best)
        writer_.append("auto",
                       {{"row", row.id}, {"median_s", *row.median_s}, {"engine", row.facts.at("engine")}});
    }
  }

  void tell_memory(std::size_t index, EngineLink& link) {
    Json device;
    try {
      device = link.ask({{"do", "memory"}}, preparation_.patience()).value("device_peak_bytes", Json());
      if (!device.is_number()) device = nullptr;
    } catch (const core::UserError&) {  // an engine of somebody's own that does not know of it
    }
    const auto peak = link.peak_bytes();
    writer_.append("memory", {{"row", plan_.rows[index].id},
                              {"peak_bytes", peak ? Json(*peak) : Json()},
                              {"device_peak_bytes", device}});
  }

  const Plan& plan_;
  const SessionOptions& options_;
  SessionObserver& observer_;
  trial::EventWriter writer_;
  profiles::ProfileLog log_;
  Preparation preparation_;
  std::vector<std::string> labels_;
  std::map<std::size_t, PreparedRow> live_;
  std::map<std::string, std::vector<double>> medians_;  ///< of every visit, by row
  double elapsed_ = 0;                                  ///< in rounds
  std::int64_t rounds_done_ = 0;                        ///< by this attempt
};

}  // namespace

int run_session(const Plan& plan, const SessionOptions& options, SessionObserver& observer) {
  std::filesystem::create_directories(options.folder);
  return Session(plan, options, observer).run();
}

}  // namespace segbench::profile
