// SPDX-License-Identifier: MIT
#include "harness/cli/profile_display.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "harness/cli/terminal.h"
#include "harness/core/text.h"
#include "harness/text/utf8.h"
#include "reports/profile/tables.h"

namespace segbench::cli {
namespace {

constexpr const char* kErase = "\r\x1b[K";

class ProfileDisplay : public profile::SessionObserver {
 public:
  ProfileDisplay(double seconds, double median_within, bool quiet)
      : seconds_(seconds),
        median_within_(median_within),
        quiet_(quiet),
        live_(!quiet && is_live_terminal()) {}
  ~ProfileDisplay() override { status(""); }

  void preparing(const std::string& label, std::size_t done, std::size_t of) override {
    if (live_)
      status(fmt::format("{} engine {} of {}: {}",
                         bar(static_cast<double>(done) / static_cast<double>(of), 20), done + 1, of, label));
  }

  void ready(const std::string& label, double first_s, double typical_s) override {
    line(fmt::format("ready: {}: {}, the first one {}", label, reports::human_seconds(typical_s),
                     reports::human_seconds(first_s)));
  }

  void failed(const std::string& label, const std::string& why) override {
    status("");
    fmt::print(stderr, "failed: {}: {}\n", label, why);
  }

  void uncounted(const std::string& label, const std::string& why) override {
    line(fmt::format("no score: {}: {}", label, why));
  }

  void pass_done(const std::string& label, std::int64_t pass) override {
    line(fmt::format("pass {}: {}", pass + 1, label));
  }

  void round_done(std::int64_t round, double elapsed_s, double within) override {
    const std::string known = within < 0 ? ""
                                         : fmt::format(", medians within {:.1f} % (wanted: {:g} %)",
                                                       100 * within, 100 * median_within_);
    const std::chrono::duration<double> left(std::max(0.0, seconds_ - elapsed_s));
    const std::string text =
        fmt::format("round {}{}; at most {} more", round, known, core::human_duration(left));
    if (live_)
      status(bar(std::min(1.0, elapsed_s / seconds_), 20) + " " + text);
    else if (round % 10 == 0)
      line(text);
  }

 private:
  void line(const std::string& text) {
    if (quiet_) return;
    status("");
    fmt::print(stderr, "{}\n", text);
  }

  /// The last line of a terminal.
  void status(const std::string& text) {
    if (!live_) return;
    fmt::print(stderr, "{}{}", kErase, text::fit(text, terminal_width() - 1));
    std::fflush(stderr);
  }

  double seconds_, median_within_;
  bool quiet_, live_;
};

}  // namespace

std::unique_ptr<profile::SessionObserver> make_profile_display(double seconds, double median_within,
                                                               bool quiet) {
  return std::make_unique<ProfileDisplay>(seconds, median_within, quiet);
}

}  // namespace segbench::cli
