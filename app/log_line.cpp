#include "app/log_line.hpp"

#include <algorithm>
#include <functional>  // hash

#include "core/json_writer.hpp"

namespace yagura::app {
namespace {

constexpr char kPacked = '\x1e';  // first character of an event; ends its head
constexpr char kPart = '\x1f';    // between name, keys and values

constexpr auto kMinute = std::chrono::minutes{1};
constexpr int kMostAlike = 8;
constexpr std::size_t kMostTexts = 1'000;  // then all are forgotten: no memory to fill up

void append_part(std::string& out, std::string_view part) {
  std::ranges::remove_copy_if(part, std::back_inserter(out), [](char c) { return c == kPacked || c == kPart; });
}

std::string_view head_of(std::string_view payload) {
  if (!payload.starts_with(kPacked)) return {};
  return payload.substr(1, payload.find(kPacked, 1) - 1);
}

std::string_view next_part(std::string_view& rest) {
  const auto end = std::min(rest.find(kPart), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), end + 1));
  return part;
}

}  // namespace

std::string pack_event(std::string_view event,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> fields,
                       std::string_view text) {
  std::string out(1, kPacked);
  append_part(out, event);
  for (const auto& [key, value] : fields) {
    out += kPart;
    append_part(out, key);
    out += kPart;
    append_part(out, value);
  }
  out += kPacked;
  return out.append(text);
}

std::string_view text_of(std::string_view payload) {
  if (!payload.starts_with(kPacked)) return payload;
  const auto end = payload.find(kPacked, 1);
  return end == std::string_view::npos ? std::string_view{} : payload.substr(end + 1);
}

void append_json_line(std::string& out, Timestamp ts, std::string_view level, std::string_view payload) {
  auto head = head_of(payload);
  const auto event = next_part(head);
  JsonWriter json{out};
  json.begin_object().field("ts", format_utc(ts)).field("level", level);
  json.field("event", event.empty() ? std::string_view{"message"} : event);
  while (!head.empty()) {
    const auto key = next_part(head);
    json.field(key, next_part(head));
  }
  json.field("text", text_of(payload)).end_object();
  out += '\n';
}

std::optional<std::uint64_t> RepeatFilter::admit(std::string_view text, MonoTime now) {
  if (said_.size() >= kMostTexts) said_.clear();
  auto& said = said_[std::hash<std::string_view>{}(text)];
  if (said.count == 0 || now - said.since >= kMinute) {
    said.since = now;
    said.count = 0;
  }
  if (said.count >= kMostAlike) {
    ++said.held_back;
    ++held_back_;
    return std::nullopt;
  }
  ++said.count;
  return std::exchange(said.held_back, 0);
}

}  // namespace yagura::app
