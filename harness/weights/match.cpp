// SPDX-License-Identifier: MIT
#include "harness/weights/match.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/core/error.h"
#include "harness/core/pattern.h"
#include "harness/core/text.h"

namespace segbench::weights {
namespace {

constexpr std::size_t kShown = 10;  ///< problems of one kind; the rest is counted
constexpr std::string_view kEncoder = "encoder.", kBackbone = "backbone.";
/// What wrappers put before every name: parallel training, a training framework's module, torch.compile.
constexpr std::array<std::string_view, 3> kWrappers = {"module.", "model.", "_orig_mod."};

/// Where an entry of a file goes.
struct Route {
  std::string target;        ///< "" when it goes nowhere
  bool is_left_out = false;  ///< by the convention
};

struct Convention {
  std::string name;
  bool encoder_only;
  Route (*route)(const std::string& entry);
};

Route one_to_one(const std::string& entry) {
  return {entry};
}

/// A classifier's head has no place in an encoder.
Route classifier(const std::string& entry) {
  for (const std::string_view head : {"fc.", "classifier."}) {
    if (entry.starts_with(head)) return {.target = {}, .is_left_out = true};
  }
  return {std::string(kEncoder) + entry};
}

Route segmentation(const std::string& entry) {
  if (entry.starts_with("aux_classifier.")) return {.target = {}, .is_left_out = true};
  if (!entry.starts_with(kBackbone)) return {entry};
  const std::string below = entry.substr(kBackbone.size());
  // torchvision takes a MobileNet's list of layers alone as a backbone; in the classifier it is called
  // "features".
  const bool numbered = !below.empty() && below[0] >= '0' && below[0] <= '9';
  return {std::string(kEncoder) + (numbered ? "features." : "") + below};
}

const std::array<Convention, 3> kConventions = {{{"one to one", false, one_to_one},
                                                 {"a classifier as encoder", true, classifier},
                                                 {"a segmentation network", false, segmentation}}};

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

bool is_counter(const std::string& entry) {
  return entry == "num_batches_tracked" || entry.ends_with(".num_batches_tracked");
}

bool any_matches(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return core::matches_pattern(pattern, name); });
}

/// The first few of a list of sentences, and how many more there are.
void add_cut(std::vector<std::string>& problems, const std::vector<std::string>& found, const char* what) {
  const std::size_t shown = std::min(kShown, found.size());
  problems.insert(problems.end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown));
  if (found.size() > shown) problems.push_back(fmt::format("… and {} more {}", found.size() - shown, what));
}

class Matcher {
 public:
  Matcher(const std::map<std::string, Tensor>& file, const std::vector<Target>& network,
          const std::vector<std::string>& exclude)
      : file_(file), network_(network), exclude_(exclude) {
    for (const Target& target : network) targets_.emplace(target.name, &target);
  }

  Match run() {
    const Convention& convention = choose();
    match_.convention = convention.name;
    for (const auto& [entry, tensor] : file_) take(convention, entry, tensor);
    if (match_.transfers.empty() && misfits_.empty()) {
      match_.problems = {nothing_fits()};
      return std::move(match_);
    }
    for (const Target& target : network_) require(convention, target);
    tell_problems();
    return std::move(match_);
  }

 private:
  /// A name without the wrappers' prefixes; torch.compile also marks submodules that it compiled.
  std::string plain(const std::string& entry, std::size_t prefix) const {
    std::string name = entry.substr(prefix);
    constexpr std::string_view kCompiled = "._orig_mod.";
    for (std::size_t at; (at = name.find(kCompiled)) != std::string::npos;)
      name.erase(at, kCompiled.size() - 1);
    return name;
  }
  std::string plain(const std::string& entry) const { return plain(entry, prefix_); }

  /// Lengths of what may be taken off every name: nothing, one wrapper, two, …
  std::vector<std::size_t> prefixes() const {
    std::vector<std::size_t> lengths = {0};
    while (!file_.empty()) {
      const std::string_view first = std::string_view(file_.begin()->first).substr(lengths.back());
      const auto wrapper = std::find_if(kWrappers.begin(), kWrappers.end(),
                                        [&](std::string_view text) { return first.starts_with(text); });
      if (wrapper == kWrappers.end()) break;
      const bool everywhere = std::all_of(file_.begin(), file_.end(), [&](const auto& entry) {
        return std::string_view(entry.first)
            .substr(std::min(lengths.back(), entry.first.size()))
            .starts_with(*wrapper);
      });
      if (!everywhere) break;
      lengths.push_back(lengths.back() + wrapper->size());
    }
    return lengths;
  }

  /// The convention and prefix under which most names agree; the first of equals.
  const Convention& choose() {
    const Convention* best = kConventions.data();
    std::ptrdiff_t most = -1;
    for (const std::size_t prefix : prefixes()) {
      for (const Convention& convention : kConventions) {
        const auto agreeing = std::count_if(file_.begin(), file_.end(), [&](const auto& entry) {
          return targets_.contains(convention.route(plain(entry.first, prefix)).target);
        });
        if (agreeing > most) best = &convention, most = agreeing, prefix_ = prefix;
      }
    }
    return *best;
  }

  void take(const Convention& convention, const std::string& entry, const Tensor& tensor) {
    const Route route = convention.route(plain(entry));
    if (any_matches(exclude_, entry) || any_matches(exclude_, route.target)) {
      match_.excluded.push_back(entry);
      return;
    }
    const auto found = targets_.find(route.target);
    if (found == targets_.end()) {
      if (route.is_left_out || is_counter(entry))
        match_.left_out.push_back(entry);
      else
        extra_.emplace_back(entry, route.target);
      return;
    }
    filled_.insert(route.target);
    fit(entry, tensor, *found->second);
  }

