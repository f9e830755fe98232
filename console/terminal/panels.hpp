// The parts of the screen. Each gives at most `rows` lines; none is wider than it likes, the view cuts.
#pragma once

#include "console/terminal/scene.hpp"

namespace yagura::console::terminal {

[[nodiscard]] Line title_bar(const Scene& scene, int columns);
// What must be known before anything else is believed: a lost link, trouble, what kind of prices these are.
[[nodiscard]] Line notice_bar(const Scene& scene, int columns);
[[nodiscard]] Line session_bar(const Scene& scene, int columns);
[[nodiscard]] Lines session_clocks(const Scene& scene);  // one for each calendar
// The keys, how a request went, or the entry and what it expects; `cursor` is its column then.
[[nodiscard]] Lines bottom(const Scene& scene, int columns, std::optional<int>& cursor);

// 1, 2 or 5 rows for each instrument; more of them have more room for the sparkline.
[[nodiscard]] Lines prices_panel(const Scene& scene, int columns, int rows_each);

// With their heads.
[[nodiscard]] Lines distances_panel(const Scene& scene, int columns, int rows);
[[nodiscard]] Lines tape_panel(const Scene& scene, int columns, int rows);
[[nodiscard]] Lines feeds_table(const Scene& scene, int columns, int rows);
[[nodiscard]] Lines latency_table(const Scene& scene, int columns, int rows);
[[nodiscard]] Lines pair_table(const Scene& scene, int columns, int rows);
// Pair, intervention and session clocks, without heads where the tables have no room.
[[nodiscard]] Lines markets_panel(const Scene& scene, int columns, int rows);
[[nodiscard]] Lines alert_panel(const Scene& scene, int columns, int rows);
[[nodiscard]] Lines help_panel(const Scene& scene, int columns, int rows);

// The same as lines with a label in front, for screens without room.
[[nodiscard]] Lines pair_lines(const Scene& scene, int columns, int rows);
[[nodiscard]] Lines feeds_lines(const Scene& scene, int columns, int rows);
[[nodiscard]] Line latency_line(const Scene& scene, int columns);

}  // namespace yagura::console::terminal
