// SPDX-License-Identifier: MIT
#include "harness/cli/run_display.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "harness/cli/terminal.h"
#include "harness/core/signals.h"
#include "harness/core/text.h"
#include "harness/run/batch_job.h"
#include "harness/text/metrics.h"

namespace segbench::cli {
namespace {

/// Failures and messages only; the base of the plain display.
class QuietDisplay : public RunDisplay {
 public:
  explicit QuietDisplay(DisplayPort port) : port_(std::move(port)) {}

  void message(const std::string& text) override { port_.write(text + '\n'); }
  void job_ended(const run::Job& job, const run::Outcome& outcome, bool will_retry) override {
    if (outcome.status == core::TrialStatus::kComplete || outcome.is_paused) return;
    message(
        fmt::format("{}: {}{}", trial_name(job), outcome_text(outcome), will_retry ? "; trying again" : ""));
  }
  void job_held(const run::Job& job, int process) override {
    message(process > 0 ? fmt::format("{}: still run by process {}; waiting for it", trial_name(job), process)
                        : fmt::format("{}: still run by another process; waiting for it", trial_name(job)));
  }
  void job_left(const run::Job& job) override {
    message(fmt::format("{}: run elsewhere; left alone", trial_name(job)));
  }
  void stopping(int signal, std::size_t running) override {
    const bool again = stopping_;
    stopping_ = true;
    message(again ? "killing the running trials"
                  : fmt::format("{}: waiting for the checkpoint{} of {} running trial{}{}",
                                core::describe_signal(signal), running == 1 ? "" : "s", running,
                                running == 1 ? "" : "s", run::is_in_batch_job() ? "" : " (again to kill)"));
  }

 protected:
  DisplayPort port_;

 private:
  bool stopping_ = false;
};

class PlainDisplay : public QuietDisplay {
 public:
  PlainDisplay(const DisplayTotals& totals, DisplayPort port)
      : QuietDisplay(std::move(port)),
        totals_(totals),
        left_(totals.to_run, totals.jobs),
        done_(totals.complete) {}

  void job_started(const run::Job& job, int attempt) override {
    left_.started(job.id);
    lines_[job.id] = {.began = port_.now(), .spoke = {}, .last = {}};
    message(fmt::format("{}: {}", trial_name(job),
                        attempt == 1 ? "started" : fmt::format("attempt {}", attempt)));
  }

  void job_progress(const run::Job& job, const run::WorkerProgress& progress) override {
    const run::TimePoint now = port_.now();
    left_.progressed(job.id, progress, now);
    Line& line = lines_[job.id];
    const bool next_epoch = line.last.epoch > 0 && progress.epoch > line.last.epoch;
    if (next_epoch && now - line.spoke >= std::chrono::seconds(10)) {
      run::WorkerProgress ended = line.last;
      ended.phase = "train";
      ended.steps = 0;               // the epoch is over
      ended.score = progress.score;  // of the evaluation that followed it
      const auto left = left_.of_trial(job.id, now);
      message(fmt::format("{}: {}{}", trial_name(job), progress_text(ended), left_text(", about ", left)));
      line.spoke = now;
    }
    line.last = progress;
  }

  void job_ended(const run::Job& job, const run::Outcome& outcome, bool will_retry) override {
    const run::TimePoint now = port_.now();
    left_.ended(job.id, will_retry, now);
    if (outcome.is_paused) return message(fmt::format("{}: {}", trial_name(job), outcome.message));
    if (outcome.status != core::TrialStatus::kComplete)
      return QuietDisplay::job_ended(job, outcome, will_retry);
    ++done_;
    const auto line = lines_.find(job.id);
    const auto left = left_.of_study(now);
    message(
        fmt::format("{}: complete{}; {} of {} trials{}", trial_name(job),
                    line == lines_.end() ? "" : " after " + core::human_duration(now - line->second.began),
                    done_, totals_.planned, done_ < totals_.planned ? left_text(", about ", left) : ""));
  }

 private:
  struct Line {
    run::TimePoint began{}, spoke{};
    run::WorkerProgress last = {};
  };
  DisplayTotals totals_;
  run::TimeLeft left_;
  std::map<std::string, Line> lines_;
  std::size_t done_;
};

}  // namespace

DisplayPort stderr_port() {
  return {.write =
              [](std::string_view text) {
                while (!text.empty()) {
                  const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
                  if (n <= 0) return;  // nobody listens: the study goes on
                  text.remove_prefix(static_cast<std::size_t>(n));
                }
              },
          .now = [] { return run::Clock::now(); },
          .width = terminal_width,
          .colour = use_colour()};
}

std::unique_ptr<RunDisplay> make_plain_display(const DisplayTotals& totals, DisplayPort port) {
  return std::make_unique<PlainDisplay>(totals, std::move(port));
}

std::unique_ptr<RunDisplay> make_quiet_display(DisplayPort port) {
  return std::make_unique<QuietDisplay>(std::move(port));
}

std::string trial_name(const run::Job& job) {
  return fmt::format("{}, seed {}", job.label, job.seed);
}

std::string outcome_text(const run::Outcome& outcome) {
  std::string text(to_string(outcome.status));
  if (outcome.reason != core::FailureReason::kNone) text += fmt::format(" ({})", to_string(outcome.reason));
  if (outcome.message.empty() || outcome.message == text) return text;
  std::string message = outcome.message;
  for (std::size_t end; (end = message.find('\n')) != std::string::npos;) message.replace(end, 1, " | ");
  return text + ": " + message;
}

std::string progress_text(const run::WorkerProgress& progress, const std::string& left) {
  std::string text = fmt::format("epoch {}/{}", progress.epoch, progress.epochs);
  if (progress.phase == "evaluate")
    text += ", evaluating";
  else if (progress.phase == "finish")
    text += ", finishing";
  if (progress.steps > 0) text += fmt::format(", step {}/{}", progress.step, progress.steps);
  text += left;
  if (progress.loss) text += fmt::format(", loss {:.4g}", *progress.loss);
  if (progress.score && progress.metric == "loss")
    text += fmt::format(", selection loss {:.4g}", *progress.score);
  else if (progress.score)
    text += fmt::format(", {} {:.3f}", text::metric_title(progress.metric), *progress.score);
  return text;
}

std::string left_text(std::string_view before, const std::optional<run::TimeLeft::Seconds>& left) {
  return left && left->count() >= 1 ? std::string(before) + core::human_duration(*left) + " left" : "";
}

}  // namespace segbench::cli
