// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "architectures/network.h"
#include "harness/cli/command.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/part.h"
#include "harness/core/text.h"

namespace segbench::cli {
namespace {

using architectures::NetworkOptions;
using architectures::NetworkSummary;
using core::Json;

struct ModelsOptions {
  std::string name, size;
  std::string input = "128x128";
  int classes = 21, channels = 3;
  double width = 1.0;
};

NetworkOptions network_options(const ModelsOptions& options, const std::string& name,
                               const std::string& size) {
  const std::vector<std::string> sides = core::split(options.input, 'x');
  NetworkOptions network;
  network.architecture = name;
  network.size = size;
  network.width = options.width;
  network.in_channels = options.channels;
  network.num_outputs = options.classes;
  network.image_height = std::stoi(sides.at(0));
  network.image_width = std::stoi(sides.at(1));
  return network;
}

std::string check_input(const std::string& text) {
  const std::vector<std::string> sides = core::split(text, 'x');
  bool good = sides.size() == 2;
  for (const std::string& side : sides) {
    good = good && !side.empty() && side.size() <= 5 &&
           side.find_first_not_of("0123456789") == std::string::npos && std::stoi(side) > 0;
  }
  return good ? "" : fmt::format("found \"{}\"; allowed: HEIGHTxWIDTH in pixels, such as 128x96", text);
}

bool for_people(const Context& context) {
  return context.format == "table" || context.format == "md";
}

Json count_cell(std::int64_t count, const Context& context) {
  return for_people(context) ? Json(core::human_count(static_cast<double>(count))) : Json(count);
}

/// Sizes to list: the one asked for, or all that the architecture has.
std::vector<std::string> chosen_sizes(const std::string& name, const std::string& size) {
  const std::vector<std::string> sizes = architectures::sizes_of(name);
  return size.empty() ? sizes : std::vector<std::string>{select_name(size, sizes, "size of " + name)};
}

void list_models(const ModelsOptions& options, const Context& context) {
  Table table;
  table.columns = {
      {"architecture"},           {"size"},          {"parameters", 0, true}, {"trainable", 0, true},
      {"not_trainable", 0, true}, {"macs", 0, true}, {"stride", 0, true},     {"source"}};
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    for (const std::string& size : architectures::sizes_of(spec->name)) {
      if (!options.size.empty() && options.size != size) continue;
      const NetworkSummary summary = summarise(network_options(options, spec->name, size));
      table.rows.push_back({spec->name, size, summary.parameters(), summary.trainable, summary.non_trainable,
                            count_cell(summary.macs, context), summary.stride, spec->source});
    }
  }
  if (table.rows.empty())
    throw core::UserError(fmt::format("no architecture has the size \"{}\"", options.size));
  fmt::print("{}", render(table, context.format));
}

Table parameter_table(const core::PartSpec& spec) {
  Table table;
  table.columns = {{"parameter"}, {"default"}, {"allowed"}, {"meaning"}};
  for (const core::ParamSpec& param : spec.params) {
    table.rows.push_back({param.name, param.default_value ? param.default_value->dump() : "required",
                          describe_allowed(param), param.help});
  }
  return table;
}

Table layer_table(const NetworkSummary& summary) {
  Table table;
  table.columns = {{"layer"},        {"kind"}, {"output"}, {"trainable", 0, true}, {"not_trainable", 0, true},
                   {"macs", 0, true}};
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
  const std::vector<std::string> sizes = chosen_sizes(spec.name, options.size);
  const std::string& size = sizes.back();
  const NetworkSummary summary = summarise(network_options(options, spec.name, size));
  if (!for_people(context)) {  // one table, the layers
    fmt::print("{}", render(layer_table(summary), context.format));
    return;
  }
  fmt::print("{}: {}\nsource: {}\n\n", spec.name, spec.summary, spec.source);
  if (!spec.params.empty()) fmt::print("{}\n", render(parameter_table(spec), context.format));
  fmt::print("{} {}, width {}, input {}x{}, {} outputs; inputs are padded to multiples of {}\n\n", spec.name,
             size, options.width, options.input, options.channels, options.classes, summary.stride);
  fmt::print("{}\n", render(layer_table(summary), context.format));
  fmt::print("parameters: {} ({} trainable, {} not); MACs: {} for one image\n", summary.parameters(),
             summary.trainable, summary.non_trainable, core::human_count(static_cast<double>(summary.macs)));
}

}  // namespace

void add_models(CLI::App& app, Context& context) {
  const auto options = std::make_shared<ModelsOptions>();
  CLI::App* command = app.add_subcommand("models", "List the architectures, or the layers of one");
  command->add_option("NAME", options->name, "Architecture; without it, all are listed");
  command->add_option("--size", options->size,
                      "small, medium, full or published; default: all, or the largest");
  command->add_option("--input", options->input, "Image size, HEIGHTxWIDTH")
      ->check(check_input)
      ->capture_default_str();
  command->add_option("--classes", options->classes, "Channels of the output")
      ->check(CLI::Range(1, 255))
      ->capture_default_str();
  command->add_option("--channels", options->channels, "Channels of the image")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--width", options->width, "Multiplies every channel number but input and output")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->footer(
      "MACs are multiply-accumulates for one image, biases left out.\n\n"
      "Examples:\n"
      "  segbench models\n"
      "  segbench models unet --size small --input 96x128 --classes 11\n"
      "  segbench models fcn --format csv > fcn_layers.csv");
  command->callback([options, &context] {
    if (options->name.empty())
      list_models(*options, context);
    else
      show_model(*options, context);
  });
}

}  // namespace segbench::cli
