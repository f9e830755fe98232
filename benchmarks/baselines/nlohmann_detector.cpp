#include "baselines/nlohmann_detector.hpp"

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace yagura::baselines {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;  // keys as written: readers look for the type first

constexpr double kScale = 1e9;
constexpr std::size_t kSlack = 32;  // by which the numbers of later alerts may be longer

double number(const json& text) { return std::stod(text.get_ref<const std::string&>()); }

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::optional<Tick> parse_tick(std::string_view message) {
  const auto tick = json::parse(message);
  if (tick.at("type") != "tick") return std::nullopt;
  const auto price = tick.find("price");
  return Tick{tick.at("symbol").get<std::string>(), tick.at("ts_ns").get<std::int64_t>(),
              price != tick.end() ? number(*price) : (number(tick.at("bid")) + number(tick.at("ask"))) / 2};
}

NlohmannDetector::NlohmannDetector(std::size_t alert_bytes, std::function<void(std::string)> publish)
    : alert_bytes_(alert_bytes), publish_(std::move(publish)), thread_([this] { run(); }) {}

NlohmannDetector::~NlohmannDetector() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void NlohmannDetector::push(Tick tick) {
  {
    const std::lock_guard lock{mutex_};
    ticks_.push_back(std::move(tick));
  }
  changed_.notify_one();
}

void NlohmannDetector::run() {
  std::deque<Tick> batch;
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return stopping_ || !ticks_.empty(); });
      if (stopping_) return;
      batch.swap(ticks_);
    }
    for (const auto& tick : batch) on_tick(tick);
    batch.clear();
  }
}

void NlohmannDetector::on_tick(const Tick& tick) {
  auto* watch = watches_.find(tick.symbol);
  if (watch == nullptr) return;
  if (const auto crossing = watch->thresholds.on_price(std::llround(tick.price * kScale)))
    publish_(words(tick, *crossing));
}

std::string NlohmannDetector::words(const Tick& tick, const Thresholds::Crossing& crossing) {
  ordered_json alert = {{"v", 1},
                        {"seq", ++count_},
                        {"kind", "milestone"},
                        {"event", crossing.reached ? "reached" : "lost"},
                        {"instrument", tick.symbol},
                        {"direction", crossing.reached ? "up" : "down"},
                        {"price", tick.price},
                        {"previous", static_cast<double>(crossing.previous) / kScale},
                        {"level", static_cast<double>(crossing.level) / kScale},
                        {"ts_event_ns", tick.ts_ns},
                        {"ts_decided_ns", now_ns()},
                        {"text", text_}};
  auto message = ordered_json{{"type", "alert"}, {"alert", std::move(alert)}}.dump();
  // The text is as long as the first alert leaves room for; blanks do the rest.
  if (text_.empty() && message.size() + kSlack < alert_bytes_)
    text_.assign(alert_bytes_ - kSlack - message.size(), '.');
  if (message.size() < alert_bytes_) message.resize(alert_bytes_, ' ');
  return message;
}

}  // namespace yagura::baselines
