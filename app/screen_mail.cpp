#include "app/screen_mail.hpp"

#include <algorithm>
#include <iterator>

namespace yagura::app {
namespace {

// The server writes the type first.
bool is(const ScreenEvent& event, std::string_view type) {
  const auto* const message = std::get_if<ScreenMessage>(&event);
  return message != nullptr && message->json.starts_with(type);
}
constexpr std::string_view kTick = R"({"type":"tick")";
constexpr std::string_view kState = R"({"type":"state")";

std::size_t size_of(const ScreenEvent& event) {
  const auto* const message = std::get_if<ScreenMessage>(&event);
  return message == nullptr ? 0 : message->json.size();
}

}  // namespace

bool ScreenMail::put(std::string_view json) {
  bool first = false;
  {
    const std::lock_guard lock{mutex_};
    const auto drop = [this](std::string_view type) {
      const auto old = std::ranges::find_if(events_, [&](const auto& event) { return is(event, type); });
      if (old == events_.end()) return;
      bytes_ -= size_of(*old);
      events_.erase(old);
    };
    const bool tick = json.starts_with(kTick);
    if (json.starts_with(kState)) {
      drop(kState);
    } else if (tick && ticks_ == kMostTicks) {
      drop(kTick);
      --ticks_;
    }
    if (bytes_ + json.size() > most_bytes_) return false;
    first = events_.empty();
    ticks_ += tick ? 1 : 0;
    events_.push_back(ScreenMessage{std::string(json)});
    bytes_ += json.size();
  }
  if (first) wake_();
  return true;
}

void ScreenMail::put(ScreenLost lost) {
  {
    const std::lock_guard lock{mutex_};
    if (!events_.empty() && std::holds_alternative<ScreenLost>(events_.back())) events_.pop_back();
    events_.push_back(std::move(lost));
  }
  wake_();
}

void ScreenMail::put(ScreenAnswer answer) { put_event(std::move(answer)); }
void ScreenMail::put(ScreenFetched fetched) { put_event(std::move(fetched)); }

void ScreenMail::put_event(ScreenEvent event) {
  {
    const std::lock_guard lock{mutex_};
    events_.push_back(std::move(event));
  }
  wake_();
}

std::vector<ScreenEvent> ScreenMail::take() {
  const std::lock_guard lock{mutex_};
  std::vector<ScreenEvent> taken{std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end())};
  events_.clear();
  bytes_ = ticks_ = 0;
  return taken;
}

bool ScreenMail::empty() const {
  const std::lock_guard lock{mutex_};
  return events_.empty();
}

}  // namespace yagura::app
