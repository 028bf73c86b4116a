// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_flow.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <utility>

#include "harness/core/spare_threads.h"

namespace segbench::cli {
namespace {

/// A picture, and what is known of its parts so far.
struct Asked {
  std::shared_ptr<Picture> picture;
  Answer answer;
  std::size_t asked = 0;  ///< parts
  std::size_t bytes = 0;  ///< that it keeps
};

struct Reading {
  std::string file;
  std::future<Picture> picture;
};

struct Writing {
  std::future<Written> written;
  std::size_t bytes = 0;
};

class Flow {
 public:
  Flow(const std::vector<std::string>& files, const FlowSteps& steps, const FlowLimits& limits)
      : files_(files), steps_(steps), limits_(limits), helpers_(limits.threads) {}

  std::vector<core::Problem> run() {
    for (start_reading(); !reading_.empty(); start_reading()) {
      accept(take_front(reading_));
      while (waiting_parts_ >= limits_.batch) ask();
      while (is_full() && waiting_parts_ > 0) ask();
      while (is_full() && !writing_.empty()) finish(take_front(writing_));
      while (!writing_.empty() && is_ready(writing_.front().written)) finish(take_front(writing_));
    }
    while (waiting_parts_ > 0) ask();
    while (!writing_.empty()) finish(take_front(writing_));
    return std::move(problems_);
  }

 private:
  template <typename Item>
  static Item take_front(std::deque<Item>& items) {
    Item item = std::move(items.front());
    items.pop_front();
    return item;
  }

  template <typename Result>
  static bool is_ready(const std::future<Result>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  template <typename Result>
  Result wait(std::future<Result>& future) const {
    do {
      if (steps_.interrupted()) throw core::UserError("interrupted", core::kTrialFailed);
    } while (future.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready);
    return future.get();
  }

  bool is_full() const { return held_ > limits_.bytes; }

  /// Enough files ahead for the next batch while this one is computed. The first one shows how large they
  /// are.
  void start_reading() {
    const std::size_t ahead = largest_ == 0 ? 1 : 2 * limits_.batch + helpers_.threads();
    while (next_ < files_.size() && reading_.size() < ahead &&
           (reading_.empty() || held_ + (reading_.size() + 1) * largest_ <= limits_.bytes)) {
      const std::string& file = files_[next_++];
      reading_.push_back({file, helpers_.run([this, &file] { return steps_.read(file); })});
    }
  }

  void accept(Reading reading) {
    try {
      Asked asked{.picture = std::make_shared<Picture>(wait(reading.picture)), .answer = {}};
      const data::Image& image = asked.picture->image;
      asked.bytes = static_cast<std::size_t>(image.height * image.width) * limits_.bytes_per_pixel +
                    asked.picture->inputs.size();
      held_ += asked.bytes;
      largest_ = std::max(largest_, asked.bytes);
      waiting_parts_ += asked.picture->parts.size();
      waiting_.push_back(std::move(asked));
    } catch (const core::UserError& error) {
      if (steps_.interrupted()) throw;
      problems_.push_back({reading.file, 0, 0, error.what()});
    }
  }

  /// The next batch of parts, of as many pictures as they are of.
  void ask() {
    std::vector<std::byte> inputs;
    std::size_t count = 0;
    for (std::size_t i = 0; i < waiting_.size() && count < limits_.batch; ++i) {
      const Picture& picture = *waiting_[i].picture;
      const std::size_t parts = std::min(picture.parts.size() - waiting_[i].asked, limits_.batch - count);
      const std::size_t bytes_each = picture.inputs.size() / picture.parts.size();
      const auto begin = picture.inputs.begin() + static_cast<std::ptrdiff_t>(waiting_[i].asked * bytes_each);
      inputs.insert(inputs.end(), begin, begin + static_cast<std::ptrdiff_t>(parts * bytes_each));
      count += parts;
    }
    hand_out(steps_.ask(inputs, count));
    waiting_parts_ -= count;
  }

  /// Answers to the pictures whose parts were asked about; those that have all go on.
  void hand_out(Answer answer) {
    for (std::size_t next = 0; next < answer.maps.size();) {
      Asked& asked = waiting_.front();
      for (; next < answer.maps.size() && asked.asked < asked.picture->parts.size(); ++next, ++asked.asked) {
        asked.answer.maps.push_back(std::move(answer.maps[next]));
        if (!answer.probabilities.empty())
          asked.answer.probabilities.push_back(std::move(answer.probabilities[next]));
      }
      if (asked.asked < asked.picture->parts.size()) return;
      const auto whole = std::make_shared<Asked>(take_front(waiting_));
      writing_.push_back(
          {helpers_.run([this, whole] { return steps_.write(*whole->picture, whole->answer); }),
           whole->bytes});
    }
  }

  void finish(Writing writing) {
    steps_.take(wait(writing.written));
    held_ -= writing.bytes;
  }

  const std::vector<std::string>& files_;
  const FlowSteps& steps_;
  const FlowLimits& limits_;
  std::size_t next_ = 0;  ///< file that is read next
  std::deque<Reading> reading_;
  std::deque<Asked> waiting_;  ///< for answers
  std::deque<Writing> writing_;
  std::size_t waiting_parts_ = 0, held_ = 0, largest_ = 0;
  std::vector<core::Problem> problems_;
  core::SpareThreads helpers_;  ///< the last member: it ends first
};

}  // namespace

std::vector<core::Problem> predict_files(const std::vector<std::string>& files, const FlowSteps& steps,
                                         const FlowLimits& limits) {
  return Flow(files, steps, limits).run();
}

}  // namespace segbench::cli
