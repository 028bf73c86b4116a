// SPDX-License-Identifier: MIT
#include "harness/data/data_set.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/streams.h"
#include "harness/data/audit/judge.h"
#include "harness/data/audit/scan_record.h"
#include "harness/data/cache/cache_builder.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScansFolder = "scans";
constexpr const char* kBuildingPrefix = ".building-";

[[noreturn]] void refuse(const AuditReport& report) {
  throw core::UserError(problems_of(report, true), core::kAuditRefused);
}

/// "<file>: <reason>"; a file name that is not UTF-8 is escaped.
std::string describe(const fs::filesystem_error& error) {
  return fmt::format("{}: {}", printable(error.path1().string()), core::system_message(error.code().value()));
}

/// Removes what builders left behind that were killed. The caller holds the lock, so none is at work.
void remove_leftovers(const fs::path& cache_root) {
  std::vector<fs::path> leftovers;
  for (const fs::directory_entry& entry : fs::directory_iterator(cache_root)) {
    if (entry.path().filename().string().rfind(kBuildingPrefix, 0) == 0) leftovers.push_back(entry.path());
  }
  for (const fs::path& leftover : leftovers) fs::remove_all(leftover);
}

/// A folder that is removed again unless it has been renamed.
struct BuildingFolder {
  fs::path path;
  ~BuildingFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

/// One data set on its way into the cache.
struct Preparation {
  const Catalogue& catalogue;
  const core::DataConfig& config;
  fs::path cache_root;
  std::string key;

  fs::path scan_file() const { return cache_root / kScansFolder / (key.substr(0, 16) + ".json"); }
};

PreparedData finished(const Preparation& job, const Scan& scan, AuditReport report) {
  const fs::path folder = job.cache_root / cache_name(manifest_of(job.catalogue, job.config, scan));
  PreparedData prepared{.cache = folder, .splits = report.splits, .audit = std::move(report), .notes = {}};
  return prepared;
}

/// Reads everything, and writes the cache on the way.
PreparedData build(const Preparation& job, const Progress& progress) {
  remove_leftovers(job.cache_root);
  const auto samples = static_cast<std::int64_t>(job.catalogue.samples.size());
  const auto size = samples > 0 ? cache_size(job.catalogue, job.config) : std::nullopt;
  if (!size) refuse(judge(job.catalogue, job.config, scan_samples(job.catalogue, job.config, {}, progress)));

  const BuildingFolder building{job.cache_root / fmt::format("{}{}", kBuildingPrefix, ::getpid())};
  int bits = first_bits(job.catalogue, job.config);
  std::unique_ptr<CacheWriter> writer;
  Scan scan;
  for (bool written = false; !written;) {  // twice where an image has more bits than the first one
    writer = std::make_unique<CacheWriter>(building.path, samples, (*size)[0], (*size)[1],
                                           job.config.channels, bits);
    const auto sink = [&](std::size_t i, const Image& image, const LabelMap& labels) {
      writer->write(i, image, labels);
    };
    scan = scan_samples(job.catalogue, job.config, sink, progress, bits);
    written = scan.bits() <= bits;
    bits = std::max(bits, scan.bits());
    if (!written) fs::remove_all(building.path);
  }
  AuditReport report = judge(job.catalogue, job.config, scan);
  if (report.refused()) refuse(report);
  writer->finish(scan);
  if (scan_key(job.catalogue, job.config) != job.key) {
    throw core::UserError(fmt::format("{}: files changed while they were read; run the command again",
                                      job.catalogue.root.string()),
                          core::kAuditRefused);
  }
  PreparedData prepared = finished(job, scan, std::move(report));
  const core::CacheManifest manifest = manifest_of(job.catalogue, job.config, scan);
  if (const auto defect = cache_defect(prepared.cache, manifest)) {
    if (fs::exists(prepared.cache)) {
      prepared.notes.push_back(fmt::format("the decode cache {} was damaged ({}) and has been built again",
                                           prepared.cache.string(), *defect));
    }
    publish_cache(building.path, prepared.cache, manifest);
  }
  fs::create_directories(job.cache_root / kScansFolder);
  write_scan(job.scan_file(), job.key, scan);
  return prepared;
}

}  // namespace

AuditReport audit(const core::DataConfig& config, const Progress& progress) try {
  const Catalogue catalogue = open_catalogue(config);
  return judge(catalogue, config, scan_samples(catalogue, config, {}, progress));
} catch (const core::UserError& error) {
  if (error.exit_code() != core::kAuditRefused) throw;
  AuditReport report;
  report.findings.push_back({true, "", error.what(), "unreadable"});
  return report;
} catch (const fs::filesystem_error& error) {
  AuditReport report;
  report.findings.push_back({true, "", describe(error), "unreadable"});
  return report;
}

PreparedData prepare(const core::DataConfig& config, const fs::path& cache_root,
                     const Progress& progress) try {
  const Catalogue catalogue = open_catalogue(config);
  fs::create_directories(cache_root);
  const core::FileLock lock = core::FileLock::acquire(cache_root / "lock");
  const Preparation job{catalogue, config, cache_root, scan_key(catalogue, config)};
  if (const std::optional<Scan> scan = read_scan(job.scan_file(), job.key, catalogue)) {
    AuditReport report = judge(catalogue, config, *scan);
    if (report.refused()) refuse(report);
    PreparedData prepared = finished(job, *scan, std::move(report));
    if (!cache_defect(prepared.cache, manifest_of(catalogue, config, *scan))) return prepared;
  }
  return build(job, progress);
} catch (const fs::filesystem_error& error) {
  throw core::UserError(describe(error), core::kTrialFailed);
}

}  // namespace segbench::data
