// SPDX-License-Identifier: MIT
#include "harness/data/kinds/folder_pairs.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/data/kinds/list_file.h"
#include "harness/data/kinds/listing.h"
#include "harness/data/kinds/name_match.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBelow = "/**";

bool has_suffix(const std::string& stem, const std::string& suffix) {
  return stem.ends_with(suffix) && stem.size() > suffix.size();
}

std::string without(const std::string& stem, const std::string& suffix) {
  return stem.substr(0, stem.size() - suffix.size());
}

/// The settings that would pair names, as lines to paste: "mask_suffix = \"_mask\"".
std::string as_settings(const Suffixes& suffixes) {
  std::string text;
  if (!suffixes.image.empty()) text = fmt::format("image_suffix = \"{}\"", suffixes.image);
  if (!suffixes.mask.empty())
    text += fmt::format("{}mask_suffix = \"{}\"", text.empty() ? "" : " and ", suffixes.mask);
  return text;
}

/// One finding in front of those about single files: why so many have no partner.
void explain_missing(const Pairs& pairs, CatalogueBuilder& builder) {
  const std::string counts = pairs.together
                                 ? fmt::format("{} files in one folder do not pair", pairs.image_stems.size())
                                 : fmt::format("{} images and {} masks do not pair", pairs.image_stems.size(),
                                               pairs.mask_stems.size());
  if (const auto suffixes = find_suffixes(pairs.image_stems, pairs.mask_stems, pairs.together)) {
    builder.refuse("pairing", "", counts + " by name; they all do with the setting below",
                   "set " + as_settings(*suffixes));
    return;
  }
  const NameIndex masks(pairs.masks);
  std::size_t near = 0;
  std::string example, difference;
  for (const auto& [stem, file] : pairs.images) {
    if (pairs.masks.contains(stem)) continue;
    const std::string other = masks.nearly_same(stem);
    if (other.empty()) continue;
    if (near++ > 0) continue;
    difference = only_difference(stem, other);
    example = fmt::format("{} and {}", file, pairs.masks.at(other));
  }
  if (near == 0) return;
  builder.refuse(
      "pairing", "",
      fmt::format("{}: the names of {} differ only {}, such as {}", counts, near, difference, example),
      "rename the images or the masks");
}

/// The key of `names` that an entry of a list means; "" when there is none.
template <typename Value>
std::string find_key(const std::map<std::string, Value>& names, const std::string& entry) {
  for (const std::string& name : names_of_entry(entry)) {
    if (names.contains(name)) return name;
  }
  return "";
}

/// The sample that a line names: the whole line if there is an image of this name, else its first column.
struct Listed {
  std::string image, mask;           ///< keys; "" where nothing was found
  std::vector<std::string> several;  ///< files of different folders, where the line may mean any of them
};

/// The keys of the files by their names without folder, and with the last one: several where folders have
/// files of the same name. A name in a list may bear the suffixes that the settings take off.
using KeysByFile = std::map<std::string, std::set<std::string>>;

KeysByFile by_file_name(const std::map<std::string, std::string>& files) {
  KeysByFile keys;
  for (const auto& [key, file] : files) {
    const fs::path path(file);
    keys[(path.parent_path().filename() / path.stem()).string()].insert(key);
    keys[path.stem().string()].insert(key);
  }
  return keys;
}

Listed find_listed(const Pairs& pairs, const KeysByFile& images_by_file, const KeysByFile& masks_by_file,
                   const ListLine& line) {
  const auto keys_in = [](const auto& names, const KeysByFile& by_file, const std::string& entry) {
    const std::string key = find_key(names, entry);
    if (!key.empty()) return std::set<std::string>{key};
    const std::string name = find_key(by_file, entry);
    return name.empty() ? std::set<std::string>() : by_file.at(name);
  };
  Listed unclear;
  for (const ListEntry& entry : entries_of(line)) {
    const std::set<std::string> images = keys_in(pairs.images, images_by_file, entry.name);
    if (images.size() > 1 && unclear.several.empty()) {
      for (const std::string& key : images) unclear.several.push_back(pairs.images.at(key));
    }
    if (images.size() != 1) continue;
    const std::string& image = *images.begin();
    // A second column that is no mask, such as a class number, leaves the mask to the name.
    const std::set<std::string> named =
        entry.partner.empty() ? std::set<std::string>() : keys_in(pairs.masks, masks_by_file, entry.partner);
    return {image, named.size() == 1 ? *named.begin() : pairs.masks.contains(image) ? image : "", {}};
  }
  return unclear;
}

