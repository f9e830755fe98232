// The detector of bare and of Beast + nlohmann: the nearest milestone above and below a price.
#pragma once

#include <cstdint>
#include <optional>

namespace yagura::baselines {

// Prices in 1e-9. A level that was reached is lost `rearm` below it, and only then can be reached again.
class Thresholds {
 public:
  struct Crossing {
    bool reached;  // else lost
    std::int64_t level;
    std::int64_t previous;
  };

  Thresholds(std::int64_t step, std::int64_t rearm) : step_(step), rearm_(rearm) {}

  // The first price only says where the market stands. A price that jumps over several levels is one
  // crossing, of the furthest.
  [[nodiscard]] std::optional<Crossing> on_price(std::int64_t price) noexcept {
    const auto previous = last_;
    last_ = price;
    if (price < above_ && price > below_) return std::nullopt;
    const bool first = previous == 0;
    const bool reached = price >= above_;
    const auto level = reached ? price / step_ * step_ : (price + rearm_ + step_ - 1) / step_ * step_;
    above_ = reached ? level + step_ : level;
    below_ = (reached ? level : level - step_) - rearm_;
    return first ? std::nullopt : std::optional{Crossing{reached, level, previous}};
  }

 private:
  std::int64_t step_;
  std::int64_t rearm_;
  std::int64_t last_ = 0;
  std::int64_t above_ = 0;
  std::int64_t below_ = 0;
};

}  // namespace yagura::baselines
