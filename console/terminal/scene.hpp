// All that a panel draws from, for the time of one draw().
#pragma once

#include <string>
#include <string_view>

#include "console/terminal/desk.hpp"
#include "console/terminal/line.hpp"
#include "console/terminal/look.hpp"
#include "console/terminal/model.hpp"
#include "console/terminal/words.hpp"

namespace yagura::console::terminal {

struct Scene {
  const Model& model;
  const Desk& desk;
  const Look& look;
  MonoTime now;
  Timestamp wall;
  Lang lang;
  Zone zone;

  [[nodiscard]] Line line() const { return Line{look.unicode}; }
  [[nodiscard]] std::string_view say(std::string_view key) const { return terminal::say(lang, key); }
  [[nodiscard]] std::string say(std::string_view key, std::initializer_list<std::string_view> values) const {
    return filled(terminal::say(lang, key), values);
  }
  [[nodiscard]] std::string named(std::string_view group, std::string_view name) const {
    return terminal::named(lang, group, name);
  }
  [[nodiscard]] std::string_view tick_mark() const { return look.unicode ? "✓" : "v"; }
  [[nodiscard]] std::string_view name_of(const InstrumentSnapshot& row) const {
    if (lang == Lang::kJapanese && !row.name_ja.empty()) return row.name_ja;
    return row.name.empty() ? row.symbol : row.name;
  }
  // The row of a symbol; null when it is not watched.
  [[nodiscard]] const InstrumentSnapshot* instrument(std::string_view symbol) const {
    if (model.state() == nullptr) return nullptr;
    for (const auto& row : model.state()->instruments) {
      if (row.symbol == symbol) return &row;
    }
    return nullptr;
  }
  [[nodiscard]] std::string_view name_of(std::string_view symbol) const {
    const auto* const row = instrument(symbol);
    return row == nullptr ? symbol : name_of(*row);
  }

  // The market's time: that of a replay in a replay; ours before there is one.
  [[nodiscard]] Timestamp market_now() const;
  // "LIVE", "STALE", …; "LOST" while nobody can know.
  [[nodiscard]] std::string_view condition(std::size_t instrument) const;
};

// Whether prices in that condition are not to be taken for those of now.
[[nodiscard]] bool is_old(std::string_view condition);
[[nodiscard]] Ink ink_of(std::string_view condition);

// "Feeds ---------- 3 of 4 ----": the head of a panel.
[[nodiscard]] Line head(const Scene& scene, std::string_view title, int columns, std::string_view right = {});

}  // namespace yagura::console::terminal
