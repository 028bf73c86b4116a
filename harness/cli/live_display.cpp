// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/run_display.h"
#include "harness/cli/terminal.h"
#include "harness/core/signals.h"
#include "harness/core/text.h"
#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::size_t kLiveBarWidth = 24;
constexpr const char* kHideCursor = "\x1b[?25l";
constexpr const char* kShowCursor = "\x1b[?25h";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kDim = "\x1b[2m";
constexpr const char* kPlain = "\x1b[0m";

class LiveDisplay : public RunDisplay {
 public:
  LiveDisplay(const DisplayTotals& totals, DisplayPort port)
      : totals_(totals),
        port_(std::move(port)),
        left_(totals.to_run, totals.jobs),
        began_(port_.now()),
        done_(totals.complete) {
    port_.write(kHideCursor);
    draw();
  }
  ~LiveDisplay() override {
    clear();
    port_.write(kShowCursor);
  }

  void message(const std::string& text) override {
    clear();
    port_.write(text + '\n');
    draw();
  }

  void job_started(const run::Job& job, int) override {
    left_.started(job.id);
    running_.push_back({job, {}});
    draw();
  }

  void job_progress(const run::Job& job, const run::WorkerProgress& progress) override {
    left_.progressed(job.id, progress, port_.now());
    for (Running& running : running_) {
      if (running.job.id == job.id) running.progress = progress;
    }
    tick();
  }

  void job_ended(const run::Job& job, const run::Outcome& outcome, bool will_retry) override {
    left_.ended(job.id, will_retry, port_.now());
    std::erase_if(running_, [&](const Running& running) { return running.job.id == job.id; });
    if (outcome.is_paused) return message(fmt::format("{}: {}", trial_name(job), outcome.message));
    if (outcome.status == core::TrialStatus::kComplete) {
      ++done_;
      draw();
      return;
    }
    if (!will_retry && outcome.status == core::TrialStatus::kFailed) ++failed_;
    message(paint(kRed, fmt::format("{}: {}{}", trial_name(job), outcome_text(outcome),
                                    will_retry ? "; trying again" : "")));
  }

  void job_held(const run::Job& job, int process) override {
    message(fmt::format("{}: still run by process {}; waiting for it", trial_name(job), process));
  }

  void job_left(const run::Job& job) override {
    message(fmt::format("{}: run elsewhere; left alone", trial_name(job)));
  }
  void stopping(int signal, std::size_t running) override {
    message(stopping_ ? "killing the running trials"
                      : fmt::format("{}: waiting for the checkpoints of {} running trial{} (again to kill)",
                                    core::describe_signal(signal), running, running == 1 ? "" : "s"));
    stopping_ = true;
  }

  void tick() override {
    if (port_.now() - drawn_ >= kRedraw) draw();
  }

 private:
  struct Running {
    run::Job job;
    run::WorkerProgress progress;
  };

  std::string paint(const char* colour, const std::string& text) const {
    return port_.colour ? colour + text + kPlain : text;
  }

  double study_fraction() const {
    double done = static_cast<double>(done_ + failed_);
    for (const Running& running : running_) done += run::fraction_done(running.progress);
    return totals_.planned > 0 ? done / static_cast<double>(totals_.planned) : 1;
  }

  std::string study_line(run::TimePoint now) const {
    std::string text = fmt::format("{} ▕{}▏ {}/{} trials", totals_.study,
                                   bar(study_fraction(), kLiveBarWidth), done_, totals_.planned);
    if (failed_ > 0) text += fmt::format(", {} failed", failed_);
    text += ", " + core::human_duration(now - began_);
    text += left_text(", about ", left_.of_study(now));
    return text;
  }

  std::string trial_line(const Running& running, std::size_t name_width, run::TimePoint now) const {
    std::string text = "  " + text::padded(text::fit(trial_name(running.job), name_width), name_width) + "  ";
    const std::string left = left_text(", ", left_.of_trial(running.job.id, now));
    // What does not fit into a narrow terminal are the scores, not the time.
    return text + (running.progress.epochs > 0 ? progress_text(running.progress, left) : "starting" + left);
  }

  void clear() {
    if (lines_ > 0) port_.write(fmt::format("\r\x1b[{}A\x1b[J", lines_));
    lines_ = 0;
  }

  /// Writes everything in one piece, so that a redraw does not flicker.
  void draw() {
    const run::TimePoint now = port_.now();
    const std::size_t width = std::max<std::size_t>(2, port_.width()) - 1;  // the last column would wrap
    std::size_t name_width = 0;
    for (const Running& running : running_)
      name_width = std::max(name_width, text::width(trial_name(running.job)));
    name_width = std::min(name_width, width / 2);
    std::string text = lines_ > 0 ? fmt::format("\r\x1b[{}A\x1b[J", lines_) : "";
    text += text::fit(study_line(now), width) + '\n';
    for (const Running& running : running_)
      text += paint(kDim, text::fit(trial_line(running, name_width, now), width)) + '\n';
    port_.write(text);
    lines_ = 1 + running_.size();
    drawn_ = now;
  }

  DisplayTotals totals_;
  DisplayPort port_;
  run::TimeLeft left_;
  run::TimePoint began_, drawn_{};
  std::vector<Running> running_;
  std::size_t done_, failed_ = 0, lines_ = 0;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<RunDisplay> make_live_display(const DisplayTotals& totals, DisplayPort port) {
  return std::make_unique<LiveDisplay>(totals, std::move(port));
}

}  // namespace segbench::cli
