// SPDX-License-Identifier: MIT
// Each room may include only what the table of borders in CONTRIBUTING.md allows. The table stands there
// alone; this test reads it, and the #include lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "harness/core/files.h"

namespace segbench {
namespace {

struct Room {
  std::string folder;
  std::vector<std::string> rooms;      ///< folders that it may include, besides itself and its subfolders
  std::vector<std::string> libraries;  ///< heavy libraries (see libraries()) that it may include
};

const std::map<std::string, std::regex>& libraries() {
  static const std::map<std::string, std::regex> kLibraries = {
      {"LibTorch", std::regex("^(torch|ATen|c10|caffe2)/.*")},
      {"OpenCV", std::regex("^opencv2/.*")},
      {"oneDNN", std::regex("^(oneapi/dnnl/.*|dnnl.*)")},
      {"SQLite", std::regex("^(sqlite3\\.h$|SQLiteCpp/.*)")},
      {"toml++", std::regex("^toml(\\+\\+|plusplus)/.*|^toml\\+\\+\\.h$")},
      {"CLI11", std::regex("^CLI/.*")},
      {"Boost", std::regex("^boost/.*")},
      {"libpng", std::regex("^png\\.h$")},
      {"giflib", std::regex("^gif_lib\\.h$")},
      {"libjpeg", std::regex("^jpeglib\\.h$")},
      {"libtiff", std::regex("^tiff(io)?\\.h$")},
      {"libwebp", std::regex("^webp/.*")},
      {"libcurl", std::regex("^curl/.*")},
      {"libarchive", std::regex("^archive(_entry)?\\.h$")},
      {"pugixml", std::regex("^pugixml\\.hpp$")},
      {"zlib", std::regex("^zlib\\.h$")},
      {"utf8proc", std::regex("^utf8proc\\.h$")},
      {"protobuf", std::regex("^google/protobuf/.*|.*\\.pb\\.h$")},
  };
  return kLibraries;
}

/// The words in `back quotes` of a table's cell.
std::vector<std::string> words_of(const std::string& cell) {
  static const std::regex kQuoted("`([^`]+)`");
  std::vector<std::string> words;
  for (std::sregex_iterator at(cell.begin(), cell.end(), kQuoted), end; at != end; ++at)
    words.push_back((*at)[1]);
  return words;
}

/// The rows "| `folder`, … | one job | `room`, … | `library`, … |" below "## The rooms and their borders".
std::vector<Room> read_rooms() {
  std::istringstream lines(core::read_file(std::filesystem::path(SEGBENCH_SOURCE_DIR) / "CONTRIBUTING.md"));
  std::vector<Room> rooms;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("## ", 0) == 0) inside = line == "## The rooms and their borders";
    if (!inside || line.rfind("| `", 0) != 0) continue;
    std::vector<std::string> cells;
    std::istringstream cell_stream(line.substr(1));
    for (std::string cell; std::getline(cell_stream, cell, '|');) cells.push_back(cell);
    if (cells.size() < 4) throw std::runtime_error("a row of borders needs four cells: " + line);
    for (const std::string& folder : words_of(cells[0]))
      rooms.push_back({folder, words_of(cells[2]), words_of(cells[3])});
  }
  return rooms;
}

const std::vector<Room>& rooms() {
  static const std::vector<Room> kRooms = read_rooms();
  return kRooms;
}

bool within(const std::string& path, const std::string& folder) {
  return path.rfind(folder + "/", 0) == 0;
}

/// The longest matching folder decides.
const Room* room_of(const std::string& file) {
  const Room* found = nullptr;
  for (const Room& room : rooms()) {
    if (within(file, room.folder) && (found == nullptr || room.folder.size() > found->folder.size()))
      found = &room;
  }
  return found;
}

std::vector<std::string> includes_of(const std::filesystem::path& file) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<std::string> headers;
  std::istringstream lines(core::read_file(file));
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, match, kInclude)) headers.push_back(match[1]);
  }
  return headers;
}

bool may_include(const Room& room, const std::string& other) {
  return other == room.folder || std::find(room.rooms.begin(), room.rooms.end(), other) != room.rooms.end();
}

