#include "app/sink_log.hpp"

#include <fmt/format.h>

#include "app/log.hpp"

namespace yagura::app {

void SinkLog::on_second(const std::vector<alerts::SinkStatus>& sinks) {
  for (const auto& sink : sinks) {
    auto& known = known_[sink.name];
    if (sink.off && !known.off) {
      log_event(spdlog::level::err, "sink_off", {{"sink", sink.name}},
                fmt::format("sink {}: switched off until the next start: {}; {} alerts wait", sink.name,
                            sink.last_problem, sink.waiting));
    } else if (sink.down && !known.down && !sink.off) {
      log_event(spdlog::level::warn, "sink_down", {{"sink", sink.name}},
                fmt::format("sink {}: does not take alerts: {}; {} wait and are tried again", sink.name,
                            sink.last_problem, sink.waiting));
    } else if (!sink.down && known.down && !sink.off) {
      log_event(spdlog::level::info, "sink_up", {{"sink", sink.name}}, fmt::format("sink {}: works again", sink.name));
    }
    if (sink.dead > known.dead) {
      log_event(spdlog::level::err, "dead_letter", {{"sink", sink.name}},
                fmt::format("sink {}: {} dead letter{}, the last: {}; `yagura alerts resend` tries again", sink.name,
                            sink.dead, sink.dead == 1 ? "" : "s", sink.last_problem));
    }
    known = {sink.down, sink.off, sink.dead};
  }
}

}  // namespace yagura::app
