#include "baselines/tick_scanner.hpp"

namespace yagura::baselines {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
 public:
  explicit Scanner(std::string_view json) : at_(json.data()), end_(json.data() + json.size()) {}

  bool take(char wanted) {
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }
  std::optional<std::string_view> string() {
    if (!take('"')) return std::nullopt;
    const char* from = at_;
    while (at_ != end_ && *at_ != '"' && *at_ != '\\') ++at_;
    const std::string_view text{from, static_cast<std::size_t>(at_ - from)};
    return take('"') ? std::optional{text} : std::nullopt;
  }
  std::optional<std::int64_t> integer() {
    const char* from = at_;
    std::int64_t value = 0;
    for (; at_ != end_ && is_digit(*at_) && at_ - from < 19; ++at_) value = value * 10 + (*at_ - '0');
    return at_ != from ? std::optional{value} : std::nullopt;
  }

 private:
  const char* at_;
  const char* end_;
};

// "150.001" in 1e-9. Up to nine digits either side of the point; nothing for any other text.
std::optional<std::int64_t> price_of(std::string_view text) {
  std::int64_t raw = 0;
  std::size_t at = 0;
  for (; at < text.size() && is_digit(text[at]) && at < 9; ++at) raw = raw * 10 + (text[at] - '0');
  if (at == 0) return std::nullopt;
  std::int64_t unit = 1'000'000'000;
  raw *= unit;
  if (at < text.size() && text[at] == '.')
    for (++at; at < text.size() && is_digit(text[at]) && unit > 1; ++at) raw += (unit /= 10) * (text[at] - '0');
  return at == text.size() ? std::optional{raw} : std::nullopt;
}

struct Fields {
  std::string_view type;
  std::string_view symbol;
  std::string_view price;
  std::string_view bid;
  std::string_view ask;
  std::int64_t ts_ns = 0;

  void set(std::string_view key, std::string_view value) {
    if (key == "type") type = value;
    if (key == "symbol") symbol = value;
    if (key == "price") price = value;
    if (key == "bid") bid = value;
    if (key == "ask") ask = value;
  }
};

std::optional<Fields> fields_of(std::string_view json) {
  Scanner scanner{json};
  Fields fields;
  if (!scanner.take('{')) return std::nullopt;
  do {
    const auto key = scanner.string();
    if (!key || !scanner.take(':')) return std::nullopt;
    if (const auto number = scanner.integer()) {
      if (*key == "ts_ns") fields.ts_ns = *number;
    } else if (const auto text = scanner.string()) {
      fields.set(*key, *text);
    } else {
      return std::nullopt;
    }
  } while (scanner.take(','));
  return scanner.take('}') ? std::optional{fields} : std::nullopt;
}

}  // namespace

std::optional<ScannedTick> scan_tick(std::string_view json) noexcept {
  const auto fields = fields_of(json);
  if (!fields || fields->type != "tick") return std::nullopt;
  if (const auto price = price_of(fields->price)) return ScannedTick{fields->symbol, fields->ts_ns, *price};
  const auto bid = price_of(fields->bid);
  const auto ask = price_of(fields->ask);
  if (!bid || !ask) return std::nullopt;
  return ScannedTick{fields->symbol, fields->ts_ns, (*bid + *ask) / 2};
}

}  // namespace yagura::baselines
