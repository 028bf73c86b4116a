// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

// Files from the network. libcurl stays in this room and is loaded when the first download begins, so that no
// other command waits for its forty libraries.

namespace segbench::fetch {

struct Request {
  std::string address;         ///< http or https
  std::filesystem::path file;  ///< where the file is to lie; its folder is made
  std::string sha256;          ///< what its SHA-256 must begin with; "" when nothing is known
  std::string md5 = {};        ///< what its MD5 must be; "" when nothing is known
  /// Called several times a second with the bytes that are there and, when it is known, how many there will
  /// be; false stops. May be empty.
  std::function<bool(std::uint64_t, std::optional<std::uint64_t>)> progress = {};
};

struct Result {
  bool was_there = false;          ///< the file, whole: nothing was downloaded
  bool is_stopped = false;         ///< by `progress`: what came is kept
  std::uint64_t bytes = 0;         ///< of the file, or of what is kept of it
  std::uint64_t resumed_from = 0;  ///< bytes that an earlier, interrupted download had left
  std::string sha256;              ///< of the whole file
};

/// Downloads a file in one step as far as others can see: bytes gather in FILE.part, which a later call
/// continues; when all are there and the checksums are right, it is renamed. Throws core::UserError (exit
/// code 1) saying what happened and what to do: no connection, another status than success, an interruption,
/// a full disk, a wrong checksum (FILE.part is removed), another process that downloads the same file.
Result download(const Request& request);

}  // namespace segbench::fetch
