// SPDX-License-Identifier: MIT
#include "harness/train/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "harness/train/engine_command.h"
#include "harness/train/levers.h"

namespace segbench::train {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done; 1 the trial failed (why: attempts.jsonl); 2 unusable arguments or files; 70 "
    "internal error;\n"
    "75 another process has the trial; 128 + n stopped by signal n.\n\n"
    "Example: segbench-worker train runs/my-study/trials/0123456789abcdef/trial.json --device cpu --threads "
    "2";

/// An option's number, strictly: no blanks, no "nan", nothing behind it.
template <typename Number>
std::string check_not_negative(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= 0) return "";
  return fmt::format("\"{}\" is not {} of at least 0", text,
                     std::is_integral_v<Number> ? "an integer" : "a number");
}

/// The last one counts where an option is given twice.
template <typename Value>
CLI::Option* add(CLI::App* app, const std::string& name, Value& value, const std::string& help) {
  CLI::Option* option = app->add_option(name, value, help)->take_last();
  if constexpr (std::is_same_v<Value, int>) option->check(check_not_negative<int>, "")->type_name("N");
  if constexpr (std::is_same_v<Value, double> || std::is_same_v<Value, std::optional<double>>)
    option->check(check_not_negative<double>, "")->type_name("X");
  if constexpr (std::is_same_v<Value, std::filesystem::path>) option->type_name("FILE");
  return option;
}

void add_means(CLI::App* app, Means& means) {
  add(app, "--device", means.device,
      "auto (the first GPU when there is one), cpu, cuda or cuda:N; default auto")
      ->type_name("D");
  add(app, "--threads", means.threads,
      "threads of each operation; default 0: as many as there are usable CPUs");
}

void add_without(CLI::App* command, std::vector<std::string>& levers) {
  command
      ->add_option("--without", levers,
                   fmt::format("leaves out what makes a GPU faster; may be repeated: {}",
                               fmt::join(lever_names(), ", ")))
      ->allow_extra_args(false)
      ->type_name("LEVER");
}

void add_train(CLI::App& app, TrainWords& train) {
  CLI::App* command = app.add_subcommand(
      "train", "Trains one trial of a study; `segbench run` starts it, and again to go on");
  add(command, "TRIAL_JSON", train.trial_file, "trial.json of the trial")->required();
  add_means(command, train.means);
  add(command, "--checkpoint-seconds", train.checkpoint_seconds,
      "least time between two checkpoints; default 60; 0: one after every epoch");
  add(command, "--checkpoint-steps", train.checkpoint_steps,
      "one after every N steps and every epoch instead; default 0: off");
  add(command, "--progress-fd", train.progress_descriptor,
      "writes lines of progress to this descriptor, and stops when the parent process ends");
  add(command, "--keep-predictions", train.keep_predictions,
      fmt::format("test images whose predictions are kept for the report; default {}",
                  train.keep_predictions));
  command->add_flag("--film-strip", train.film_strip,
                    "keeps what is predicted for the first selection image after every evaluation");
  add(command, "--keep-weights", train.keep_weights,
      "weights of epochs that are kept: none, every_epoch, or a number of best ones; default none")
      ->type_name("WHICH");
  add(command, "--keep-weights-in", train.keep_weights_in,
      "keeps them in FOLDER/STUDY/TRIAL; default: in \"epochs\" in the trial's folder")
      ->type_name("FOLDER");
  add_without(command, train.without);
  add(command, "--pause-after", train.pause_after,
      "stops behind epoch N with a checkpoint, from which the trial goes on when it is started again; "
      "default 0: never")
      ->type_name("N");
  command->footer("A trial that is taken up again keeps the number of threads that it began with.");
}

void add_replica(CLI::App& app, ReplicaWords& replica) {
  CLI::App* command = app.add_subcommand(
      "replica", "A further process of a trial with training.processes; `train` starts it");
  add(command, "TRIAL_JSON", replica.trial_file, "trial.json of the trial")->required();
  add(command, "--memory", replica.memory, "descriptor of the memory in which the processes meet")
      ->required();
  add(command, "--rank", replica.rank, "of this process, from 1")->required();
  add(command, "--memory-format", replica.memory_format, "of the trial");
  add_without(command, replica.without);
  add_means(command, replica.means);
}

void add_networks(CLI::App* command, PredictorWords& by) {
  add(command, "--weights", by.weights, "weights.safetensors of a trial")->required();
  command
      ->add_option("--member", by.members,
                   "weights of a further member of an ensemble, whose mean is predicted; may be repeated")
      ->allow_extra_args(false)
      ->type_name("FILE");
  add(command, "--trial", by.trial_file, "trial.json that the weights must belong to");
  add(command, "--threshold", by.threshold,
      "class 1 where its probability is above X, for two classes; default: the most probable class");
  add(command, "--engine", by.engine,
      "eager, plan, torchscript or auto (the fastest of them); default: as the trial's evaluation was "
      "executed")
      ->check(CLI::IsMember({"eager", "plan", "torchscript", "auto"}))
      ->type_name("NAME");
  add_means(command, by.means);
}

void add_predict(CLI::App& app, PredictWords& predict) {
  CLI::App* command = app.add_subcommand("predict", "Predicts with the weights of a trial");
  add(command, "--images", predict.images, "raw bytes [N, H, W, C], RGB, at the resolution of the trial")
      ->required();
  add(command, "--out", predict.out, "raw bytes [N, H, W]: the predicted class of each pixel")->required();
  add(command, "--probabilities", predict.probabilities,
      "raw float32 [N, classes, H, W]: the probability of each class");
  add_networks(command, predict.by);
}