  void fit(const std::string& entry, const Tensor& tensor, const Target& target) {
    if (!is_floating(tensor.dtype)) {
      misfits_.push_back(
          fmt::format("{}: has type {}, but weights must be F32, F64, F16 or BF16", entry, tensor.dtype));
      return;
    }
    std::vector<std::int64_t> on_rgb = target.shape;
    if (target.reads_image && on_rgb.size() == 4) on_rgb[1] = 3;
    if (tensor.shape != target.shape && tensor.shape != on_rgb) {
      misfit_targets_.push_back(target.name);
      misfits_.push_back(fmt::format("{}: has shape {} in the file, but {} has shape {} in the network",
                                     entry, shape_text(tensor.shape), target.name, shape_text(target.shape)));
      return;
    }
    match_.transfers.push_back({.from = entry, .to = target, .is_folded = tensor.shape != target.shape});
  }

  void require(const Convention& convention, const Target& target) {
    if (filled_.contains(target.name)) return;
    if (any_matches(exclude_, target.name) ||
        (convention.encoder_only && !target.name.starts_with(kEncoder))) {
      match_.kept.push_back(target.name);
    } else {
      missing_.push_back(&target);
    }
  }

  void tell_problems() {
    std::vector<std::string> extra_names, missing_names, extra_lines, missing_lines;
    for (const auto& [entry, target] : extra_) extra_names.push_back(target);
    for (const Target* target : missing_) missing_names.push_back(target->name);
    for (std::size_t i = 0; i < missing_.size(); ++i) {
      missing_lines.push_back(
          fmt::format("the file has no {} {}{}", missing_[i]->name, shape_text(missing_[i]->shape),
                      i < kShown ? core::did_you_mean(missing_[i]->name, extra_names) : ""));
    }
    for (std::size_t i = 0; i < extra_.size(); ++i) {
      const auto& [entry, target] = extra_[i];
      extra_lines.push_back(fmt::format("the network has no {} {}, which is in the file{}", entry,
                                        shape_text(file_.at(entry).shape),
                                        i < kShown ? core::did_you_mean(target, missing_names) : ""));
    }
    add_cut(match_.problems, misfits_, "of another shape or type");
    if (!misfit_targets_.empty() && missing_.empty() && extra_.empty())
      match_.problems.push_back(cure_of_misfits());
    add_cut(match_.problems, missing_lines, "that the file lacks");
    add_cut(match_.problems, extra_lines, "that the network does not have");
    for (const std::string& pattern : exclude_) {
      const auto meets = [&](const std::string& name) { return core::matches_pattern(pattern, name); };
      const bool used =
          std::any_of(match_.excluded.begin(), match_.excluded.end(), meets) ||
          std::any_of(network_.begin(), network_.end(), [&](const Target& t) { return meets(t.name); });
      if (!used) {
        match_.problems.push_back(fmt::format(
            "weights_exclude: the pattern \"{}\" matches no tensor of the file or the network", pattern));
      }
    }
  }

  /// The setting that leaves out what does not fit; other numbers of classes differ in the head alone.
  std::string cure_of_misfits() const {
    std::set<std::string> patterns;
    for (const std::string& target : misfit_targets_)
      patterns.insert(target.substr(0, target.find_last_of('.') + 1) + "*");
    std::vector<std::string> quoted;
    for (const std::string& pattern : patterns) quoted.push_back(fmt::format("\"{}\"", pattern));
    return fmt::format(
        "to begin with the other tensors of this file and random numbers for these, as for another number of "
        "classes, set weights_exclude = [{}]",
        fmt::join(quoted, ", "));
  }

  std::string nothing_fits() const {
    const auto first = [](const auto& names, auto name_of) {
      std::vector<std::string> shown;
      for (const auto& item : names) {
        if (shown.size() < 3) shown.push_back(name_of(item));
      }
      return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > 3 ? ", …" : "");
    };
    return fmt::format(
        "the file has no tensor of this network: the file's {} are {}; the network's {} are {}", file_.size(),
        file_.empty() ? "none" : first(file_, [](const auto& entry) { return entry.first; }), network_.size(),
        first(network_, [](const Target& target) { return target.name; }));
  }

  const std::map<std::string, Tensor>& file_;
  const std::vector<Target>& network_;
  const std::vector<std::string>& exclude_;
  std::map<std::string, const Target*> targets_;
  std::size_t prefix_ = 0;  ///< characters before every name that wrappers put there
  Match match_;
  std::set<std::string> filled_;
  std::vector<std::pair<std::string, std::string>> extra_;  ///< entry, where it would go
  std::vector<const Target*> missing_;
  std::vector<std::string> misfits_, misfit_targets_;
};

}  // namespace

Match match(const std::map<std::string, Tensor>& file, const std::vector<Target>& network,
            const std::vector<std::string>& exclude) {
  return Matcher(file, network, exclude).run();
}

Match match_or_throw(const WeightFile& file, const std::vector<Target>& network,
                     const std::vector<std::string>& exclude) {
  Match found = match(file.tensors(), network, exclude);
  if (found.problems.empty()) return found;
  std::vector<core::Problem> problems;
  for (const std::string& text : found.problems)
    problems.push_back({.file = file.path().string(), .message = text});
  throw core::UserError(std::move(problems));
}

}  // namespace segbench::weights
