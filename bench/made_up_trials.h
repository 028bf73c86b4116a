// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench/work_folder.h"
#include "harness/core/counts.h"
#include "harness/core/identity.h"
#include "harness/core/json.h"
#include "harness/core/random.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"

// Logs of trials that nobody ran, for measuring what reads them.

namespace segbench::bench {

using core::Json;

inline constexpr int kClasses = 21;

inline core::TrialSpec specification(std::uint64_t seed) {
  core::TrialSpec spec;
  spec.study = "bench";
  spec.variant.model.architecture = "unet";
  spec.variant.training.loss.name = "cross_entropy";
  spec.variant.training.optimizer.name = "adam";
  spec.variant_id = core::variant_id(spec.variant);
  spec.variant_label = "unet";
  spec.seed = seed;
  spec.data_fingerprint = "f00d";
  spec.trial_id = core::trial_id(spec.variant_id, seed, spec.data_fingerprint);
  return spec;
}

inline core::Confusion random_confusion(core::Stream& stream) {
  core::Confusion confusion(kClasses);
  for (std::int64_t& cell : confusion.cells()) cell = static_cast<std::int64_t>(stream.below(1000));
  return confusion;
}

inline Json evaluation(std::int64_t epoch, const char* split, const core::Confusion& confusion, bool last,
                       std::int64_t images) {
  Json event = {{"epoch", epoch},
                {"split", split},
                {"weights", last ? "selected" : "current"},
                {"loss", 0.5},
                {"valid_pixels", confusion.valid_pixels()},
                {"images", images},
                {"tp", Json::array()},
                {"fp", Json::array()},
                {"fn", Json::array()}};
  for (const core::ClassCounts& counts : confusion.class_counts()) {
    event["tp"].push_back(counts.tp);
    event["fp"].push_back(counts.fp);
    event["fn"].push_back(counts.fn);
  }
  if (last)
    event["confusion"] = std::vector<std::int64_t>(confusion.cells().begin(), confusion.cells().end());
  return event;
}

/// The log of one attempt, with an environment like a real one.
inline void write_attempt(const std::filesystem::path& folder) {
  const Json environment = {{"allocator", {{"mmap", false}, {"top_pad_bytes", 67108864}, {"trim", false}}},
                            {"blas", "OpenBLAS 0.3.21 DYNAMIC_ARCH USE_OPENMP Cooperlake MAX_THREADS=64"},
                            {"blas_library", "/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3"},
                            {"blas_threads", 1},
                            {"compiler", "GNU 12.2.0"},
                            {"cpu", "a CPU"},
                            {"cpu_capability", "AVX2"},
                            {"determinism", {{"grade", "bitwise"}, {"prevented_by", Json::array()}}},
                            {"device", "cpu"},
                            {"gpu", nullptr},
                            {"gpu_driver", nullptr},
                            {"host", "lab"},
                            {"libtorch", "1.13.0"},
                            {"libtorch_config", {"MKL-DNN v2.6.3", "OpenMP 201511", "AVX2"}},
                            {"memory_format", "contiguous"},
                            {"precision", "float32"},
                            {"segbench_commit", "000000000000"},
                            {"segbench_version", "0.1.0"},
                            {"system", "Linux x86_64"},
                            {"threads", 1},
                            {"usable_cpus", 2}};
  std::filesystem::remove(folder / core::kAttemptsFile);
  trial::EventWriter attempts(folder / core::kAttemptsFile);
  attempts.append("started", {{"attempt", 1},
                              {"pid", 4242},
                              {"host", "lab"},
                              {"resumed_from", nullptr},
                              {"environment", environment}});
  attempts.append("ended", {{"attempt", 1},
                            {"status", "complete"},
                            {"reason", ""},
                            {"message", ""},
                            {"exit_code", 0},
                            {"peak_memory_bytes", 536870912},
                            {"seconds", 25.5}});
}

/// The folder under `runs` of a trial of `epochs` epochs that was tested on `images` images with four classes
/// each.
inline std::filesystem::path write_trial(const std::filesystem::path& runs, const core::TrialSpec& spec,
                                         std::int64_t epochs, std::int64_t images, std::int64_t wrong = 100) {
  const std::filesystem::path folder = runs / "bench" / core::kTrialsFolder / spec.trial_id;
  std::filesystem::create_directories(folder);
  std::ofstream(folder / core::kTrialFile) << to_json(spec).dump();
  std::filesystem::remove(folder / core::kEventsFile);
  trial::EventWriter log(folder / core::kEventsFile);
  core::Stream stream(spec.seed, core::Purpose::kShapes);
  std::vector<std::string> names;
  for (int c = 0; c < kClasses; ++c) names.push_back("class " + std::to_string(c));
  log.append("trial", {{"schema", 1},
                       {"trial_id", spec.trial_id},
                       {"num_classes", kClasses},
                       {"class_names", names},
                       {"class_weights", Json::array()}});
  for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
    log.append("epoch", {{"epoch", epoch},
                         {"loss", 0.5},
                         {"learning_rate", 1e-3},
                         {"steps", 100},
                         {"samples", 1600},
                         {"timing", {{"train_s", 1.0}}}});
    log.append("evaluation", evaluation(epoch, "selection", random_confusion(stream), false, images));
  }
  core::Confusion pooled(kClasses);
  std::vector<Json> events;
  for (std::int64_t i = 0; i < images; ++i) {
    core::Confusion image(kClasses);
    for (int g = 0; g < 4; ++g)
      image.at(g, g) = static_cast<std::int64_t>(stream.below(4000)),
                  image.at(g, (g + 1) % 4) =
                      static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(2 * wrong)));
    pooled += image;
    Json counts = Json::array();
    const std::vector<core::ClassCounts> of_class = image.class_counts();
    for (int c = 0; c < 4; ++c) {
      const core::ClassCounts& n = of_class[static_cast<std::size_t>(c)];
      counts.push_back({c, n.tp, n.fp, n.fn});
    }
    events.push_back({{"epoch", epochs},
                      {"split", "test"},
                      {"index", i},
                      {"id", "image_" + std::to_string(i)},
                      {"valid_pixels", image.valid_pixels()},
                      {"counts", counts}});
  }
  log.append("evaluation", evaluation(epochs, "test", pooled, true, images));
  for (const Json& event : events) log.append("image", event);
  log.append("finished", {{"epochs", epochs}, {"weights_sha256", "0"}, {"selected_epoch", epochs}});
  write_attempt(folder);
  return folder;
}

