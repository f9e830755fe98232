#include "alerts/channels/chat_text.hpp"

#include <algorithm>

#include "alerts/plain_text.hpp"
#include "core/net/url.hpp"

namespace yagura::alerts {
namespace {

constexpr std::string_view kEllipsis = "…";

std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

std::size_t length(std::string_view text, LengthUnit unit) {
  if (unit == LengthUnit::kBytes) return text.size();
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0U) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

}  // namespace

std::string headline(const Letter& letter) {
  return (letter.purpose == Letter::Purpose::kTest ? "[TEST] " : "") + printable(letter.title);
}

std::string body_lines(const Letter& letter) {
  std::string lines;
  for (std::string_view rest = letter.text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines += printable(line);
    if (end < rest.size()) lines += '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

std::string short_id(const Letter& letter) { return to_string(letter.id).substr(0, 8); }

std::string_view acknowledge_label(Language language) {
  return language == Language::kJapanese ? "確認する" : "Acknowledge";
}

std::string acknowledge_link(const Letter& letter) {
  constexpr std::size_t kLongest = 512;  // a Discord button's limit, the lowest of them
  const bool fits =
      letter.ack_url.size() <= kLongest && letter.ack_url.find_first_of("<>()[]\"'\\`|") == std::string::npos;
  return fits && net::parse_secret_url(letter.ack_url, net::Carrier::kHttp) ? letter.ack_url : std::string{};
}

std::string cut(std::string_view text, std::size_t limit, LengthUnit unit, const Escape& escape) {
  const auto room_for_ellipsis = length(kEllipsis, unit);
  std::string out;
  std::size_t used = 0, last_fit = 0;
  while (!text.empty()) {
    const auto character = text.substr(0, character_size(text.front()));
    text.remove_prefix(character.size());
    const auto written = escape ? escape(character, text) : std::string{character};
    used += length(written, unit);
    if (used > limit) {
      out.resize(last_fit);
      return out.append(kEllipsis);
    }
    out += written;
    if (used + room_for_ellipsis <= limit) last_fit = out.size();
  }
  return out;
}

std::string escape_angles(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace yagura::alerts
