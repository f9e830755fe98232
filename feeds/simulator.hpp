// Draws the ticks of a scenario: Brownian bridges between its points, then a random walk without
// end. Everything it makes is synthetic.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "feeds/codec.hpp"  // ReplayTick
#include "feeds/scenario.hpp"

namespace yagura::feeds {

// Ticks in order of time, made one by one when asked for; ties in the order of the instruments.
// The same options give the same ticks on any machine; the arithmetic is integer throughout. Each
// instrument has random numbers of its own, so adding one changes none of the others. One thread.
class Simulator {
 public:
  explicit Simulator(ScenarioOptions options);  // check_scenario() found nothing
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;

  // False only for a scenario without instruments: after the script it goes on, day after day, from
  // the last prices. The symbol lives as long as the simulator.
  bool next(ReplayTick& tick);

  [[nodiscard]] const ScenarioOptions& options() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Writes the script, up to options.until, and returns the number of ticks. By the file's ending:
// .csv and .csv.gz with the header ts_ns,symbol,price,bid,ask; .ycap and .ycap.gz with frames of the
// native protocol as one feed named like the scenario.
// `on_tick`, which may be empty, is told the count and the time of each tick.
using OnSimulated = std::function<void(std::uint64_t count, Timestamp at)>;
[[nodiscard]] Result<std::uint64_t> write_scenario(const ScenarioOptions& options, const std::string& file,
                                                   const OnSimulated& on_tick = {});

}  // namespace yagura::feeds
