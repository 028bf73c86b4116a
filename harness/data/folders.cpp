// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/data/catalogue.h"
#include "harness/data/colour_text.h"
#include "harness/data/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

/// Images and masks of one pair of folders, by the image's stem.
struct Pairs {
  std::map<std::string, std::string> images, masks;
};

Pairs list_pairs(const core::DataConfig& config, const fs::path& below, CatalogueBuilder& builder) {
  const std::string suffix = config.params.at("mask_suffix");
  const fs::path image_folder = below / config.params.at("images").get<std::string>();
  const fs::path mask_folder = below / config.params.at("masks").get<std::string>();
  const bool together = image_folder.lexically_normal() == mask_folder.lexically_normal();
  Pairs pairs;
  const auto sort_in = [&](const auto& entry, bool images) {
    const auto& [stem, file] = entry;
    if (!stem.ends_with(suffix) && !(together && images)) {
      builder.refuse("missing_partner", file,
                     fmt::format("the mask's name does not end with \"{}\"", suffix));
    } else if (!stem.ends_with(suffix)) {
      pairs.images.emplace(stem, file);
    } else {
      pairs.masks.emplace(stem.substr(0, stem.size() - suffix.size()), file);
    }
  };
  if (together) {
    for (const auto& entry : list_images(config.root, image_folder, builder).files) sort_in(entry, true);
    return pairs;
  }
  pairs.images = list_images(config.root, image_folder, builder).files;
  for (const auto& entry : list_images(config.root, mask_folder, builder).files) sort_in(entry, false);
  return pairs;
}

/// All pairs go to one split; whatever has no partner is a finding.
void add_all(const Pairs& pairs, const std::string& split, const std::string& prefix,
             CatalogueBuilder& builder) {
  for (const auto& [stem, image] : pairs.images) {
    const auto mask = pairs.masks.find(stem);
    if (mask == pairs.masks.end())
      builder.refuse("missing_partner", image, "the image has no mask of its name");
    else
      builder.add(split, {prefix + stem, image, mask->second});
  }
  for (const auto& [stem, mask] : pairs.masks) {
    if (!pairs.images.contains(stem))
      builder.refuse("missing_partner", mask, "the mask has no image of its name");
  }
}

/// The pairs that a list names, by stem, file name or path.
void add_listed(const fs::path& root, const Pairs& pairs, const std::string& split,
                CatalogueBuilder& builder) {
  const std::string list = split + ".txt";
  for (const ListLine& line : read_list(root, list)) {
    const fs::path name = fs::path(line.words.front()).filename();
    const std::string stem = pairs.images.contains(name.string()) ? name.string() : name.stem().string();
    const std::string place = fmt::format("{}:{}", list, line.number);
    const auto image = pairs.images.find(stem), mask = pairs.masks.find(stem);
    if (image == pairs.images.end() || mask == pairs.masks.end()) {
      builder.refuse("missing_partner", place,
                     fmt::format("there is no {} for \"{}\"", image == pairs.images.end() ? "image" : "mask",
                                 printable(line.words.front())));
    } else if (!builder.add(split, {stem, image->second, mask->second})) {
      builder.warn("list", place, fmt::format("{} stands in this list twice; it counts once", stem));
    }
  }
}

void add_classes(const core::DataConfig& config, Catalogue& catalogue) {
  const core::Json& params = config.params;
  for (const std::string name : params.at("classes")) {
    const std::size_t index = catalogue.classes.size();
    catalogue.coding.class_values.push_back(params.at("mask_values").is_null()
                                                ? static_cast<int>(index)
                                                : params.at("mask_values").at(index).get<int>());
    Rgb colour = voc_colour(static_cast<std::uint8_t>(index));
    if (!params.at("class_colours").is_null()) {
      colour = parse_colour(params.at("class_colours").at(index).get<std::string>()).value();
      catalogue.coding.class_colours.push_back(colour);
    }
    catalogue.classes.push_back({name, colour});
  }
  catalogue.coding.void_values = params.at("void_values").get<std::vector<int>>();
  for (const std::string text : params.at("void_colours")) {
    catalogue.coding.void_colours.push_back(parse_colour(text).value());
  }
}

}  // namespace

Catalogue read_folders(const core::DataConfig& config) {
  const fs::path root = config.root;
  const std::string images = config.params.at("images"), masks = config.params.at("masks");
  CatalogueBuilder builder;
  std::set<std::string> in_folders, in_lists;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (is_usual_split(name) && fs::is_directory(entry.path() / images)) in_folders.insert(name);
    if (entry.path().extension() == ".txt") in_lists.insert(printable(entry.path().stem().string()));
  }
  if (!in_folders.empty()) {
    for (const std::string& split : builder.choose_splits(config, in_folders, "one folder for each split")) {
      add_all(list_pairs(config, split, builder), split, split + "/", builder);
    }
  } else if (fs::is_directory(root / images)) {
    in_lists.insert("all");
    const Pairs pairs = list_pairs(config, "", builder);
    for (const std::string& split :
         builder.choose_splits(config, in_lists, "list files and the whole folder")) {
      if (split == "all")
        add_all(pairs, split, "", builder);
      else
        add_listed(root, pairs, split, builder);
    }
  } else {
    throw core::UserError(
        fmt::format("{}: found no folder {}; allowed: {}/ and {}/, or train/{}/ and train/{}/", config.root,
                    images, images, masks, images, masks),
        core::kAuditRefused);
  }
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  add_classes(config, catalogue);
  return catalogue;
}

}  // namespace segbench::data
