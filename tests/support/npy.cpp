// SPDX-License-Identifier: MIT
#include "tests/support/npy.h"

#include <cstring>
#include <regex>
#include <stdexcept>

#include "harness/core/files.h"

namespace segbench::tests {
namespace {

template <typename T>
void widen(const std::string& content, std::size_t offset, std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, content.data() + offset + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
}

}  // namespace

Npy read_npy(const std::filesystem::path& file) {
  const std::string content = core::read_file(file);
  const auto refuse = [&](const char* what) { throw std::runtime_error(file.string() + ": " + what); };
  if (content.size() < 10 || content.compare(0, 6, "\x93NUMPY") != 0 || content[6] != 1)
    refuse("no NPY 1.0 file");
  const std::size_t length =
      static_cast<unsigned char>(content[8]) + 256u * static_cast<unsigned char>(content[9]);
  const std::string header = content.substr(10, length);
  std::smatch match;
  Npy array;
  if (!std::regex_search(header, match, std::regex("'descr': '([^']+)'"))) refuse("no dtype");
  array.dtype = match[1];
  if (header.find("'fortran_order': False") == std::string::npos) refuse("not in C order");
  if (!std::regex_search(header, match, std::regex("'shape': \\(([^)]*)\\)"))) refuse("no shape");
  const std::string shape = match[1];
  std::size_t size = 1;
  const std::regex number("\\d+");
  for (std::sregex_iterator i(shape.begin(), shape.end(), number), end; i != end; ++i) {
    array.shape.push_back(std::stoll(i->str()));
    size *= static_cast<std::size_t>(array.shape.back());
  }
  array.values.resize(size);
  const std::size_t offset = 10 + length;
  if (array.dtype == "|u1" || array.dtype == "|b1")
    widen<std::uint8_t>(content, offset, array.values);
  else if (array.dtype == "<u2")
    widen<std::uint16_t>(content, offset, array.values);
  else if (array.dtype == "<i4")
    widen<std::int32_t>(content, offset, array.values);
  else if (array.dtype == "<i8")
    widen<std::int64_t>(content, offset, array.values);
  else if (array.dtype == "<f4")
    widen<float>(content, offset, array.values);
  else if (array.dtype == "<f8")
    widen<double>(content, offset, array.values);
  else
    refuse("unknown dtype");
  return array;
}

}  // namespace segbench::tests
