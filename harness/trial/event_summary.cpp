// SPDX-License-Identifier: MIT
#include "harness/trial/event_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/trial/event_fields.h"

namespace segbench::trial {
namespace {

using core::Json;

constexpr std::int64_t kMaxClasses = 255;
constexpr std::size_t kMaxKeyLength = 64;
constexpr std::int64_t kMaxCounter = 1'000'000'000;  ///< epochs, indices

/// Reads events one by one into a summary; each throws BadValue when the event does not fit and then changes
/// nothing.
class EventReader {
 public:
  explicit EventReader(const core::TrialSpec& spec) : spec_(spec) {}

  void read(const Json& event) {
    const EventFields fields(event);
    take_sequence_number(fields);
    summary_.empty = false;
    if (summary_.finished || summary_.diverged) throw BadValue("follows the trial's last event");
    const std::string type = fields.text("type");
    if (type == "trial")
      read_trial(fields);
    else if (type == "weights")
      read_weights(fields);
    else if (type == "epoch")
      read_epoch(fields);
    else if (type == "evaluation")
      read_evaluation(fields);
    else if (type == "image")
      read_image(fields);
    else if (type == "measure")
      read_measure(fields);
    else if (type == "engine")
      name_list(fields, "engines");
    else if (type == "threshold")
      read_threshold(fields);
    else if (type == "selected")
      read_selected(fields);
    else if (type == "warning")
      read_warning(event);
    else if (type == "diverged")
      read_diverged(fields);
    else if (type == "finished")
      read_finished(fields);
    else
      throw BadValue(fmt::format("unknown type \"{}\"", type.substr(0, 40)));
  }

  EventSummary take() {
    for (std::size_t c = summary_.class_names.size(); c < static_cast<std::size_t>(summary_.num_classes);
         ++c) {
      summary_.class_names.push_back(fmt::format("class {}", c));
    }
    return std::move(summary_);
  }

 private:
  void take_sequence_number(const EventFields& fields) {
    const std::int64_t seq = fields.integer("seq");
    if (seq < next_seq_) throw BadValue(fmt::format("seq {} was there before", seq));
    next_seq_ = seq + 1;
  }

  void read_trial(const EventFields& fields) {
    if (has_trial_) throw BadValue("a second event of type trial");
    if (const auto schema = fields.integer("schema"); schema != 1) {
      throw BadValue(fmt::format("schema is {}, but must be 1", schema));
    }
    EventSummary read = summary_;
    read.num_classes = static_cast<int>(fields.integer("num_classes", 1, kMaxClasses));
    for (const Json& name : fields.array("class_names")) {
      if (!name.is_string()) throw BadValue("class_names holds what is no string");
      read.class_names.push_back(name.get<std::string>());
    }
    if (read.class_names.size() != static_cast<std::size_t>(read.num_classes)) {
      throw BadValue(fmt::format("class_names has {} names, but the trial has {} classes",
                                 read.class_names.size(), read.num_classes));
    }
    for (const Json& weight : fields.array("class_weights")) {
      if (!weight.is_number() && !weight.is_null()) throw BadValue("class_weights holds what is no number");
    }
    read.class_weights = fields.array("class_weights").dump();
    read.parameters = fields.optional_integer("parameters");
    read.trainable_parameters = fields.optional_integer("trainable_parameters");
    read.macs = fields.optional_integer("macs");
    read.initial_weights_sha256 = fields.optional_text("initial_weights_sha256");
    summary_ = std::move(read);
    has_trial_ = true;
  }

