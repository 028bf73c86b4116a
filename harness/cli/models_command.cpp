// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/network.h"
#include "architectures/networks/published_counts.h"
#include "harness/cli/command.h"
#include "harness/cli/models_options.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "harness/run/select_name.h"

namespace segbench::cli {
namespace {

using architectures::NetworkSummary;
using architectures::PublishedCount;
using core::Json;

bool for_people(const Context& context) {
  return context.format == "table" || context.format == "md";
}

Json count_cell(std::int64_t count, const Context& context) {
  return for_people(context) ? Json(core::human_count(static_cast<double>(count))) : Json(count);
}

bool has_param(const core::PartSpec& spec, const std::string& name) {
  return std::any_of(spec.params.begin(), spec.params.end(),
                     [&](const core::ParamSpec& param) { return param.name == name; });
}

/// The encoder that a network stands on: the one asked for, or its default.
std::string encoder_of(const core::PartSpec& spec, const architectures::NetworkOptions& options) {
  for (const core::ParamSpec& param : spec.params) {
    if (param.name != "encoder") continue;
    const Json chosen = options.params.value("encoder", *param.default_value);
    return chosen.is_string() ? chosen.get<std::string>() : "its own";
  }
  return "its own";
}

/// Sizes to list: the one asked for, or all that the architecture has.
std::vector<std::string> chosen_sizes(const std::string& name, const std::string& size) {
  const std::vector<std::string> sizes = architectures::sizes_of(name);
  return size.empty() ? sizes : std::vector<std::string>{run::select_name(size, sizes, "size of " + name)};
}

/// With --encoder, the architectures that stand on any encoder; else all of them.
void list_models(const ModelsOptions& options, const Context& context) {
  Table table;
  table.columns = {{"architecture"},
                   {"size"},
                   {"encoder"},
                   number_column("parameters", 0),
                   number_column("trainable", 0),
                   number_column("not_trainable", 0),
                   number_column("macs", 0),
                   number_column("stride", 0),
                   {"source"}};
  const bool with_params = !options.encoder.empty() || options.output_stride > 0 || !options.settings.empty();
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    if (!options.encoder.empty() && !has_param(*spec, "encoder")) continue;
    for (const std::string& size : architectures::sizes_of(spec->name)) {
      if (!options.size.empty() && options.size != size) continue;
      const auto network = network_options(options, spec->name, size, with_params);
      const NetworkSummary summary = summarise(network);
      table.rows.push_back({spec->name, size, encoder_of(*spec, network), summary.parameters(),
                            summary.trainable, summary.non_trainable, count_cell(summary.macs, context),
                            summary.stride, spec->source});
    }
  }
  if (table.rows.empty())
    throw core::UserError(fmt::format("no architecture has the size \"{}\"", options.size));
  fmt::print("{}", render(table, context.format));
}

void list_encoders(const ModelsOptions& options, const Context& context) {
  const auto network = network_options(options, "", "", false);
  Table table;
  table.columns = {{"encoder"},
                   number_column("parameters", 0),
                   number_column("not_trainable", 0),
                   number_column("macs", 0),
                   {"output_strides"},
                   {"channels"},
                   number_column("drop_path", 2),
                   {"source"}};
  for (const std::string& name : architectures::encoder_names()) {
    const architectures::Encoder& encoder = architectures::encoder(name);
    const architectures::EncoderGraph built = architectures::encoder_graph(
        name,
        {network.in_channels, (network.image_height + 31) / 32 * 32, (network.image_width + 31) / 32 * 32},
        network.width);
    const NetworkSummary summary = summarise(built.graph);
    std::string channels;
    for (const architectures::Value map : built.features.maps) {
      const std::string of_map = map.node < 0 ? "-" : std::to_string(built.graph.at(map).shape.channels);
      channels += (channels.empty() ? "" : " ") + of_map;
    }
    table.rows.push_back({name, summary.trainable, summary.non_trainable, count_cell(summary.macs, context),
                          encoder.dilatable ? "8 16 32" : "32", channels, encoder.drop_path, encoder.source});
  }
  fmt::print("{}", render(table, context.format));
}

Table parameter_table(const core::PartSpec& spec) {
  Table table;
  table.columns = {{"parameter"}, {"default"}, {"allowed"}, {"meaning"}};
  for (const core::ParamSpec& param : core::listed_params(spec)) {
    table.rows.push_back({param.name, param.default_value ? param.default_value->dump() : "required",
                          describe_allowed(param), param.help});
  }
  return table;
}

Table layer_table(const NetworkSummary& summary) {
  Table table;
  table.columns = {{"layer"},
                   {"kind"},
                   {"output"},
                   number_column("trainable", 0),
                   number_column("not_trainable", 0),
                   number_column("macs", 0)};
  for (const architectures::LayerRow& layer : summary.layers) {
    const auto& shape = layer.output_shape;
    table.rows.push_back({layer.name, layer.kind, fmt::format("{}x{}x{}", shape[0], shape[1], shape[2]),
                          layer.trainable, layer.non_trainable, layer.macs});
  }
  return table;
}

void show_model(const ModelsOptions& options, const Context& context) {
  auto& registry = core::PartRegistry::instance();
  const core::PartSpec& spec = registry.get(core::PartKind::kArchitecture, options.name);
  if (architectures::is_read_from_file(spec.name)) {
    fmt::print("{}: {}\nsource: {}\n", spec.name, spec.summary, spec.source);
    return;
  }
  const std::vector<std::string> sizes = chosen_sizes(spec.name, options.size);
  const std::string& size = sizes.back();
  const auto network = network_options(options, spec.name, size, true);
  const NetworkSummary summary = summarise(network);
  if (!for_people(context)) {  // one table, the layers
    fmt::print("{}", render(layer_table(summary), context.format));
    return;
  }
  fmt::print("{}: {}\nsource: {}\n\n", spec.name, spec.summary, spec.source);
  if (!spec.params.empty()) fmt::print("{}\n", render(parameter_table(spec), context.format));
  fmt::print("{} {}, encoder {}, width {}, input {}x{}, {} outputs; images are at least {} pixels a side\n\n",
             spec.name, size, encoder_of(spec, network), options.width, options.input, options.channels,
             options.classes, summary.stride);
  fmt::print("{}\n", render(layer_table(summary), context.format));
  fmt::print("parameters: {} ({} trainable, {} not); MACs: {} for one image\n", summary.parameters(),
             summary.trainable, summary.non_trainable, core::human_count(static_cast<double>(summary.macs)));
}

/// The parity card: what others count and what we count, side by side.
void check_models(Context& context) {
  Table table;
  table.columns = {{"network"}, {"count"}, number_column("expected", 0), number_column("found", 0),
                   {"agrees"},  {"source"}};
  int differences = 0;
  for (const PublishedCount& count : architectures::published_counts()) {
    const NetworkSummary found = summarise(count);
    const auto compare = [&](const char* what, std::int64_t expected, std::int64_t ours) {
      const bool agrees = expected == ours;
      differences += agrees ? 0 : 1;
      table.rows.push_back({name_of(count), what, expected, ours, agrees ? "yes" : "NO", count.source});
    };
    if (count.total) compare("parameters", *count.total, found.parameters());
    if (count.trainable) compare("trainable", *count.trainable, found.trainable);
  }
  fmt::print("{}", render(table, context.format));
  if (differences == 0) return;
  fmt::print(stderr, "{} of {} counts differ\n", differences, table.rows.size());
  context.exit_code = core::kTrialFailed;
}

}  // namespace

