// Days of two prices whose minutes are related as one wants them: y = beta x + noise.
#pragma once

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/processing/timeline.hpp"

namespace yagura::processing::timeline {

inline constexpr SymbolId kOwn{0};    // Nikkei 225
inline constexpr SymbolId kOther{1};  // USD/JPY

struct PairWalk {
  std::vector<Tick> own, other;  // each in order of its times
};

// What a minute that starts at `t` adds to the logarithms: the common returns are given, in and out.
using Shock = std::function<void(Timestamp t, double& own, double& other)>;

struct PairWalkOptions {
  double beta = 0.8;
  double noise = 0.0002;         // of one's own return a minute
  double other_sigma = 0.00015;  // of the other's
  std::uint32_t seed = 1;
  Shock shock;
};

// Ticks four times a minute from the opening to 15:25, lunch left out, on each of the dates.
inline PairWalk pair_walk(const std::vector<std::string>& dates, const PairWalkOptions& options = {}) {
  PairWalk walk;
  std::mt19937 random{options.seed};
  std::normal_distribution<double> normal;
  double own = std::log(57000.0);
  double other = std::log(156.0);
  const auto add = [](std::vector<Tick>& ticks, SymbolId symbol, Timestamp t, double price) {
    Tick tick{};
    tick.symbol = symbol;
    tick.ts_event = tick.ts_recv = t;
    tick.price = Price::from_raw(std::llround(std::exp(price) * 1e3) * 1'000'000);
    ticks.push_back(tick);
  };
  for (const auto& date : dates) {
    for (const auto& [from, to] : {std::pair{"09:00", "11:30"}, std::pair{"12:30", "15:25"}}) {
      for (auto t = jst(date + ' ' + from); t < jst(date + ' ' + to); t += 1min) {
        double x = options.other_sigma * normal(random);
        double y = options.beta * x + options.noise * normal(random);
        if (options.shock) options.shock(t, y, x);
        for (int quarter = 0; quarter < 4; ++quarter) {
          own += y / 4;
          other += x / 4;
          add(walk.own, kOwn, t + quarter * 15s + 1s, own);
          add(walk.other, kOther, t + quarter * 15s + 500ms, other);
        }
      }
    }
  }
  return walk;
}

// By event time, as a backtest merges them.
inline std::vector<Tick> merged(const PairWalk& walk) {
  std::vector<Tick> all = walk.own;
  all.insert(all.end(), walk.other.begin(), walk.other.end());
  std::ranges::stable_sort(all, {}, &Tick::ts_event);
  return all;
}

// Each keeps its own order, but ticks of one may come up to `lag` after later ones of the other.
inline std::vector<Tick> interleaved(const PairWalk& walk, Duration lag, std::uint32_t seed) {
  std::mt19937 random{seed};
  std::vector<Tick> all;
  std::size_t a = 0, b = 0;
  bool own_first = true;
  while (a < walk.own.size() || b < walk.other.size()) {
    if (random() % 50 == 0) own_first = !own_first;
    const bool a_left = a < walk.own.size();
    const bool b_left = b < walk.other.size();
    bool own = own_first;
    if (!a_left || (b_left && walk.own[a].ts_event - walk.other[b].ts_event > lag)) own = false;
    if (!b_left || (a_left && walk.other[b].ts_event - walk.own[a].ts_event > lag)) own = true;
    all.push_back(own ? walk.own[a++] : walk.other[b++]);
  }
  return all;
}

}  // namespace yagura::processing::timeline
