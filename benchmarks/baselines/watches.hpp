// The three milestone rules that bare and Beast + nlohmann watch.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "baselines/thresholds.hpp"

namespace yagura::baselines {

struct Watch {
  std::string_view symbol;
  Thresholds thresholds;
};

class Watches {
 public:
  // The watch of a symbol; null when nobody asked for it.
  [[nodiscard]] Watch* find(std::string_view symbol) noexcept {
    for (auto& watch : watches_)
      if (watch.symbol == symbol) return &watch;
    return nullptr;
  }

 private:
  static constexpr std::int64_t kOne = 1'000'000'000;
  std::array<Watch, 3> watches_{
      {{"NI225", {1000 * kOne, 100 * kOne}}, {"USDJPY", {kOne, kOne / 10}}, {"PROBE", {kOne, kOne / 1000}}}};
};

}  // namespace yagura::baselines
