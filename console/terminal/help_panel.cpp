// The keys, explained.
#include "console/terminal/panels.hpp"

namespace yagura::console::terminal {

Lines help_panel(const Scene& scene, int columns, int rows) {
  struct Row {
    std::string_view keys, words;
  };
  constexpr Row kRows[] = {{"Up Down j k PgUp PgDn Home End", "help.move"},
                           {"Enter e", "help.detail"},
                           {"/", "help.filter"},
                           {"f", "help.least"},
                           {"a A", "help.ack"},
                           {"u", "help.unack"},
                           {"s", "help.silence"},
                           {"+ l", "help.level"},
                           {"-", "help.unlevel"},
                           {"Tab", "help.panel"},
                           {"L", "help.lang"},
                           {"z", "help.zone"},
                           {"Ctrl-L", "help.redraw"},
                           {"q", "help.quit"}};
  Lines lines;
  lines.push_back(head(scene, scene.say("help"), columns, scene.say("help.closed")));
  const int keys = columns >= 70 ? 32 : 16;
  for (const auto& row : kRows) {
    auto& line = lines.emplace_back(scene.line());
    line.add(" ").cell(row.keys, keys - 1, Ink::kStrong).add(" ").add(scene.say(row.words)).cut(columns);
  }
  lines.push_back(scene.line()
                      .add(" ")
                      .add(scene.say("help.marks", {scene.tick_mark(), scene.look.unicode ? "·" : "."}), Ink::kSoft)
                      .cut(columns));
  keep_first(lines, rows);
  return lines;
}

}  // namespace yagura::console::terminal