  static std::string name_list(const EventFields& fields, const char* key) {
    for (const Json& name : fields.array(key)) {
      if (!name.is_string()) throw BadValue(fmt::format("{} holds what is no string", key));
    }
    return fields.array(key).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  void read_weights(const EventFields& fields) {
    if (summary_.pretrained) throw BadValue("a second event of type weights");
    PretrainedEvent read;
    read.file = fields.text("file");
    read.sha256 = fields.text("sha256");
    read.name_check = fields.choice("name_check", {"agrees", "none"});
    read.format = fields.text("format");
    read.convention = fields.text("convention");
    read.tensors = fields.integer("tensors");
    read.folded = fields.integer("folded", 0, 1) == 1;
    read.excluded = name_list(fields, "excluded");
    read.left_out = name_list(fields, "left_out");
    read.kept = name_list(fields, "kept");
    summary_.pretrained = std::move(read);
  }

  void read_epoch(const EventFields& fields) {
    EpochEvent epoch;
    epoch.epoch = fields.integer("epoch", 1, kMaxCounter);
    if (!epochs_.insert(epoch.epoch).second)
      throw BadValue(fmt::format("epoch {} was there before", epoch.epoch));
    epoch.loss = fields.optional_number("loss");
    epoch.learning_rate = fields.number("learning_rate");
    epoch.steps = fields.integer("steps");
    epoch.samples = fields.integer("samples");
    const EventFields timing = fields.object("timing");
    epoch.train_seconds = timing.optional_number("train_s");
    epoch.data_wait_seconds = timing.optional_number("data_wait_s");
    epoch.checkpoint_seconds = timing.optional_number("checkpoint_s");
    summary_.epochs.push_back(epoch);
  }

  std::vector<core::ClassCounts> class_counts(const EventFields& fields) const {
    const Json &tp = fields.array("tp"), &fp = fields.array("fp"), &fn = fields.array("fn");
    if (tp.empty() || tp.size() > kMaxClasses || tp.size() != fp.size() || tp.size() != fn.size()) {
      throw BadValue(fmt::format("tp, fp and fn have {}, {} and {} entries, but must have one for each class",
                                 tp.size(), fp.size(), fn.size()));
    }
    if (summary_.num_classes != 0 && tp.size() != static_cast<std::size_t>(summary_.num_classes)) {
      throw BadValue(
          fmt::format("the counts are of {} classes, but the trial has {}", tp.size(), summary_.num_classes));
    }
    std::vector<core::ClassCounts> counts;
    std::int64_t truth = 0;
    for (std::size_t c = 0; c < tp.size(); ++c) {
      counts.push_back({checked_integer(tp[c], "tp", 0, kMaxEvaluationPixels),
                        checked_integer(fp[c], "fp", 0, kMaxEvaluationPixels),
                        checked_integer(fn[c], "fn", 0, kMaxEvaluationPixels)});
      truth += counts.back().tp + counts.back().fn;
    }
    if (const auto valid = fields.integer("valid_pixels"); valid != truth) {
      throw BadValue(fmt::format("valid_pixels is {}, but tp and fn add up to {}", valid, truth));
    }
    return counts;
  }

  static std::optional<core::Confusion> confusion(const EventFields& fields,
                                                  const std::vector<core::ClassCounts>& counts) {
    if (!fields.has("confusion")) return std::nullopt;
    const Json& cells = fields.array("confusion");
    core::Confusion confusion(static_cast<int>(counts.size()));
    if (cells.size() != confusion.cells().size())
      throw BadValue(
          fmt::format("confusion has {} cells, but must have {}", cells.size(), confusion.cells().size()));
    std::int64_t room = kMaxEvaluationPixels;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      confusion.cells()[i] = checked_integer(cells[i], "confusion", 0, room);
      room -= confusion.cells()[i];
    }
    if (confusion.class_counts() != counts) throw BadValue("confusion does not fit tp, fp and fn");
    return confusion;
  }