struct StudySize {
  std::int64_t variants = 0, seeds = 0, epochs = 0, images = 0;
};

/// A runs folder with a study "bench" of complete trials, whose variants make ever more mistakes.
inline void write_study(const std::filesystem::path& runs, const StudySize& size) {
  Json study = {{"schema", 1},
                {"name", "bench"},
                {"variants", Json::array()},
                {"seeds", Json::array()},
                {"trials", Json::array()}};
  for (std::int64_t seed = 1; seed <= size.seeds; ++seed) study["seeds"].push_back(seed);
  for (std::int64_t seed = 1; seed <= size.seeds; ++seed) {
    for (std::int64_t v = 0; v < size.variants; ++v) {
      core::TrialSpec spec = specification(static_cast<std::uint64_t>(seed));
      spec.variant.model.width = 1.0 + static_cast<double>(v) / 1000;
      spec.variant.training.epochs = size.epochs;
      spec.variant_id = core::variant_id(spec.variant);
      spec.variant_label = "width " + std::to_string(v);
      spec.trial_id = core::trial_id(spec.variant_id, spec.seed, spec.data_fingerprint);
      write_trial(runs, spec, size.epochs, size.images, 100 + 5 * v);
      study["trials"].push_back(spec.trial_id);
      if (seed == 1)
        study["variants"].push_back({{"id", spec.variant_id},
                                     {"label", spec.variant_label},
                                     {"axes", Json::object()},
                                     {"config", to_json(spec.variant)}});
    }
  }
  std::ofstream(runs / "bench" / core::kStudyFile) << study.dump();
}

}  // namespace segbench::bench
