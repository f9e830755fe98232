#include "app/bench/marks.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/time.hpp"

namespace yagura::app::bench {
namespace {

// memmem is the C library's vectorised search.
const char* find_text(std::string_view text, std::string_view what) noexcept {
  return static_cast<const char*>(::memmem(text.data(), text.size(), what.data(), what.size()));
}

}  // namespace

std::optional<std::int64_t> number_behind(std::string_view text, std::string_view key) noexcept {
  const char* const at = find_text(text, key);
  if (at == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const auto read = std::from_chars(at + key.size(), text.data() + text.size(), value);
  return read.ec == std::errc{} ? std::optional{value} : std::nullopt;
}

MarkBook::MarkBook(const Schedule& schedule, MonoTime start, Timestamp start_wall) {
  marks_.reserve(schedule.probes());
  events_.reserve(schedule.probes());
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    if (!schedule.is_probe(i)) continue;
    marks_.push_back({.tick = i, .intended = start + schedule.due()[i]});
    events_.push_back(to_ns(start_wall + schedule.due()[i]));
  }
}

Mark* MarkBook::find(std::int64_t event_ns) noexcept {
  if (expected_ < events_.size() && events_[expected_] == event_ns) return &marks_[expected_++];
  const auto at = std::lower_bound(events_.begin(), events_.end(), event_ns);
  if (at == events_.end() || *at != event_ns) return nullptr;
  expected_ = static_cast<std::size_t>(at - events_.begin()) + 1;
  return &marks_[expected_ - 1];
}

bool MarkBook::on_message(std::string_view text, MonoTime at, std::int64_t wall_minus_mono) noexcept {
  if (!text.starts_with(R"({"type":"alert")")) return false;
  if (find_text(text, R"("instrument":"PROBE")") == nullptr) {
    ++other_alerts_;
    return false;
  }
  const auto event = number_behind(text, R"("ts_event_ns":)");
  Mark* const mark = event ? find(*event) : nullptr;
  if (mark == nullptr) {
    ++other_alerts_;
    return false;
  }
  if (mark->answered()) {
    ++repeated_;
    return false;
  }
  mark->received = at;
  mark->wall_minus_mono = wall_minus_mono;
  mark->recv_ns = number_behind(text, R"("ts_recv_ns":)").value_or(0);
  mark->decided_ns = number_behind(text, R"("ts_decided_ns":)").value_or(0);
  alert_bytes_ = text.size();
  ++answered_;
  return true;
}

}  // namespace yagura::app::bench
