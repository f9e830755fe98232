#include "feeds/backoff.hpp"

#include <array>
#include <charconv>

namespace yagura::feeds {
namespace {

constexpr Duration kLongestRetryAfter = std::chrono::hours{24};

template <class T>
bool read_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<unsigned> month_number(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const found = std::find(kMonths.begin(), kMonths.end(), name);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", the one form servers may send (RFC 9110, 5.6.7).
std::optional<Timestamp> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 29 || text.substr(25) != " GMT" || text.substr(3, 2) != ", ") return std::nullopt;
  unsigned day_number = 0;
  int year_number = 0;
  int h = 0;
  int m = 0;
  int s = 0;
  const auto month_of = month_number(text.substr(8, 3));
  if (!month_of || !read_number(text.substr(5, 2), day_number) || !read_number(text.substr(12, 4), year_number) ||
      !read_number(text.substr(17, 2), h) || !read_number(text.substr(20, 2), m) ||
      !read_number(text.substr(23, 2), s)) {
    return std::nullopt;
  }
  const year_month_day date{year{year_number}, month{*month_of}, day{day_number}};
  if (!date.ok() || year_number < 1970 || year_number > 2200) return std::nullopt;
  return Timestamp{sys_days{date}.time_since_epoch() + hours{h} + minutes{m} + seconds{s}};
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view text, Timestamp now) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (std::uint32_t count = 0; read_number(text, count)) {
    return std::min<Duration>(std::chrono::seconds{count}, kLongestRetryAfter);
  }
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp<Duration>(*date - now, Duration{0}, kLongestRetryAfter);
}

}  // namespace yagura::feeds