std::vector<std::string> violations(const std::string& file, const std::vector<std::string>& headers) {
  std::vector<std::string> found;
  const Room* room = room_of(file);
  if (room == nullptr) return {file + " lies in no room of the table"};
  for (const std::string& header : headers) {
    for (const auto& [name, pattern] : libraries()) {
      if (std::regex_match(header, pattern) &&
          std::find(room->libraries.begin(), room->libraries.end(), name) == room->libraries.end())
        found.push_back(file + " includes <" + header + ">: " + name + " stays outside " + room->folder);
    }
    const Room* other = room_of(header);
    if (other != nullptr && !may_include(*room, other->folder))
      found.push_back(file + " includes \"" + header + "\": " + room->folder + " may not know " +
                      other->folder);
  }
  return found;
}

/// The rooms of a circle that begins at `folder`; empty when there is none.
std::vector<std::string> circle_from(const std::string& folder, std::vector<std::string> path) {
  const bool seen = std::find(path.begin(), path.end(), folder) != path.end();
  path.push_back(folder);
  if (seen) return path;
  for (const Room& room : rooms()) {
    if (room.folder != folder) continue;
    for (const std::string& other : room.rooms) {
      if (std::vector<std::string> circle = circle_from(other, path); !circle.empty()) return circle;
    }
  }
  return {};
}

TEST(Borders, TheTableNamesRoomsAndLibrariesThatExist) {
  ASSERT_GT(rooms().size(), 20u);
  for (const Room& room : rooms()) {
    EXPECT_TRUE(std::filesystem::is_directory(std::filesystem::path(SEGBENCH_SOURCE_DIR) / room.folder))
        << room.folder;
    for (const std::string& library : room.libraries)
      EXPECT_TRUE(libraries().contains(library)) << room.folder << " names the library " << library;
    for (const std::string& other : room.rooms) {
      EXPECT_TRUE(
          std::any_of(rooms().begin(), rooms().end(), [&](const Room& r) { return r.folder == other; }))
          << room.folder << " names the room " << other;
    }
  }
}

TEST(Borders, RunInNoCircle) {
  for (const Room& room : rooms()) {
    std::string circle;
    for (const std::string& folder : circle_from(room.folder, {})) circle += folder + " > ";
    EXPECT_EQ(circle, "");
  }
}

TEST(Borders, AreKept) {
  const std::filesystem::path root = SEGBENCH_SOURCE_DIR;
  int files = 0;
  for (const char* top : {"harness", "architectures", "results", "reports"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      const std::string file = std::filesystem::relative(entry.path(), root).generic_string();
      for (const std::string& violation : violations(file, includes_of(entry.path())))
        ADD_FAILURE() << violation;
      ++files;
    }
  }
  EXPECT_GT(files, 20);
}

TEST(Borders, ATrespassIsSeen) {
  EXPECT_EQ(violations("harness/core/x.cpp", {"torch/torch.h"}).size(), 1u);
  EXPECT_EQ(violations("harness/core/x.cpp", {"harness/data/data_set.h"}).size(), 1u);
  EXPECT_EQ(violations("harness/data/codecs/x.cpp", {"harness/data/audit/scan.h"}).size(), 1u);
  EXPECT_EQ(violations("architectures/networks/unet.cpp", {"torch/torch.h"}).size(), 1u);
  EXPECT_EQ(violations("reports/x.cpp", {"sqlite3.h"}).size(), 1u);
  EXPECT_EQ(violations("architectures/onnx/x.cpp", {"architectures/torch/network.h"}).size(), 1u);
  EXPECT_EQ(violations("architectures/encoders/x.cpp", {"architectures/networks/blocks.h"}).size(), 1u);
  EXPECT_TRUE(
      violations("architectures/torch/x.cpp", {"torch/torch.h", "architectures/graph/graph.h"}).empty());
  EXPECT_TRUE(violations("results/store/x.cpp", {"harness/core/error.h", "sqlite3.h", "vector"}).empty());
}

}  // namespace
}  // namespace segbench
