// SPDX-License-Identifier: MIT
#include "harness/core/variant_field_tables.h"

namespace segbench::core {
namespace {

template <typename Value>
VariantField model(Value ModelConfig::*member, ParamSpec spec) {
  return field("model", &VariantConfig::model, member, std::move(spec));
}

}  // namespace

std::vector<VariantField> model_fields() {
  ParamSpec width =
      specs::number("width", 1.0, 0, 100, "multiplier of the number of channels of every layer");
  width.exclusive_minimum = true;
  ParamSpec freeze =
      specs::list("freeze", kString | kStringList,
                  "what is not trained: the encoder, all of it but batch normalisation, or what the "
                  "patterns of tensor names match");
  freeze.default_value = Json();
  freeze.null_word = "none";
  freeze.choices = {"encoder", "encoder_but_batch_norm"};
  freeze.free_items = true;
  return {
      speaking(model(&ModelConfig::architecture,
                     specs::text("architecture", std::nullopt, "the network, see [Parts](#parts)"))),
      speaking(model(
          &ModelConfig::size,
          specs::text("size", "full",
                      "how large a network of this architecture; `published` where the original has its own "
                      "size; `segbench models` lists them",
                      {"small", "medium", "full", "published"}))),
      model(&ModelConfig::width, std::move(width)),
      sparse(model(
          &ModelConfig::weights,
          specs::file(
              "weights",
              "pretrained weights (`.pth` or `.safetensors`) from which training starts; `\"\"`: random "
              "initialisation, so that a matrix can contain both. [weights.md](weights.md)"))),
      sparse(model(
          &ModelConfig::file,
          specs::file("file",
                      "the network, of an architecture that is read from a file "
                      "([torchscript.md](torchscript.md)); required there, and not allowed elsewhere"))),
      sparse(
          model(&ModelConfig::weights_exclude,
                specs::list(
                    "weights_exclude", kStringList,
                    "patterns (`*` any characters, `?` one) of tensors that are not loaded, by their name in "
                    "the file or in the network"))),
      sparse(model(&ModelConfig::freeze, std::move(freeze)))};
}

}  // namespace segbench::core
