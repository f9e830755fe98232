// What is sent: the source's ticks and, between them, the probes whose alerts are timed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/bench/schedule.hpp"
#include "core/price.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "feeds/source_error.hpp"

namespace yagura::app::bench {

// One tick of the source; its time only matters when the source's own pace is kept.
struct SourceTick {
  Timestamp ts{};
  std::optional<Price> price{}, bid{}, ask{};
  std::uint16_t symbol = 0;  // index into Workload::symbols
};

struct Workload {
  std::string name;  // "2026-02-rally (bundled)", or the arguments
  std::vector<std::string> symbols;
  std::vector<SourceTick> ticks;      // by time, not empty
  std::optional<std::uint64_t> seed;  // of the bundled scenario
  std::string sha256;                 // of symbols and prices, in order
};

// The bundled scenario's script.
[[nodiscard]] Result<Workload> bundled_workload();
// SYMBOL=FILE and captures, as for `yagura replay`.
[[nodiscard]] Result<Workload, feeds::SourceError> load_workload(const std::vector<std::string>& sources);
// The same ticks with prices that move by 3 % while the schedule's burst lasts and stand still otherwise.
[[nodiscard]] Workload with_burst(const Workload& workload, const Schedule& schedule);

}  // namespace yagura::app::bench
