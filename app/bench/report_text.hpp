// A report for a terminal.
#pragma once

#include <string>

#include "app/bench/report.hpp"

namespace yagura::app::bench {

[[nodiscard]] std::string report_text(const Report& report);

// "10,000 ticks/s, 10 s, every 10th an alert", and the machine in one line: also the head of the page.
[[nodiscard]] std::string input_line(const Report& report);
[[nodiscard]] std::string machine_line(const SystemInfo& system);

}  // namespace yagura::app::bench
