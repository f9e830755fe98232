#include "config/json_format_reader.hpp"

#include <algorithm>

#include "feeds/json_format.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using feeds::JsonPointer;
using feeds::JsonTimeUnit;

constexpr std::string_view kToken = "{token}";

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::optional<JsonPointer> read_pointer(const TableReader& json, std::string_view key) {
  const auto text = json.text(key);
  if (!text) return std::nullopt;
  auto pointer = JsonPointer::parse(*text);
  if (pointer) return *std::move(pointer);
  json.problem(key, pointer.error().message);
  return std::nullopt;
}

// One string or a list of them.
std::vector<std::string> read_texts(const TableReader& json, const toml::table& table, std::string_view key) {
  const auto* node = table.get(key);
  if (node == nullptr || node->is_array()) return json.texts(key);
  const auto text = json.text(key);
  return text ? std::vector{*text} : std::vector<std::string>{};
}

std::string read_header(const TableReader& json) {
  const auto header = json.text("header").value_or("");
  const auto colon = header.find(':');
  const bool name = colon != std::string::npos && colon > 0 &&
                    std::all_of(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                    });
  const bool value = name && header.find_first_not_of(' ', colon + 1) != std::string::npos &&
                     std::none_of(header.begin(), header.end(), [](char c) { return c >= 0 && c < ' '; });
  if (!header.empty() && !value) json.problem("header", "must be one line such as \"Authorization: Bearer {token}\"");
  return header.empty() || value ? header : std::string{};
}

void check_token(const TableReader& reader, const feeds::JsonFormat& format, const FeedSettings& feed) {
  const auto in = [](const std::string& text) { return has(text, kToken); };
  const bool used = has(feed.url, kToken) || has(format.header, kToken) ||
                    std::any_of(format.subscribe.begin(), format.subscribe.end(), in);
  if (used && !feed.token.given()) reader.problem("token_env", "is missing: {token} stands for it");
  if (!used && feed.token.given())
    reader.problem("json", "names no place for the key: {token} in 'url', 'header' or 'subscribe'");
}

}  // namespace

void read_json_format(const TableReader& reader, FeedSettings& feed) {
  const auto* table = reader.table("json");
  if (table == nullptr) {
    if (!reader.contains("json")) reader.problem("json", "is missing: [feed.json] says how frames are read");
    return;
  }
  const TableReader json{*table, "feed json", reader.path() + ".json", reader.problems()};
  auto format = std::make_shared<feeds::JsonFormat>();
  format->subscribe = read_texts(json, *table, "subscribe");
  format->unsubscribe = read_texts(json, *table, "unsubscribe");
  format->header = read_header(json);
  format->heartbeat = json.text("heartbeat").value_or("");
  format->heartbeat_every = json.duration("heartbeat_every", 1s, 1h).value_or(30s);
  format->list = read_pointer(json, "list");
  format->symbol = read_pointer(json, "symbol");
  format->price = read_pointer(json, "price");
  format->bid = read_pointer(json, "bid");
  format->ask = read_pointer(json, "ask");
  format->time = read_pointer(json, "time");
  format->seq = read_pointer(json, "seq");
  format->error = read_pointer(json, "error");
  static constexpr JsonTimeUnit kUnits[] = {JsonTimeUnit::kSeconds, JsonTimeUnit::kMilliseconds,
                                            JsonTimeUnit::kMicroseconds, JsonTimeUnit::kNanoseconds,
                                            JsonTimeUnit::kIso8601};
  format->time_unit = kUnits[json.choice("time_unit", {"s", "ms", "us", "ns", "iso8601"}).value_or(1)];
  if (!json.contains("symbol") && feed.symbols.size() > 1)
    json.problem("symbol", "is missing, and this feed has more than one symbol");
  if (!json.contains("price") && !(json.contains("bid") && json.contains("ask")))
    json.problem("price", "is missing; wanted 'price', or 'bid' and 'ask'");
  if (!feed.symbols.empty()) format->only_symbol = feed.symbols.begin()->second;
  check_token(reader, *format, feed);
  feed.json = std::move(format);
}

}  // namespace yagura::config
