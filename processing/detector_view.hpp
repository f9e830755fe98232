// What a detector knows between its alerts, for people who look. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "core/price.hpp"
#include "core/symbol.hpp"
#include "core/time.hpp"
#include "processing/signal.hpp"

namespace yagura::processing {

// The nearest levels of a milestone or level rule around a price: one of a grid each way, up to three of
// a list. Spent ones are not among them.
struct NearLevels {
  static constexpr std::size_t kMost = 3;
  struct Level {
    Price price;
    std::int32_t note;  // as Signal::Levels has it
  };
  struct Side {
    std::array<Level, kMost> levels{};  // nearest first
    std::size_t count = 0;
    void add(Level level) { levels[count++] = level; }
    [[nodiscard]] const Level* begin() const { return levels.data(); }
    [[nodiscard]] const Level* end() const { return levels.data() + count; }
    [[nodiscard]] bool empty() const { return count == 0; }
  };
  Side above;
  Side below;  // or at the price
};

// A divergence rule at the newest point of its grid.
struct PairView {
  enum class State : std::uint8_t { kLearning, kUsual, kDiverged, kDecoupled };
  SymbolId other{};
  State state = State::kLearning;
  Timestamp as_of{};  // of that point; zero before the first
  Duration window{};  // of the changes
  std::optional<double> beta;
  std::optional<double> rho;
  std::optional<double> rho_long;  // of past sessions
  // Of the window that ends at that point; none after a hole, and after a restart until the next point.
  struct Window {
    double z;  // of what beta leaves unexplained, as an alert says it
    double own_change_pct, other_change_pct, expected_pct;
  };
  std::optional<Window> last;
};

// The push that an intervention rule watches, of two sides the one further on.
struct InterventionView {
  std::optional<Event> stage;  // kWatch, kSuspected, kStrong; none: no push that scores, and nothing below counts
  Direction direction{};
  std::array<std::int8_t, kSuspicions> points{};
  int score = 0;
  int watch_at = 0, suspected_at = 0, strong_at = 0;
  Price start{};
  Timestamp start_ts{};
  Price extreme{};
  Timestamp until{};  // it is over then, unless it scores again
};

using DetectorView = std::variant<std::monostate, NearLevels, PairView, InterventionView>;

}  // namespace yagura::processing