std::string why_not_there(const Pairs& pairs, const NameIndex& names, const ListLine& line) {
  for (const ListEntry& entry : entries_of(line)) {
    for (const std::string& name : names_of_entry(entry.name)) {
      const std::string other = names.nearly_same(name);
      if (!other.empty())
        return fmt::format("; {} differs only {}", pairs.images.at(other), only_difference(name, other));
    }
  }
  return "";
}

Sample sample_of(const Pairs& pairs, const std::string& id, const std::string& image,
                 const std::string& mask) {
  Sample sample{id, pairs.images.at(image), pairs.masks.at(mask)};
  if (const auto objects = pairs.objects.find(mask); objects != pairs.objects.end())
    sample.object_masks = objects->second;
  return sample;
}

/// The image that the mask of one object belongs to; "" where there is none.
std::string image_of_object(const Pairs& pairs, ObjectMasks where, const std::string& stem) {
  if (where == ObjectMasks::kFolder) return fs::path(stem).parent_path().string();
  for (std::size_t end = stem.rfind('_'); end != std::string::npos && end > 0;
       end = stem.rfind('_', end - 1)) {
    if (pairs.images.contains(stem.substr(0, end))) return stem.substr(0, end);
  }
  return "";
}

void list_objects(const fs::path& root, const PairRule& rule, Pairs& pairs, CatalogueBuilder& builder) {
  const bool below = rule.object_masks == ObjectMasks::kFolder || rule.masks_below;
  for (const auto& [stem, file] : list_images(root, rule.masks, builder, below, rule.images).files) {
    const std::string image = image_of_object(pairs, rule.object_masks, stem);
    if (image.empty()) {
      builder.refuse("missing_partner", file, "there is no image to which this mask of an object belongs");
      continue;
    }
    pairs.mask_stems.insert(image);
    pairs.masks.emplace(image, file);
    pairs.objects[image].push_back(file);
  }
}

}  // namespace

FolderName::FolderName(std::string setting) : below(setting == "**" || setting.ends_with(kBelow)) {
  if (below) setting = setting == "**" ? "." : without(setting, kBelow);
  path = setting;
}

Pairs list_pairs(const fs::path& root, const PairRule& rule, CatalogueBuilder& builder) {
  Pairs pairs;
  pairs.together = rule.images.lexically_normal() == rule.masks.lexically_normal();
  std::vector<std::string> unsuffixed;
  const auto add_image = [&](const std::string& stem, const std::string& file) {
    pairs.image_stems.insert(stem);
    if (has_suffix(stem, rule.image_suffix))
      pairs.images.emplace(without(stem, rule.image_suffix), file);
    else
      unsuffixed.push_back(file);
  };
  const auto add_mask = [&](const std::string& stem, const std::string& file) {
    pairs.mask_stems.insert(stem);
    if (has_suffix(stem, rule.mask_suffix)) {
      pairs.masks.emplace(without(stem, rule.mask_suffix), file);
    } else {
      builder.refuse("missing_partner", file,
                     fmt::format("the mask's name does not end with mask_suffix = \"{}\"", rule.mask_suffix));
    }
  };
  for (const auto& [stem, file] :
       list_images(root, rule.images, builder, rule.images_below, pairs.together ? fs::path() : rule.masks)
           .files) {
    if (!pairs.together) {
      add_image(stem, file);
    } else if (has_suffix(stem, rule.mask_suffix)) {
      add_mask(stem, file);
      pairs.image_stems.insert(stem);
    } else {
      add_image(stem, file);
      pairs.mask_stems.insert(stem);
    }
  }
  if (rule.object_masks != ObjectMasks::kNone) {
    list_objects(root, rule, pairs, builder);
  } else if (!pairs.together) {
    for (const auto& [stem, file] :
         list_images(root, rule.masks, builder, rule.masks_below, rule.images).files)
      add_mask(stem, file);
  }
  if (!unsuffixed.empty()) {
    builder.warn("unused_suffix", printable(rule.images.string()),
                 {{"suffix", rule.image_suffix}, {"names", some_of(unsuffixed)}});
  }
  return pairs;
}

