// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace segbench::core {

/// CPUs that this process may use, at least 1: the smallest limit of harness/core/cpu_limit.h.
int usable_cpus();

/// Processes that the kernel killed for lack of memory, in our control group where it says so, else on this
/// machine; empty when it cannot be told.
std::optional<std::int64_t> out_of_memory_kills();

/// Value of `key` in a file of "key value" lines such as memory.events or /proc/vmstat.
std::optional<std::int64_t> parse_counter(std::string_view text, std::string_view key);

/// Memory that is free for new processes: the least of what the system has and of what our control groups
/// (version 2) leave; empty when it cannot be told.
std::optional<std::int64_t> available_memory_bytes();

std::string host_name();
/// "Linux 6.1.0 x86_64".
std::string system_name();

/// True when a process of this id lives and `word` stands in its command line: ids are used again, trial ids
/// are not.
bool process_mentions(int process, std::string_view word);

/// Seconds since a time stamp of utc_timestamp; empty when it is none.
std::optional<double> seconds_since(std::string_view timestamp);

}  // namespace segbench::core
