// SPDX-License-Identifier: MIT
#include "harness/weights/torchscript_file.h"

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/weights/zip.h"

namespace segbench::weights {

std::optional<std::string> torchscript_problem(const std::filesystem::path& file) try {
  const core::MappedFile mapped(file);
  const ZipArchive archive(mapped.bytes());
  const auto& entries = archive.entries();
  const auto data = std::find_if(entries.begin(), entries.end(), [](const auto& entry) {
    const std::size_t slash = entry.first.find('/');
    return slash != std::string::npos && entry.first.substr(slash) == "/data.pkl";
  });
  if (data == entries.end()) return "a zip archive without data.pkl; give a file written by torch.jit.save";
  const std::string root = data->first.substr(0, data->first.find('/'));
  const auto code = entries.lower_bound(root + "/code/");
  const bool has_code = code != entries.end() && code->first.starts_with(root + "/code/");
  if (has_code && entries.contains(root + "/constants.pkl")) return std::nullopt;
  return "weights without code; save the module itself, for example with "
         "torch.jit.script(model).save(FILE)";
} catch (const Malformed& error) {
  return std::string("not a TorchScript module: ") + error.what() + "; give a file written by torch.jit.save";
} catch (const core::UserError& error) {
  return error.what();
}

}  // namespace segbench::weights
