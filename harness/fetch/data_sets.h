// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace segbench::fetch {

/// One file of a data set at its publisher's.
struct DataFile {
  std::string address;
  std::string name;  ///< under which it is kept
  std::string md5;   ///< as it is published; "" where nothing is
};

/// Where a kind of data comes from.
struct DataSource {
  std::string name;               ///< the kind of data
  std::string size;               ///< of what is downloaded, about: "1.9 GB"
  std::string terms;              ///< under which it may be used, in a few words
  std::vector<DataFile> files;    ///< archives to be unpacked into one folder; empty: see `instructions`
  std::string root;               ///< of data.root below that folder; "" the folder itself
  std::string instructions = {};  ///< where an account is needed: what to do, a step a line
};

/// All that are known, by name.
const std::vector<DataSource>& data_sources();
/// nullptr when there is none.
const DataSource* find_data_source(std::string_view name);

}  // namespace segbench::fetch
