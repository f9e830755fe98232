// How a line of the log looks, and which are too many. Plain functions and values, for app/log.cpp.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/time.hpp"

namespace yagura::app {

// An event on its way through spdlog, which carries one string: control characters part name, fields
// and text. They are taken out of what is packed.
[[nodiscard]] std::string pack_event(std::string_view event,
                                     std::initializer_list<std::pair<std::string_view, std::string_view>> fields,
                                     std::string_view text);
// What of a packed or plain line is for people.
[[nodiscard]] std::string_view text_of(std::string_view payload);
// {"ts":…,"level":…,"event":…,FIELDS,"text":…} and a newline. A plain line is the event "message".
void append_json_line(std::string& out, Timestamp ts, std::string_view level, std::string_view payload);

// A line that says the same again and again: eight a minute, the others are counted.
class RepeatFilter {
 public:
  // nullopt: hold it back. Else how many like it were held back before.
  [[nodiscard]] std::optional<std::uint64_t> admit(std::string_view text, MonoTime now);
  [[nodiscard]] std::uint64_t held_back() const { return held_back_; }

 private:
  struct Said {
    MonoTime since{};
    int count = 0;
    std::uint64_t held_back = 0;
  };
  std::unordered_map<std::size_t, Said> said_;  // by hash
  std::uint64_t held_back_ = 0;
};

}  // namespace yagura::app
