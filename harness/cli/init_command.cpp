// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/data_output.h"
#include "harness/core/files.h"
#include "harness/data/survey.h"
#include "harness/study/data_section.h"
#include "harness/study/head.h"
#include "harness/study/node.h"
#include "harness/study/study.h"

namespace segbench::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 60;

struct InitRequest {
  std::string folder, file = "study.toml", name;
};

/// A name for the study that is allowed: the folder's, with a '-' for each run of other characters.
std::string name_of(const InitRequest& request) {
  if (!request.name.empty()) return request.name;
  std::string name;
  for (const char c : fs::canonical(request.folder).filename().string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && std::isalnum(byte) != 0;
    if (plain || (!name.empty() && name.back() != '-')) name += plain ? c : '-';
  }
  name.resize(std::min<std::size_t>(name.size(), kLongestName));
  if (name.ends_with('-')) name.pop_back();
  return study::name_problem(name).empty() ? name : "study";
}

/// What can be wrong with the request is told before the folder is read, which may take long.
void check_request(const InitRequest& request) {
  if (fs::exists(request.file))
    throw core::UserError(fmt::format("{}: is there already; choose another name with --file", request.file));
  if (const fs::path folder = fs::absolute(request.file).parent_path(); !fs::is_directory(folder))
    throw core::UserError(fmt::format("--file {}: there is no folder {}", request.file, folder.string()));
  if (request.name.empty()) return;
  if (const std::string allowed = study::name_problem(request.name); !allowed.empty())
    throw core::UserError(fmt::format("--name must be {}, but is \"{}\"", allowed, request.name));
}

std::string data_section(const data::Survey& survey) {
  std::string text = fmt::format("[data]\nkind = {}\nroot = {}\n", study::toml_text(survey.config.kind),
                                 study::toml_text(study::escape_path(survey.config.root)));
  for (const data::FoundSetting& setting : survey.settings) {
    const std::string line = fmt::format("{} = {}", setting.key, study::toml_text(setting.value));
    text += setting.remark.empty() ? line + "\n" : fmt::format("{}  # {}\n", line, setting.remark);
  }
  return text;
}

constexpr std::int64_t kEpochs = 20, kUsualBatch = 8, kFewSteps = 60;

/// At least four steps an epoch, where there are images enough; batch normalisation by exact statistics where
/// all steps together are too few for moving ones.
std::string training_section(const data::Survey& survey) {
  const auto images = static_cast<std::int64_t>(survey.audit.splits.train.size());
  const std::int64_t batch = std::clamp<std::int64_t>(images / 4, 2, kUsualBatch);
  std::string text = fmt::format(
      "[training]\nepochs = {}\nbatch_size = {}\nloss = \"cross_entropy\"\n"
      "optimizer = {{ name = \"adam\", learning_rate = 1e-3 }}\naugment = [\"horizontal_flip\"]\n",
      kEpochs, batch);
  if (kEpochs * ((images + batch - 1) / batch) < kFewSteps)
    text += "batch_norm_statistics = \"precise\"  # few steps leave the moving ones where they began\n";
  return text;
}

std::string file_text(const std::string& name, const data::Survey& survey) {
  return fmt::format(
      "# Written by segbench init. segbench audit reads the data and says what is wrong with them, segbench "
      "plan\n"
      "# what would be trained, segbench run trains it.\n"
      "schema = 1\nname = {}\nquestion = \"Which size of U-Net should I take?\"\n\n{}\n"
      "[model]\narchitecture = \"unet\"\n\n"
      "{}\n"
      "[trials]\ncount = 3\n\n"
      "[matrix]\n\"model.size\" = [\"small\", \"medium\"]\n",
      study::toml_text(name), data_section(survey), training_section(survey));
}

void run_init(const InitRequest& request, Context& context) {
  check_request(request);
  const data::Survey survey =
      data::survey_folder(request.folder, terminal_progress("reading " + request.folder));
  core::write_file_atomically(request.file, file_text(name_of(request), survey));
  study::load_study(request.file);
  fmt::print(stderr, "{}", finding_lines(survey.audit));
  fmt::print(stderr, "{}: data of kind {}, {} images to train on, {} to select, {} to test\n", request.file,
             survey.config.kind, survey.audit.splits.train.size(), survey.audit.splits.selection.size(),
             survey.audit.splits.test.size());
  fmt::print("{}\n", request.file);
  if (survey.audit.refused())
    context.exit_code = core::kAuditRefused;
  else
    fmt::print(stderr, "next: segbench plan {0}, segbench run {0}\n", request.file);
}

}  // namespace

void add_init(CLI::App& app, Context& context) {
  const auto request = std::make_shared<InitRequest>();
  CLI::App* command = app.add_subcommand(
      "init", "Look at a folder of images with masks or annotations and write an experiment file for it");
  command
      ->add_option("FOLDER", request->folder,
                   "a data set: images and masks, COCO's or LabelMe's JSON, or the folder of a known set")
      ->required();
  command->add_option("--file", request->file, "experiment file to write")->capture_default_str();
  command->add_option("--name", request->name, "name of the study; default: that of the folder");
  command->footer(
      "Classes are named after what the masks hold (name them yourself) or as the annotations name\n"
      "them. The data are audited as segbench audit does; the exit code is 3 when they are refused, and\n"
      "the file is written all the same.\n\n"
      "Examples:\n"
      "  segbench init /data/cells\n"
      "  segbench init /data/cells --file cells.toml && segbench plan cells.toml && segbench run cells.toml");
  command->callback([request, &context] { run_init(*request, context); });
}

}  // namespace segbench::cli
