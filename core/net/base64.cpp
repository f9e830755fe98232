#include "core/net/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace yagura::net {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kInvalid = 0xff;

constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kInvalid);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

constexpr std::uint8_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }
constexpr char byte_of(std::uint32_t bits, int shift) { return static_cast<char>((bits >> shift) & 0xff); }

}  // namespace

bool decode_base64(std::string_view text, std::string& out) {
  out.clear();
  if (text.empty()) return true;
  if (text.size() % 4 != 0) return false;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  out.reserve(text.size() / 4 * 3 + 3);

  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = value_of(c);
    if (value == kInvalid) return false;
    bits = bits << 6 | value;
    if (++held < 4) continue;
    for (const int shift : {16, 8, 0}) out += byte_of(bits, shift);
    bits = 0;
    held = 0;
  }
  if (padding == 1) {
    if ((bits & 0x3) != 0) return false;
    out += byte_of(bits, 10);
    out += byte_of(bits, 2);
  } else if (padding == 2) {
    if ((bits & 0xf) != 0) return false;
    out += byte_of(bits, 4);
  }
  return true;
}

void append_base64(std::string& out, std::string_view bytes) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    out += kAlphabet[bits >> 18];
    out += kAlphabet[(bits >> 12) & 63];
    out += i + 1 < bytes.size() ? kAlphabet[(bits >> 6) & 63] : '=';
    out += i + 2 < bytes.size() ? kAlphabet[bits & 63] : '=';
  }
}

}  // namespace yagura::net
