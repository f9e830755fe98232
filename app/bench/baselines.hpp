// The programs that Yagura is held against (benchmarks/baselines), where they are and how they are started.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/bench/subject.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

// The command of one, with its feed's port, or why it cannot be run here: not built, no node, no ws. They are looked
// for in $YAGURA_BASELINES, a folder, then beside this program.
[[nodiscard]] Result<std::vector<std::string>> baseline_command(const Path& path, std::uint16_t feed_port,
                                                                std::size_t alert_bytes);

}  // namespace yagura::app::bench
