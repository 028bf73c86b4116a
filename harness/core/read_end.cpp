// SPDX-License-Identifier: MIT
#include "harness/core/read_end.h"

#include <algorithm>
#include <fstream>

namespace segbench::core {

std::string read_end(const std::filesystem::path& file, std::size_t bytes) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return "";
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0));
  const std::size_t begin = size > bytes ? size - bytes : 0;
  in.seekg(static_cast<std::streamoff>(begin));
  std::string text(size - begin, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  const std::size_t line = text.find('\n');
  if (begin > 0 && line != std::string::npos) text.erase(0, line + 1);
  return text;
}

}  // namespace segbench::core