  void read_evaluation(const EventFields& fields) {
    EvaluationEvent evaluation;
    evaluation.trial_id = spec_.trial_id;
    evaluation.epoch = fields.integer("epoch", 0, kMaxCounter);
    evaluation.split = fields.choice("split", {"selection", "test"});
    evaluation.weights = fields.choice("weights", {"current", "selected"});
    evaluation.loss = fields.optional_number("loss");
    evaluation.images = fields.integer("images");
    evaluation.counts = class_counts(fields);
    evaluation.valid_pixels = fields.integer("valid_pixels");
    evaluation.confusion = confusion(fields, evaluation.counts);
    evaluation.evaluate_seconds = fields.object("timing").optional_number("evaluate_s");
    const bool final = evaluation.weights == "selected";
    if (!evaluations_.insert({final ? -1 : evaluation.epoch, evaluation.split, evaluation.weights}).second) {
      throw BadValue(
          fmt::format("the {} evaluation on {} was there before", evaluation.weights, evaluation.split));
    }
    summary_.num_classes = static_cast<int>(evaluation.counts.size());
    summary_.evaluations.push_back(std::move(evaluation));
  }

  EvaluationEvent& final_evaluation(const std::string& split) {
    const auto found =
        std::find_if(summary_.evaluations.begin(), summary_.evaluations.end(),
                     [&](const auto& e) { return e.weights == "selected" && e.split == split; });
    if (found == summary_.evaluations.end()) throw BadValue("belongs to no final evaluation");
    return *found;
  }

  void read_image(const EventFields& fields) {
    const std::string split = fields.choice("split", {"selection", "test"});
    EvaluationEvent& owner = final_evaluation(split);
    ImageRecord image;
    image.index = fields.integer("index", 0, kMaxCounter);
    image.id = fields.text("id");
    image.valid_pixels = fields.integer("valid_pixels", 0, kMaxImagePixels);
    image.counts.resize(static_cast<std::size_t>(summary_.num_classes));
    std::int64_t truth = 0;
    if (fields.array("counts").size() > kMaxClasses)
      throw BadValue("counts has more rows than there can be classes");
    for (const Json& row : fields.array("counts")) {
      if (!row.is_array() || row.size() != 4) throw BadValue("counts holds what is no [class, tp, fp, fn]");
      core::ClassCounts& counts = image.counts[static_cast<std::size_t>(
          checked_integer(row[0], "class", 0, summary_.num_classes - 1))];
      if (counts != core::ClassCounts{})
        throw BadValue(fmt::format("class {} has two counts", row[0].get<std::int64_t>()));
      counts = {checked_integer(row[1], "tp", 0, kMaxImagePixels),
                checked_integer(row[2], "fp", 0, kMaxImagePixels),
                checked_integer(row[3], "fn", 0, kMaxImagePixels)};
      truth += counts.tp + counts.fn;
    }
    if (truth != image.valid_pixels) {
      throw BadValue(
          fmt::format("valid_pixels is {}, but tp and fn add up to {}", image.valid_pixels, truth));
    }
    const std::int64_t index = image.index;
    if (!owner.image_records.emplace(index, std::move(image)).second) {
      throw BadValue(fmt::format("image {} was there before", index));
    }
  }

  void read_measure(const EventFields& fields) {
    MeasureRecord measure;
    measure.key = fields.text("key");
    if (measure.key.empty() || measure.key.size() > kMaxKeyLength)
      throw BadValue(
          fmt::format("key has {} characters, but must have 1 to {}", measure.key.size(), kMaxKeyLength));
    if (fields.has("split")) {
      measure.epoch = fields.integer("epoch", 0, kMaxCounter);
      measure.split = fields.choice("split", {"selection", "test"});
    }
    measure.image = fields.optional_integer("index");
    measure.class_index = fields.optional_integer("class");
    measure.value = fields.optional_number("value");
    if (!measure.split.empty()) final_evaluation(measure.split);
    if (!measures_.insert({measure.key, measure.split, measure.image, measure.class_index}).second)
      throw BadValue(fmt::format("the measure {} on {} was there before", measure.key,
                                 measure.split.empty() ? "the trial" : measure.split));
    summary_.measures.push_back(std::move(measure));
  }

