#include "app/bench/hgrm.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include "app/bench/stages.hpp"

namespace yagura::app::bench {
namespace {

Result<void> write_one(const std::filesystem::path& file, const LatencyHistogram& histogram) {
  std::ofstream out{file, std::ios::binary};
  histogram.write_hgrm(out);
  if (!out.flush()) return Error{"--hgrm " + file.string() + ": cannot be written"};
  return {};
}

// What all runs recorded, by name of the series.
std::map<std::string, LatencyHistogram> merged(const std::vector<const Run*>& runs) {
  std::map<std::string, LatencyHistogram> all;
  for (const auto* run : runs) {
    all["response"].merge(run->response);
    all["service"].merge(run->service);
    for (const auto& [name, histogram] : run->stages) all[name].merge(histogram);
  }
  return all;
}

}  // namespace

Result<void> write_hgrm_files(const Report& report, const std::string& dir) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  if (failed) return Error{"--hgrm " + dir + ": " + failed.message()};
  for (const auto& path : report.plan.paths) {
    for (const auto& rate : report.rates()) {
      for (const auto& [name, histogram] : merged(report.runs_of(path.name, rate))) {
        const auto file = std::filesystem::path{dir} / (path.name + "-" + rate + "-" + name + ".hgrm");
        if (auto written = write_one(file, histogram); !written) return written;
      }
    }
  }
  return {};
}

}  // namespace yagura::app::bench
