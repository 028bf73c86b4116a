// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/data/codecs/colour_text.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/folder_pairs.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

PairRule pair_rule(const core::DataConfig& config, const fs::path& images, const fs::path& masks) {
  const core::Json& params = config.params;
  return {.images = images,
          .masks = masks,
          .images_below = FolderName(params.at("images")).below,
          .masks_below = FolderName(params.at("masks")).below,
          .image_suffix = params.at("image_suffix"),
          .mask_suffix = params.at("mask_suffix"),
          .object_masks = params.at("object_masks") == "folder"     ? ObjectMasks::kFolder
                          : params.at("object_masks") == "numbered" ? ObjectMasks::kNumbered
                                                                    : ObjectMasks::kNone};
}

Unpaired unpaired_rule(const core::DataConfig& config) {
  return config.params.at("unlabelled") == "skip" ? Unpaired::kSkipImages : Unpaired::kRefuse;
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

bool is_named(const core::DataConfig& config, const std::string& split) {
  for (const core::SplitRule* rule : {&config.train, &config.selection, &config.test}) {
    if (std::find(rule->official.begin(), rule->official.end(), split) != rule->official.end()) return true;
  }
  return false;
}

/// The folders right below `folder`, relative to it, in alphabetical order.
std::vector<std::string> folders_below(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;
    if (entry->is_directory(unreadable)) names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool has_images(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;
    if (entry->is_regular_file(unreadable) && has_image_suffix(entry->path())) return true;
  }
  return false;
}

/// Where the official splits that have a folder each lie: "train/images" or "images/train".
struct SplitFolders {
  std::set<std::string> splits;
  std::vector<std::string> others;  ///< folders alike whose names are no splits
  bool split_first = true;
};

SplitFolders find_split_folders(const core::DataConfig& config, const FolderName& images) {
  const fs::path root = config.root;
  SplitFolders found;
  const auto sort_in = [&](const std::string& name) {
    if (is_usual_split(name) || is_named(config, name))
      found.splits.insert(name);
    else if (name.front() != '.')
      found.others.push_back(name);
  };
  for (const std::string& name : folders_below(root)) {
    if (fs::is_directory(root / name / images.path)) sort_in(name);
  }
  if (!found.splits.empty()) return found;
  found = {{}, {}, false};
  if (images.below || has_images(root / images.path)) return found;
  for (const std::string& name : folders_below(root / images.path)) sort_in(name);
  return found;
}

void tell_unused(const std::set<std::string>& available, const std::set<std::string>& chosen,
                 const std::vector<std::string>& others, CatalogueBuilder& builder) {
  std::vector<std::string> unused = others;
  for (const std::string& name : available) {
    if (!chosen.contains(name)) unused.push_back(name);
  }
  if (!unused.empty()) builder.warn("unused_folders", "", {{"names", some_of(unused)}});
}

void read_split_folders(const core::DataConfig& config, const SplitFolders& folders,
                        CatalogueBuilder& builder) {
  const fs::path images = FolderName(config.params.at("images")).path,
                 masks = FolderName(config.params.at("masks")).path;
  const std::set<std::string> chosen =
      builder.choose_splits(config, folders.splits, "one folder for each split");
  for (const std::string& split : chosen) {
    const Pairs pairs =
        folders.split_first
            ? list_pairs(config.root, pair_rule(config, split / images, split / masks), builder)
            : list_pairs(config.root, pair_rule(config, images / split, masks / split), builder);
    add_all(pairs, split, split + "/", unpaired_rule(config), builder);
  }
  tell_unused(folders.splits, chosen, folders.others, builder);
}

/// True when a rule takes the whole folder, by name or since "auto" finds no split for training.
bool uses_all(const core::DataConfig& config, const std::set<std::string>& available) {
  const bool automatic = config.train.official == std::vector<std::string>{kAutoSplit};
  return is_named(config, "all") || (automatic && !available.contains("train"));
}

void read_lists(const core::DataConfig& config, CatalogueBuilder& builder) {
  const fs::path root = config.root;
  std::set<std::string> available;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    if (entry.path().extension() == ".txt") available.insert(printable(entry.path().stem().string()));
  }
  available.insert("all");
  const Pairs pairs = list_pairs(root,
                                 pair_rule(config, FolderName(config.params.at("images")).path,
                                           FolderName(config.params.at("masks")).path),
                                 builder);
  const std::set<std::string> chosen =
      builder.choose_splits(config, available, "list files and the whole folder");
  const bool whole = uses_all(config, available);
  for (const std::string& split : chosen) {
    if (split != "all") add_listed(root, pairs, split, builder);
  }
  if (chosen.contains("all"))
    add_all(pairs, "all", "", whole ? unpaired_rule(config) : Unpaired::kIgnore,
            builder);  // a list's own pairing comes first
  if (!whole) tell_unlisted(pairs, chosen, builder);
}