void add_predictor(CLI::App& app, PredictorWords& predictor) {
  add_networks(
      app.add_subcommand("predictor", "Predicts batch after batch, as `segbench predict` asks it to"),
      predictor);
}

void add_probe(CLI::App& app, ProbeWords& probe) {
  CLI::App* command = app.add_subcommand("probe", "Tries a network that is read from a file");
  add(command, "JSON", probe.request, "variant, height, width, classes, train (samples)")->required();
}

void add_environment(CLI::App& app, EnvironmentWords& environment) {
  add_means(app.add_subcommand("environment", "Prints with what this machine would compute, as JSON"),
            environment.means);
}

void add_engine(CLI::App& app, EngineWords& engine) {
  add(app.add_subcommand("engine",
                         "Executes networks as `segbench profile` asks it to (docs/engine-protocol.md)"),
      "NAME", engine.name, fmt::format("{}", fmt::join(engine_names(), ", ")))
      ->required();
}

void add_ceilings(CLI::App& app, CeilingsWords& ceilings) {
  add_means(app.add_subcommand("ceilings", "Measures the fastest matrix product and copy here, as JSON"),
            ceilings.means);
}

/// "2/4": the second of four.
std::string check_share(const std::string& text) {
  const std::vector<std::string> numbers = core::split(text, '/');
  const auto number = [&](std::size_t i) { return std::atoi(numbers[i].c_str()); };
  const bool fits = numbers.size() == 2 && check_not_negative<int>(numbers[0]).empty() &&
                    check_not_negative<int>(numbers[1]).empty() && number(0) >= 1 && number(0) <= number(1);
  return fits ? "" : fmt::format("\"{}\" is no share such as 2/4", text);
}

void add_conformance(CLI::App& app, ConformanceWords& conformance) {
  CLI::App* command = app.add_subcommand(
      "conformance",
      "Lets every network, loss and optimizer compute on a device, and compares with the CPU; prints JSON");
  add_means(command, conformance.means);
  command
      ->add_option("--only", conformance.only,
                   "networks, losses, optimizers or the name of one; may be repeated; default: all")
      ->allow_extra_args(false)
      ->type_name("WORD");
  command
      ->add_option_function<std::string>(
          "--share",
          [&conformance](const std::string& text) {
            const std::vector<std::string> numbers = core::split(text, '/');
            conformance.share = std::stoi(numbers.at(0)), conformance.shares = std::stoi(numbers.at(1));
          },
          "I/N: every Nth case, from the Ith on, so that several processes share the work")
      ->check(check_share, "")
      ->type_name("I/N");
  command->footer("Exit code 1 when something is off by more than it may be; what, stands in \"failures\".");
}

void add_bare(CLI::App& app, BareWords& bare) {
  CLI::App* command = app.add_subcommand(
      "bare", "Times the arithmetic of a trial alone, on batches that lie in memory; prints JSON");
  add(command, "TRIAL_JSON", bare.trial_file, "trial.json of the trial; its folder is left as it is")
      ->required();
  add(command, "--epochs", bare.epochs, "how many; default 3");
  add_means(command, bare.means);
}

void refuse_unknown(const CLI::App& app, const std::vector<std::string>& words) {
  const std::string word = words.empty() ? "" : words.front();
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
  if (word.starts_with("-") || std::find(commands.begin(), commands.end(), word) != commands.end()) return;
  throw core::UserError(fmt::format("unknown command \"{}\"{}; commands: {}, --help, --version", word,
                                    core::did_you_mean(word, commands), fmt::join(commands, ", ")));
}

}  // namespace

Command read_command_line(std::vector<std::string> words, const std::string& version) {
  CLI::App app("Trains one trial of a study, predicts with its weights, or says where it would run.",
               "segbench-worker");
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  app.footer(kFooter);
  TrainWords train;
  ReplicaWords replica;
  PredictWords predict;
  PredictorWords predictor;
  ProbeWords probe;
  EnvironmentWords environment;
  EngineWords engine;
  CeilingsWords ceilings;
  ConformanceWords conformance;
  BareWords bare;
  add_train(app, train);
  add_replica(app, replica);
  add_predict(app, predict);
  add_predictor(app, predictor);
  add_probe(app, probe);
  add_environment(app, environment);
  add_engine(app, engine);
  add_ceilings(app, ceilings);
  add_conformance(app, conformance);
  add_bare(app, bare);
  refuse_unknown(app, words);
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, ignored;
    if (error.get_exit_code() != 0) throw core::UserError(fmt::format("{}\nMore with --help.", error.what()));
    app.exit(error, out, ignored);
    return Notice{out.str()};
  }
  if (app.got_subcommand("train")) return train;
  if (app.got_subcommand("replica")) return replica;
  if (app.got_subcommand("predict")) return predict;
  if (app.got_subcommand("predictor")) return predictor;
  if (app.got_subcommand("probe")) return probe;
  if (app.got_subcommand("engine")) return engine;
  if (app.got_subcommand("ceilings")) return ceilings;
  if (app.got_subcommand("conformance")) return conformance;
  if (app.got_subcommand("bare")) return bare;
  return environment;
}

}  // namespace segbench::train
