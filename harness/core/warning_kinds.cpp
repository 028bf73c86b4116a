// SPDX-License-Identifier: MIT
#include "harness/core/warning_kinds.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::core {
namespace {

/// Who raises kinds, and what most of them touch.
struct Source {
  std::string_view name;
  Touches mostly = Touches::kScores;

  constexpr WarningKind operator()(std::string_view key, std::string_view sentence,
                                   std::string_view remedy) const {
    return {key, name, mostly, sentence, remedy};
  }
  constexpr Source costs() const { return {name, Touches::kCosts}; }
  constexpr Source scores() const { return {name, Touches::kScores}; }
};
constexpr Source kAudit{"audit"}, kPlan{"plan"}, kRun{"run"}, kTrial{"trial"}, kImport{"import"},
    kComparison{"comparison"}, kReport{"report"}, kMachine{"machine", Touches::kCosts};

constexpr WarningKind kKinds[] = {
    // Of single files and lists.
    kAudit("list", "{image} stands in this list twice; it counts once", "remove one of the lines"),
    kAudit("unlisted", "{files} that no list in use names ({lists}), not used{names}",
           "add them to a list, where they are meant to be used"),
    kAudit("unlabelled", "{images} without a mask, not used: {names}",
           "predict on them with segbench predict, or add masks"),
    kAudit("unused_types", "{files}, not used: {names}",
           "PNG, JPEG, GIF, BMP, TIFF, WebP and PNM are read; convert other types"),
    kAudit("unused_subfolders", "{images} in subfolders, not used: {names}",
           "name the folder \"{folder}/**\" to read what lies below it"),
    kAudit("unused_suffix", "without image_suffix = \"{suffix}\" at the end of the name, not used: {names}",
           "rename them, where they are meant to be used"),
    kAudit("unused_folders", "folders of images that no split takes, not used: {names}",
           "name them in splits, where they are meant to be used"),
    kAudit(
        "orientation",
        "{files} an orientation (EXIF or TIFF) that is not applied: the pixels are taken as they are stored",
        "check that masks lie on their images, with segbench data export; set orientation = \"apply\" where "
        "masks were drawn on the turned images"),
    kAudit("pages", "{files} several pages; the first one is read, the others are not used",
           "save each page that is meant as a file of its own"),
    kAudit("bands", "{files} up to {bands} bands; data.channels = {channels} takes {taken}",
           "set channels = {bands} to use all"),
    kAudit("range",
           "the images hold the values {first} to {last}, less than a quarter of the range {low} to {high}, "
           "so networks see them nearly of one grey",
           "set range = [0, {suggestion}], or range = \"percentiles\""),
    // Of masks.
    kAudit("mask_misfit",
           "the borders of this mask lie on the edges of {other} far better than on those of its own image",
           "look at both with segbench data export"),
    kAudit("masks_swapped",
           "this mask and {other} look swapped: each one's borders lie on the edges of the other's image",
           "look at both with segbench data export"),
    kAudit(
        "mask_in_alpha",
        "{masks} drawn in the alpha channel, which is not read; the colours below are the same everywhere: "
        "{names}",
        "save the alpha channel as a grey image, and use these as masks"),
    kAudit("mostly_void", "{percent} % of the pixels of the {split} split are void",
           "check how void is coded; scores stand on the other pixels alone"),
    // Of splits.
    kAudit("near_empty", "the {split} split has {images}: little to learn from or to score by",
           "add images, or give the split a larger fraction"),
    kAudit("overlap", "{image} {where}; scores on it are too good (allow_overlap = true)",
           "remove one of the two"),
    kAudit("group_torn", "{group} is torn apart: {where}; scores on it are too good (allow_overlap = true)",
           "keep what belongs together in one split"),
    kAudit("folds_left_out",
           "with the seeds {seeds} no trial leaves out fold{folds}, so no score stands on their images",
           "take as many seeds in a row as there are folds: trials.count = {count}"),
    kAudit("duplicate", "{image} in the same split ({split}){details}",
           "remove one of the two, unless it is meant to count twice"),
    kAudit("near_duplicate", "{pairs} of images in different splits show nearly the same picture: {names}",
           "keep copies of a picture in one split, or scores will be too good"),
    // Of classes and resolution.
    kAudit("absent_class", "no pixel of any split belongs to: {classes}",
           "leave them out of the classes, or add images that show them"),
    kAudit("unlearnable_class",
           "no pixel of the training split, but some of the test split, belong to: {classes}; a network "
           "cannot learn them",
           "choose splits in which training shows them"),
    kAudit("unlearnable_selection_class",
           "no pixel of the training split, but some of the selection split, belong to: {classes}",
           "choose splits in which training shows them"),
    kAudit("untested_class", "no pixel of the test split belongs to: {classes}; their scores are undefined",
           "choose a test split that shows them, or compare by the classes that it shows"),
    kAudit("one_class", "every mask of the {split} split holds one class only",
           "check how the masks are coded, or choose images that show several classes"),
    kAudit("vanished_class", "resizing to {height} x {width} leaves no pixel of: {classes}",
           "choose a larger resolution, up to that of the files: resolution = [{file_height}, {file_width}]"),
    kAudit("undefined_selection",
           "no pixel of the selection split belongs to a class other than {background}: {metrics} are "
           "undefined there wherever nothing is predicted, so they cannot name the best epoch",
           "choose a selection split that shows the other classes, or set training.select_by = \"loss\" or "
           "training.select = \"last\""),
    kAudit(
        "resolution_order",
        "resolution = [{height}, {width}] is {form}, most images are {other}; it is given as [height, width]",
        "set resolution = [{width}, {height}], unless it is meant"),
    kAudit.costs()(
        "enlarged_images",
        "{count} of {all} images are enlarged to {height} x {width} (by up to {factor}): that adds work, "
        "not detail",
        "choose a resolution that most images have"),

    kPlan("few_steps_for_batch_norm",
          "After {steps} the moving statistics of batch normalisation still consist to {percent} % of their "
          "initial values, which spoils every evaluation.",
          "Train for longer,{momentum} or set training.batch_norm_statistics = \"precise\"."),
    kPlan("batch_exceeds_training_set",
          "training.batch_size = {batch} is larger than the training set ({images}), so every epoch is a "
          "single step.",
          "Set training.batch_size to at most {most}."),
    kPlan.costs()(
        "exceeds_memory",
        "Training needs about {needed} of memory, but this machine has {available} available.",
        "Choose a smaller training.batch_size, data.resolution, model.width or model.size, or run it on a "
        "larger machine."),

    kTrial(
        "selection_undefined",
        "No epoch could be selected by {metric}: on the selection split it is undefined or zero after "
        "every epoch, because the classes that it is about do not occur there. Epoch {epoch}, the last one "
        "without a wrong prediction of them, is tested.",
        "Choose a selection split in which every class occurs, select by a metric that is always defined "
        "(training.select_by = \"pixel_accuracy\" or \"loss\"), or set training.select = \"last\"."),
    kTrial(
        "single_class",
        "The network of epoch {epoch} predicts the class \"{class}\" for {percent} % of the pixels of the "
        "{split} split and finds next to nothing of the other classes: it has learnt nothing that its "
        "scores could compare.",
        "Train longer or with another learning rate, weight the classes in the loss, or look at the moving "
        "statistics of batch normalisation (training.batch_norm_statistics = \"precise\")."),

    kTrial("imported",
           "imported predictions ({from}): how the model was trained and chosen, and on which images, is not "
           "known here",
           "make sure that it has seen none of the test images, and that nothing was chosen by them"),
    kMachine("unusable_checkpoint", "{file}: not usable: {problem}. {then}",
             "The results are the same, only time is lost; look at the disk if it happens again."),
    kMachine(
        "mixed_processors",
        "The attempts of this trial ran on different processors ({processors}), which round differently: "
        "an uninterrupted training need not give these numbers to the bit.",
        "The scores are as good as any. Where results have to repeat to the bit, run a study on "
        "processors of one kind (segbench submit --sbatch=--constraint=…)."),
    kMachine("unordered_operations",
             "LibTorch has no deterministic implementation on this device of {operations}: another run "
             "differs in the last bits.",
             "segbench verify tells by how much; architectures without bilinear up-sampling and adaptive "
             "pooling repeat."),
    kMachine(
        "no_step_graph",
        "The operations of a training step were called one by one, since they could not be recorded as a "
        "graph: {problem}.",
        "The results are the same, only later; run.without = [\"graphs\"] does not try."),
    kMachine("shared_gpus",
             "A trial has more processes (training.processes = {processes}) than GPUs ({gpus}): they share "
             "them, and their sums go through the machine's memory.",
             "The scores are as good as any, only later. Give the trial a GPU for each of its processes "
             "(run.devices, segbench submit --gpus N), or choose fewer processes."),
    kMachine("gpu_throttled",
             "The GPU computed below its clock when the attempt ended (by {by}): times are longer than they "
             "could be.",
             "Cool or feed it better, or lower its clock for all trials (nvidia-smi -lgc), before times are "
             "compared."),
    kMachine.scores()(
        "gpu_memory_errors",
        "The GPU counted {errors} memory errors that it could not correct while the attempt ran.",
        "Do not trust the result: reset the GPU (nvidia-smi -r), and run the trial again elsewhere."),
    kMachine("gpu_unused", "{gpu} is there, but trials run on the CPU: {problem}.",
             "Build the worker with a LibTorch for CUDA (scripts/build.sh --torch pip-cuda, docs/gpu.md), or "
             "ask for the CPU (--device cpu)."),
    kMachine("blas_threads",
             "OpenBLAS ({library}) has a thread pool of its own, which competes with LibTorch's OpenMP "
             "threads for the same cores: training can take more than twice as long.",
             "Install libopenblas0-openmp (apt-get install libopenblas0-openmp): the worker takes it even "
             "where another one is the system's choice."),
    kMachine("blas_reference",
             "Matrix products are computed by {library}, which looks like the reference BLAS: it is many "
             "times slower than OpenBLAS.",
             "Install libopenblas0-openmp (apt-get install libopenblas0-openmp): the worker takes it even "
             "where another one is the system's choice."),

    kPlan.costs()(
        "missing_device", "Device \"{device}\" is not available here ({problem}), so segbench run refuses.",
        "Use --device auto or --device cpu, or a segbench-worker built with CUDA on a machine with a GPU."),
    kRun("namesake_study",
         "{folder} was made from {before}; {file} is called \"{study}\" too and takes its place: trials that "
         "only {before} plans stay there, but are left out of the report.",
         "Give one of the two another name."),

    kImport("study_copy",
            "{folder}: another copy of the study \"{study}\", which lies in {home}; of this one only trials "
            "are taken that are complete here alone.",
            "Move it out of {runs}."),
    kImport("renamed_study",
            "{folder}: the folder of the study \"{study}\" was renamed, so `segbench run` does not find its "
            "trials.",
            "Rename it back to {home}."),
    kImport("damaged_log", "{problem}",
            "What can be read counts, the rest is missing from every number; run the trial anew in a fresh "
            "folder, and look at the disk if it happens again."),

    kReport.costs()(
        "plots_missing",
        "gnuplot could not draw all of them ({problem}). Their scripts and data lie in plots/; the tables "
        "below hold the same numbers.",
        "Install gnuplot-nox (apt-get install gnuplot-nox) and make the report again."),

    kComparison(
        "convention_changes_winner", "The convention changes the winner: {winners}.",
        "Name the convention with every score, and judge by the one of the benchmark that you compare "
        "with (docs/metrics.md)."),
    kComparison("not_comparable", "The variants were scored on different data or on different images of it.",
                "Compare scores only within one group."),
    kComparison(
        "different_resolutions",
        "The variants are scored at different resolutions: labels are resized to each, so scores are not "
        "strictly comparable.",
        "Compare variants of one data.resolution; small differences may come from resizing the labels "
        "alone."),
    kComparison.costs()(
        "different_machines",
        "The trials ran on different devices or thread counts: training times and memory are not comparable.",
        "Compare times and memory only of trials of one machine."),
    kComparison("selection_split",
                "Scores are of the selection split, on which the epochs were chosen: they are flattered.",
                "Report on the test split."),
};

/// Puts the values in the places of a template, and counts how often each was used.
std::string filled(std::string_view text, const WarningValues& values, std::vector<int>& used) {
  std::string result;
  while (true) {
    const std::size_t begin = text.find('{'), end = text.find('}', begin);
    result += text.substr(0, begin);
    if (end == std::string_view::npos) return result;
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    const auto value =
        std::find_if(values.begin(), values.end(), [&](const auto& given) { return given.first == name; });
    SEGBENCH_CHECK(value != values.end(), "a warning lacks its value \"{}\"", name);
    result += value->second;
    ++used[static_cast<std::size_t>(value - values.begin())];
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::span<const WarningKind> warning_kinds() {
  return kKinds;
}

const WarningKind* find_warning(std::string_view key) {
  const auto* const found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                         [&](const WarningKind& kind) { return kind.key == key; });
  return found == std::end(kKinds) ? nullptr : found;
}

Warning make_warning(std::string_view key, const WarningValues& values) {
  const WarningKind* kind = find_warning(key);
  SEGBENCH_CHECK(kind != nullptr, "no kind of warning \"{}\"", key);
  std::vector<int> used(values.size());
  Warning warning{.code = std::string(key),
                  .message = filled(kind->sentence, values, used),
                  .remedy = filled(kind->remedy, values, used)};
  for (std::size_t i = 0; i < values.size(); ++i)
    SEGBENCH_CHECK(used[i] > 0, "the warning {} has no place for \"{}\"", key, values[i].first);
  return warning;
}

bool touches_scores(const Warning& warning, std::string_view source) {
  const WarningKind* kind = find_warning(warning.code);
  return kind != nullptr ? kind->touches == Touches::kScores : source != "machine";
}

}  // namespace segbench::core
