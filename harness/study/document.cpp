// SPDX-License-Identifier: MIT
#include "harness/study/document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/study/merge.h"
#include "harness/study/normal_form.h"

namespace segbench::study {
namespace {

namespace fs = std::filesystem;

struct Chain {
  std::vector<fs::path> files;  ///< from the experiment file to the one that is being read
  ProblemList& problems;
};

[[noreturn]] void fail(const Place& place, const std::string& message) {
  throw core::UserError({core::Problem{place.file, place.line, place.column, message}});
}

std::string read_text(const fs::path& file, const Place& place) {
  std::error_code ignored;
  // A message begins with the place; where that is the file itself, it is not named again.
  const std::string name = place.file == file.string() ? "" : file.string() + " ";
  if (!fs::exists(file, ignored)) fail(place, name + "does not exist");
  if (fs::is_directory(file, ignored)) fail(place, name + "is a folder, not a file");
  try {
    return core::read_file(file);
  } catch (const core::UserError& error) {
    fail(place, error.problems().front().message);
  }
}

void refuse_circle(const fs::path& file, const Place& place, const Chain& chain) {
  const auto same = [&](const fs::path& other) {
    return fs::weakly_canonical(other) == fs::weakly_canonical(file);
  };
  if (std::none_of(chain.files.begin(), chain.files.end(), same)) return;
  std::vector<std::string> names;
  for (const fs::path& link : chain.files) names.push_back(link.string());
  fail(place, fmt::format("extends: the files inherit from each other in a circle: {} -> {}",
                          fmt::join(names, " -> "), file.string()));
}

/// `seeds` and `count` say the same in two ways: the one that is laid over the other takes its place.
void make_room_for_trials(Node& base, const Node& layer) {
  Node* old_trials = base.find("trials");
  const Node* new_trials = layer.find("trials");
  if (old_trials == nullptr || new_trials == nullptr) return;
  if (new_trials->find("seeds") != nullptr) old_trials->erase("count");
  if (new_trials->find("count") != nullptr) old_trials->erase("seeds");
}

/// So do a matrix and a search.
void make_room_for_variants(Node& base, const Node& layer) {
  if (layer.find("search") != nullptr) base.erase("matrix");
  if (layer.find("matrix") != nullptr) base.erase("search");
}

Node load_chain(const fs::path& file, const std::string& text, Chain& chain) {
  chain.files.push_back(file);
  Node layer = read_toml(text, file.string());
  normalise(layer, chain.problems);
  const Node* extends = layer.find("extends");
  if (extends == nullptr) return layer;
  if (extends->string().empty())
    fail(extends->place, found_message("extends", *extends, "the name of a file"));
  const fs::path parent = (file.parent_path() / extends->string()).lexically_normal();
  refuse_circle(parent, extends->place, chain);
  Node base = load_chain(parent, read_text(parent, extends->place), chain);
  layer.erase("extends");
  make_room_for_trials(base, layer);
  make_room_for_variants(base, layer);
  merge(base, layer);
  return base;
}

bool touches_settings(const Override& override) {
  return is_section(core::split(override.path, '.').front());
}

/// Wraps the value into the tables of its path, so that it can be normalised and merged like a file.
Node as_layer(const Override& override) {
  Node layer = override.value;
  std::vector<std::string> steps = core::split(override.path, '.');
  const Place place = layer.place;
  for (std::size_t i = steps.size(); i-- > 0;) {
    layer.key = steps[i];
    layer.key_place = place;
    Node table{.type = NodeType::kTable, .key = {}, .place = place, .key_place = place};
    table.children.push_back(std::move(layer));
    layer = std::move(table);
  }
  return layer;
}

/// A setting that is an axis of the matrix keeps its place there, with the one value that was given.
void fix_axis(Node* axis, const Node& value) {
  if (axis == nullptr) return;
  axis->type = NodeType::kArray;
  axis->place = axis->key_place = value.place;
  axis->children = {value};
}

/// A setting that is drawn has the one value that was given; draws of other settings stay what they are.
void fix_range(Node* range, const Node& value) {
  if (range == nullptr) return;
  Node only{.type = NodeType::kArray, .key = "choice", .place = value.place, .key_place = value.place};
  only.children = {value};
  range->place = range->key_place = value.place;
  range->children = {std::move(only)};
}

void apply(Node& root, Override& override, ProblemList& problems) {
  const std::string first = core::split(override.path, '.').front();
  const Place& place = override.value.place;
  if (first == "extends") return problems.add(place, "extends can be set in an experiment file only");
  if (touches_settings(override)) {
    normalise_setting(override.value, override.path, problems);
    if (Node* matrix = root.find("matrix")) fix_axis(matrix->find(override.path), override.value);
    if (const Node* search = root.find("search"); search != nullptr && search->find("space") != nullptr)
      fix_range(root.find("search")->find("space")->find(override.path), override.value);
    if (set_path(root, override.path, override.value)) return;
    return problems.add(
        place, fmt::format("{} is not a setting: what stands above it is not a table", override.path));
  }
  const Node* present = root.find(first);
  if (present != nullptr && !present->is_table() && override.path != first) {
    return problems.add(place, fmt::format("{}: {} is not a table and has no keys", override.path, first));
  }
  Node layer = as_layer(override);
  normalise(layer, problems);
  make_room_for_trials(root, layer);
  merge(root, layer);
}

}  // namespace

Document load_document(const fs::path& file, const std::vector<std::string>& overrides,
                       ProblemList& problems) {
  Document document;
  document.source = read_text(file, {file.string()});
  Chain chain{{}, problems};
  document.root = load_chain(file, document.source, chain);
  for (const std::string& text : overrides) {
    try {
      Override override = read_override(text);
      apply(document.root, override, problems);
      document.overrides.push_back(std::move(override));
    } catch (const core::UserError& error) {
      problems.add(error);
    }
  }
  return document;
}

void reapply_overrides(Node& settings, std::string_view path, const std::vector<Override>& overrides) {
  for (const Override& override : overrides) {
    if (touches_settings(override) && is_at_or_below(override.path, path)) {
      set_path(settings, override.path, override.value);
    }
  }
}

bool is_overridden(std::string_view path, const std::vector<Override>& overrides) {
  return std::any_of(overrides.begin(), overrides.end(), [&](const Override& override) {
    std::string_view set = override.path;
    if (set.starts_with("matrix.")) set.remove_prefix(7);
    return set == "matrix" || set == "variant" || is_at_or_below(path, set) || is_at_or_below(set, path);
  });
}

}  // namespace segbench::study