void add_models(CLI::App& app, Context& context) {
  const auto options = std::make_shared<ModelsOptions>();
  CLI::App* command =
      app.add_subcommand("models", "List the architectures and encoders, or the layers of one");
  command->add_option("NAME", options->name, "Architecture; without it, all are listed");
  command->add_option("--size", options->size,
                      "small, medium, full or published; default: all, or the largest");
  command->add_option("--encoder", options->encoder, "Encoder to stand on; a list then has those that can");
  command->add_option("--output-stride", options->output_stride, "Of the encoder: 8, 16 or 32");
  command
      ->add_option("--set", options->settings, "KEY=VALUE: a parameter of the architecture; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--input", options->input, "Image size, HEIGHTxWIDTH")
      ->check(check_image_size)
      ->capture_default_str();
  command->add_option("--classes", options->classes, "Channels of the output")
      ->check(CLI::Range(1, 255))
      ->capture_default_str();
  command->add_option("--channels", options->channels, "Channels of the image")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--width", options->width, "Multiplies every channel number but input and output")
      ->check(check_positive)
      ->capture_default_str();
  command->add_flag("--encoders", options->encoders, "List the encoders");
  command->add_flag(
      "--check", options->check,
      "Compare our parameter counts with those of papers, Keras and torchvision; exit code 1 where one "
      "differs");
  command->footer(
      "MACs are multiply-accumulates for one image, biases left out.\n\n"
      "Examples:\n"
      "  segbench models\n"
      "  segbench models unet --size small --input 96x128 --classes 11\n"
      "  segbench models deeplabv3 --encoder mobilenet_v3_large --output-stride 16\n"
      "  segbench models --encoders --input 224x224\n"
      "  segbench models --check --format md\n"
      "  segbench models fcn --format csv > fcn_layers.csv");
  command->callback([options, &context] {
    if (options->check)
      check_models(context);
    else if (options->encoders)
      list_encoders(*options, context);
    else if (options->name.empty())
      list_models(*options, context);
    else
      show_model(*options, context);
  });
}

}  // namespace segbench::cli
