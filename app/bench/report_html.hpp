// A report as one page that needs nothing else: no script, no font, no picture from outside.
#pragma once

#include <string>

#include "app/bench/report.hpp"

namespace yagura::app::bench {

[[nodiscard]] std::string report_html(const Report& report);

}  // namespace yagura::app::bench