/// The folders that are not there, and what is there instead.
[[noreturn]] void refuse_layout(const core::DataConfig& config, const std::string& missing) {
  const std::string hint = layout_hint(config.root);
  std::vector<std::string> there = folders_below(config.root);
  std::erase_if(there, [](const std::string& name) { return name.front() == '.'; });
  for (std::string& name : there) name = printable(name) + "/";
  const std::string found = there.empty() ? "no folder there" : fmt::format("there: {}", some_of(there));
  throw core::UserError(
      fmt::format(
          "{}: there is no folder {}; {}{}", config.root, missing, found,
          hint.empty()
              ? "; images and masks are looked for in images/ and masks/, in train/images/ and "
                "train/masks/, or in images/train/ and masks/train/, or as the settings images and "
                "masks say"
              : fmt::format("; all images and masks there pair with these lines in [data]:\n{}", hint)),
      core::kAuditRefused);
}

Catalogue read_one_root(const core::DataConfig& config) {
  const fs::path root = config.root;
  const FolderName images(config.params.at("images")), masks(config.params.at("masks"));
  CatalogueBuilder builder;
  const SplitFolders folders = find_split_folders(config, images);
  if (!folders.splits.empty()) {
    const bool first = folders.split_first;
    const std::string& split = *folders.splits.begin();
    const bool any = std::any_of(folders.splits.begin(), folders.splits.end(), [&](const std::string& name) {
      return fs::is_directory(first ? root / name / masks.path : root / masks.path / name);
    });
    if (!any) refuse_layout(config, (first ? split / masks.path : masks.path / split).string() + "/");
    read_split_folders(config, folders, builder);
  } else {
    for (const FolderName* folder : {&images, &masks}) {
      if (!fs::is_directory(root / folder->path)) refuse_layout(config, folder->path.string() + "/");
    }
    read_lists(config, builder);
  }
  return std::move(builder).build();
}

std::string below(const std::string& folder, const std::string& file) {
  return file.empty() ? file : (fs::path(folder) / file).string();
}

/// One of several folders, whose ids and files get its name in front.
void join_root(const core::DataConfig& config, const std::string& folder, CatalogueBuilder& joined) {
  core::DataConfig one = config;
  one.root = (fs::path(config.root) / folder).string();
  if (!fs::is_directory(one.root)) {
    joined.refuse("missing_folder", printable(folder), "there is no such folder, but roots names it");
    return;
  }
  Catalogue catalogue = read_one_root(one);
  for (AuditFinding& finding : catalogue.findings) {
    finding.file = (fs::path(folder) / finding.file).string();
    joined.add_finding(std::move(finding));
  }
  for (const auto& [split, samples] : catalogue.official_splits) {
    for (const std::int64_t index : samples) {
      Sample sample = catalogue.samples[static_cast<std::size_t>(index)];
      sample.id = below(folder, sample.id);
      sample.image_file = below(folder, sample.image_file);
      sample.mask_file = below(folder, sample.mask_file);
      for (std::string& mask : sample.object_masks) mask = below(folder, mask);
      joined.add(split, sample);
    }
  }
}

Catalogue read_folders(const core::DataConfig& config) {
  const auto roots = config.params.at("roots").get<std::vector<std::string>>();
  CatalogueBuilder joined;
  for (const std::string& folder : roots) join_root(config, folder, joined);
  Catalogue catalogue = roots.empty() ? read_one_root(config) : std::move(joined).build();
  catalogue.root = config.root;
  add_classes(config, catalogue);
  return catalogue;
}

const KindRegistration folders_reader{"folders", read_folders};

}  // namespace
}  // namespace segbench::data