void add_all(const Pairs& pairs, const std::string& split, const std::string& prefix, Unpaired unpaired,
             CatalogueBuilder& builder) {
  const auto lacks = [](const auto& these, const auto& those) {
    return std::any_of(these.begin(), these.end(), [&](const auto& e) { return !those.contains(e.first); });
  };
  for (const auto& [stem, image] : pairs.images) {
    const auto mask = pairs.masks.find(stem);
    if (mask != pairs.masks.end()) builder.add(split, sample_of(pairs, prefix + stem, stem, stem));
  }
  if (unpaired == Unpaired::kIgnore) return;
  if (unpaired == Unpaired::kSkipImages) {
    std::vector<std::string> skipped;
    for (const auto& [stem, image] : pairs.images) {
      if (!pairs.masks.contains(stem)) skipped.push_back(image);
    }
    if (!skipped.empty()) {
      builder.warn("unlabelled", "",
                   {{"images", skipped.size() == 1 ? "one image" : fmt::format("{} images", skipped.size())},
                    {"names", some_of(skipped)}});
    }
  }
  const bool images_lack = unpaired == Unpaired::kRefuse && lacks(pairs.images, pairs.masks);
  if (images_lack || lacks(pairs.masks, pairs.images) || (pairs.masks.empty() && !pairs.mask_stems.empty()))
    explain_missing(pairs, builder);
  for (const auto& [stem, image] : pairs.images) {
    if (images_lack && !pairs.masks.contains(stem))
      builder.refuse(
          "missing_partner", image, "the image has no mask of its name",
          "add its mask or remove it; data of kind folders may leave such images out: unlabelled = \"skip\"");
  }
  for (const auto& [stem, mask] : pairs.masks) {
    if (!pairs.images.contains(stem))
      builder.refuse("missing_partner", mask, "the mask has no image of its name",
                     "add its image or remove it");
  }
}

void add_listed(const fs::path& root, const Pairs& pairs, const std::string& split,
                CatalogueBuilder& builder) {
  const std::string list = split + ".txt";
  const auto images_by_file = by_file_name(pairs.images), masks_by_file = by_file_name(pairs.masks);
  const NameIndex names(pairs.images);
  std::size_t missing = 0;
  for (const ListLine& line : read_list(root, list)) {
    const std::string place = fmt::format("{}:{}", list, line.number);
    const Listed listed = find_listed(pairs, images_by_file, masks_by_file, line);
    if (!listed.several.empty()) {
      builder.refuse("ambiguous", place,
                     fmt::format("\"{}\" may be {} images: {}", printable(line.text), listed.several.size(),
                                 some_of(listed.several)),
                     "write the folder of the one that is meant, too");
      continue;
    }
    if (listed.image.empty() && line.comment) continue;
    if (listed.image.empty() || listed.mask.empty()) {
      if (listed.mask.empty() && !listed.image.empty() && missing++ == 0) explain_missing(pairs, builder);
      builder.refuse(
          "missing_partner", place,
          fmt::format("there is no {} for \"{}\"{}", listed.image.empty() ? "image" : "mask",
                      printable(line.text), listed.image.empty() ? why_not_there(pairs, names, line) : ""));
    } else if (!builder.add(split, sample_of(pairs, listed.image, listed.image, listed.mask))) {
      builder.warn("list", place, {{"image", listed.image}});
    }
  }
}

void tell_unlisted(const Pairs& pairs, const std::set<std::string>& used, CatalogueBuilder& builder) {
  std::set<std::string> chosen = used;
  chosen.erase("all");
  const std::set<std::string> files = builder.files_of(chosen);
  std::vector<std::string> images, masks;
  for (const auto& [key, file] : pairs.images) {
    if (!files.contains(file)) images.push_back(file);
  }
  for (const auto& [key, file] : pairs.masks) {
    if (!files.contains(file) && !pairs.images.contains(key)) masks.push_back(file);
  }
  std::string lists;
  for (const std::string& name : chosen) lists += (lists.empty() ? "" : ", ") + name + ".txt";
  const auto tell = [&](const std::vector<std::string>& unlisted, const char* one, const char* several) {
    if (unlisted.empty()) return;
    builder.warn("unlisted", "",
                 {{"files", unlisted.size() == 1 ? fmt::format("one {}", one)
                                                 : fmt::format("{} {}", unlisted.size(), several)},
                  {"lists", lists},
                  {"names", ": " + some_of(unlisted)}});
  };
  tell(images, "image", "images");
  tell(masks, "mask without an image", "masks without an image");
}

}  // namespace segbench::data
