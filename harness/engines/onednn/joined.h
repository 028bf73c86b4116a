// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "harness/engines/onednn/fusion.h"
#include "harness/engines/onednn/program.h"

namespace segbench::engines::onednn {

/// Where the parts of concatenations lie: of one image, in blocks that are full, each part is a piece of the
/// whole, so that what makes it may write it there and nothing is left to copy.
class Joined {
 public:
  Joined(const architectures::Graph& graph, const Steps& steps, std::int64_t count);

  /// True for the output of a concatenation whose parts have places.
  bool is_whole(int value) const { return wholes_.contains(value); }
  /// True for a value that has a place: its memory is read as a part of the whole.
  bool has_place(int value) const { return places_.contains(value); }
  /// True for a value whose memory is others' as well, a part or a whole, and must not be overwritten.
  bool is_shared(int value) const { return has_place(value) || is_whole(value); }
  /// The place of a part, if it has one.
  std::optional<Map> place_of(Program& program, int value);
  /// The place of the part-th input of a concatenation of places.
  Map part_of(Program& program, int whole, std::size_t part);
  /// The memory of all.
  Map whole_of(Program& program, int whole);

 private:
  struct Place {
    int whole = 0;
    std::size_t part = 0;
  };
  struct Whole {
    architectures::Shape shape;
    std::vector<architectures::Shape> parts;
    std::optional<Map> map;
  };
  std::map<int, Place> places_;
  std::map<int, Whole> wholes_;
};

}  // namespace segbench::engines::onednn