  void read_threshold(const EventFields& fields) {
    if (!summary_.thresholds.empty()) throw BadValue("a second event of type threshold");
    std::vector<ThresholdRecord> read;
    const double chosen = fields.number("value");
    for (const Json& point : fields.array("curve")) {
      const bool sound = point.is_array() && point.size() == 2 && point[0].is_number() &&
                         (point[1].is_number() || point[1].is_null());
      if (!sound) throw BadValue("curve holds what is no [threshold, score]");
      ThresholdRecord record{.epoch = fields.integer("epoch", 0, kMaxCounter),
                             .metric = fields.text("metric"),
                             .threshold = point[0].get<double>(),
                             .score = std::nullopt};
      if (point[1].is_number()) record.score = point[1].get<double>();
      record.is_chosen = record.threshold == chosen;
      read.push_back(std::move(record));
    }
    summary_.thresholds = std::move(read);
  }

  void read_selected(const EventFields& fields) {
    const std::int64_t epoch = fields.integer("epoch", 0, kMaxCounter);
    std::string metric = fields.text("metric");
    summary_.selected_value = fields.optional_number("value");
    summary_.selected_epoch = epoch;
    summary_.selected_metric = std::move(metric);
  }

  void read_warning(const Json& event) {
    core::Warning warning = event.get<core::Warning>();
    if (warning.message.empty()) throw BadValue("a warning without a message");
    std::vector<core::Warning>& known = summary_.warnings;
    if (std::find(known.begin(), known.end(), warning) == known.end()) known.push_back(std::move(warning));
  }

  void read_diverged(const EventFields& fields) {
    const std::string what = fields.optional_text("what").value_or("loss");
    summary_.ending = fmt::format("the {} became {} {} step {} of epoch {}", what.substr(0, 40),
                                  fields.choice("loss", {"nan", "inf"}), what == "loss" ? "in" : "after",
                                  fields.integer("step"), fields.integer("epoch"));
    summary_.diverged = true;
  }

  void read_finished(const EventFields& fields) {
    std::string weights = fields.text("weights_sha256");
    std::optional<std::string> selected = fields.optional_text("selected_weights_sha256");
    if (const auto epoch = fields.optional_integer("selected_epoch")) summary_.selected_epoch = epoch;
    summary_.weights_sha256 = std::move(weights);
    summary_.selected_weights_sha256 = std::move(selected);
    summary_.finished = true;
  }

  const core::TrialSpec& spec_;
  EventSummary summary_;
  std::int64_t next_seq_ = 0;
  bool has_trial_ = false;
  std::set<std::int64_t> epochs_;
  std::set<std::tuple<std::int64_t, std::string, std::string>> evaluations_;
  std::set<std::tuple<std::string, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>>>
      measures_;
};

/// Whether the log is of another trial: its numbers would be somebody else's.
bool is_foreign(const EventLog& log, const core::TrialSpec& spec) {
  return std::any_of(log.events.begin(), log.events.end(), [&](const Json& event) {
    return event.at("type") == "trial" && event.contains("trial_id") && event.at("trial_id") != spec.trial_id;
  });
}

}  // namespace

EventSummary summarise_events(const EventLog& log, const core::TrialSpec& spec,
                              const std::filesystem::path& file, Warnings& warnings) {
  for (const EventDefect& defect : log.defects) warnings.add(file, defect.line, defect.message);
  if (is_foreign(log, spec)) {
    warnings.add(file, 0, fmt::format("a log of another trial than {}; none of it is taken", spec.trial_id));
    return {};
  }
  EventReader reader(spec);
  for (std::size_t i = 0; i < log.events.size(); ++i) {
    try {
      reader.read(log.events[i]);
    } catch (const BadValue& bad) {
      warnings.add(file, log.lines[i], bad.what());
    }
  }
  return reader.take();
}

}  // namespace segbench::trial
