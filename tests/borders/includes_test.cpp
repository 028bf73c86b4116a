// SPDX-License-Identifier: MIT
// Each room may include only what CONTRIBUTING.md's table of borders allows; this test reads the #include
// lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "harness/core/files.h"

namespace segbench {
namespace {

struct Room {
  std::string folder;
  std::vector<std::string> rooms;      ///< folders of ours that it may include, besides itself
  std::vector<std::string> libraries;  ///< heavy libraries (see kLibraries) that it may include
};

struct Library {
  std::string name;
  std::regex header;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries = {
      {"LibTorch", std::regex("^(torch|ATen|c10|caffe2)/.*")},
      {"OpenCV", std::regex("^opencv2/.*")},
      {"SQLite", std::regex("^sqlite3\\.h$")},
      {"toml++", std::regex("^toml(\\+\\+|plusplus)/.*|^toml\\+\\+\\.h$")},
      {"CLI11", std::regex("^CLI/.*")},
      {"Boost", std::regex("^boost/.*")},
      {"libpng", std::regex("^png\\.h$")},
      {"giflib", std::regex("^gif_lib\\.h$")},
      {"libjpeg", std::regex("^jpeglib\\.h$")},
      {"libtiff", std::regex("^tiff(io)?\\.h$")},
      {"libwebp", std::regex("^webp/.*")},
      {"libcurl", std::regex("^curl/.*")},
  };
  return kLibraries;
}

// The longest matching folder decides.
const std::vector<Room>& rooms() {
  static const std::vector<Room> kRooms = {
      {"harness/core", {}, {}},
      {"harness/metrics", {"harness/core"}, {}},
      {"harness/weights", {"harness/core", "architectures"}, {}},
      {"harness/fetch", {"harness/core"}, {"libcurl"}},
      {"harness/study", {"harness/core", "harness/weights"}, {"toml++"}},
      {"harness/data", {"harness/core"}, {"libpng", "libjpeg", "giflib", "libtiff", "libwebp"}},
      {"harness/run", {"harness/core", "harness/study", "harness/data"}, {}},
      {"harness/losses", {"harness/core"}, {"LibTorch"}},
      {"harness/optimizers", {"harness/core"}, {"LibTorch"}},
      {"harness/augmentations", {"harness/core"}, {}},
      {"architectures", {"harness/core"}, {}},
      {"architectures/torch", {"harness/core", "architectures"}, {"LibTorch"}},
      {"harness/train",
       {"harness/core", "harness/metrics", "harness/weights", "harness/losses", "harness/optimizers",
        "harness/augmentations", "architectures"},
       {"LibTorch"}},
      {"results/store", {"harness/core"}, {"SQLite"}},
      {"results/statistics", {"harness/core"}, {"Boost"}},
      {"reports", {"harness/core", "harness/metrics", "results"}, {"OpenCV", "libpng"}},
      {"harness/cli",
       {"harness/core", "harness/metrics", "harness/weights", "harness/fetch", "harness/study",
        "harness/data", "harness/run", "architectures", "results", "reports"},
       {"CLI11"}},
  };
  return kRooms;
}

bool within(const std::string& path, const std::string& folder) {
  return path.rfind(folder + "/", 0) == 0;
}

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

std::vector<std::string> violations(const std::string& file, const std::vector<std::string>& headers) {
  std::vector<std::string> found;
  const Room* room = room_of(file);
  if (room == nullptr) return {file + " lies in no room of the table"};
  for (const std::string& header : headers) {
    for (const Library& library : libraries()) {
      if (std::regex_match(header, library.header) &&
          std::find(room->libraries.begin(), room->libraries.end(), library.name) == room->libraries.end()) {
        found.push_back(file + " includes <" + header + ">: " + library.name + " stays outside " +
                        room->folder);
      }
    }
    const Room* other = room_of(header);
    if (other == nullptr || other->folder == room->folder) continue;
    const bool allowed = std::any_of(room->rooms.begin(), room->rooms.end(), [&](const std::string& folder) {
      return other->folder == folder || within(header, folder);
    });
    if (!allowed)
      found.push_back(file + " includes \"" + header + "\": " + room->folder + " may not know " +
                      other->folder);
  }
  return found;
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
  EXPECT_EQ(violations("architectures/unet.cpp", {"torch/torch.h"}).size(), 1u);
  EXPECT_EQ(violations("reports/x.cpp", {"sqlite3.h"}).size(), 1u);
  EXPECT_TRUE(violations("architectures/torch/x.cpp", {"torch/torch.h", "architectures/network.h"}).empty());
  EXPECT_TRUE(violations("reports/x.cpp", {"results/store/store.h", "vector"}).empty());
}

}  // namespace
}  // namespace segbench
