// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/profiles/log.h"

namespace segbench::profiles {

/// A layer on the roofline (Williams, Waterman, Patterson, "Roofline: an insightful visual performance
/// model", CACM 2009) of the machine that a profile ran on, for one batch in float32.
struct LayerRoof {
  std::string name, kind;
  double flops = 0;        ///< 2 MACs of all images
  double bytes = 0;        ///< weights once, what is read and made for every image
  double intensity = 0;    ///< flops / bytes
  double least_s = 0;      ///< no faster: the longer one of flops / flops_per_s and bytes / bytes_per_s
  bool by_memory = false;  ///< the copy is the ceiling, not the matrix product
  std::optional<double> measured_s = {};  ///< median of its passes
};

/// A row's network against the measured ceilings; empty where they, or its layers, are not known, for other
/// precisions than float32, and for another device or number of threads than the first row's, whose ceilings
/// are measured. Layers that an engine took together have their measured time at the last of
/// them.
struct Roof {
  double flops_per_s = 0, bytes_per_s = 0;  ///< the ceilings
  double flops = 0, bytes = 0, least_s = 0;
  std::vector<LayerRoof> layers;
};
std::optional<Roof> roof_of(const ProfileLog& log, const RowLog& row);

}  // namespace segbench::profiles
