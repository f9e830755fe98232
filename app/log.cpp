#include "app/log.hpp"

#include <cstdlib>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace yagura::app {

void set_up_log(const std::string& level) {
  spdlog::init_thread_pool(8192, 1);
  const bool plain = std::getenv("NO_COLOR") != nullptr;
  auto logger = spdlog::create_async_nb<spdlog::sinks::stderr_color_sink_mt>(
      "yagura", plain ? spdlog::color_mode::never : spdlog::color_mode::automatic);
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace yagura::app
