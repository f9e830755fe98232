#include "config/table_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "config/schema.hpp"

namespace yagura::config {

TableReader::TableReader(const toml::table& table, std::string_view section, std::string path, Problems& problems)
    : table_(table), path_(std::move(path)), problems_(problems) {
  if (section.empty() && path_.empty()) return;  // top level checks itself
  for (const auto& [key, value] : table) {
    if (is_key(section, key.str())) continue;
    const auto close = suggestion(section, key.str());
    problems_.add(line_of(value), path_ + "." + std::string(key.str()),
                  close.empty() ? "no such key" : "no such key; did you mean '" + std::string(close) + "'?");
  }
}

const toml::node* TableReader::node(std::string_view key) const { return table_.get(key); }

void TableReader::problem(std::string_view key, std::string_view message) const {
  const auto* at = node(key);
  problems_.add(at == nullptr ? line() : line_of(*at), path_ + (key.empty() ? "" : ".") + std::string(key), message);
}

std::optional<std::string> TableReader::text(std::string_view key) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  if (const auto* value = at->as_string()) return value->get();
  problem(key, "must be a string in quotes");
  return std::nullopt;
}

std::optional<bool> TableReader::flag(std::string_view key) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  if (const auto* value = at->as_boolean()) return value->get();
  problem(key, "must be true or false");
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t low, std::int64_t high) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  const auto* value = at->as_integer();
  if (value != nullptr && value->get() >= low && value->get() <= high) return value->get();
  const auto digits = decimal(*at);
  problem(key, "must be an integer from " + std::to_string(low) + " to " + std::to_string(high) +
                   (digits ? ", not " + *digits : ""));
  return std::nullopt;
}

std::optional<double> TableReader::number(std::string_view key, double low, double high) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  const auto value = at->is_number() ? at->value<double>() : std::nullopt;
  if (value && *value >= low && *value <= high) return value;
  const auto digits = decimal(*at);
  problem(key, fmt::format("must be a number from {} to {}{}", low, high, digits ? ", not " + *digits : ""));
  return std::nullopt;
}

std::optional<Duration> TableReader::duration(std::string_view key, Duration low, Duration high) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  const auto* value = at->as_string();
  const auto parsed = value == nullptr ? std::nullopt : parse_duration(value->get());
  if (parsed && *parsed >= low && *parsed <= high) return parsed;
  problem(key, "must be a duration with a unit, \"" + format_duration(low) + "\" to \"" + format_duration(high) + "\"" +
                   (value == nullptr ? "" : ", not \"" + value->get() + "\""));
  return std::nullopt;
}

std::optional<std::string> TableReader::decimal(const toml::node& node) {
  if (const auto* value = node.as_string()) return value->get();
  std::array<char, 64> text{};
  if (const auto* value = node.as_integer()) {
    return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value->get()).ptr);
  }
  if (const auto* value = node.as_floating_point()) {
    // The shortest decimal that reads back: what the file said.
    return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value->get()).ptr);
  }
  return std::nullopt;
}

std::optional<Price> TableReader::price(std::string_view key) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  const auto digits = decimal(*at);
  const auto parsed = digits ? parse_price(*digits) : std::nullopt;
  if (parsed && parsed->raw() > 0) return parsed;
  problem(key, "must be a price above zero" + (digits ? ", not \"" + *digits + "\"" : std::string{}));
  return std::nullopt;
}

std::optional<PriceDelta> TableReader::distance(std::string_view key) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  const auto digits = decimal(*at);
  const auto parsed = digits ? parse_price_delta(*digits) : std::nullopt;
  if (parsed && parsed->raw() >= 0) return parsed;
  problem(key, "must be a distance in price units, not negative" +
                   (digits ? "; it says \"" + *digits + "\"" : std::string{}));
  return std::nullopt;
}

std::optional<Percent> TableReader::percent(std::string_view key) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  const auto digits = decimal(*at);
  const auto parsed = digits ? parse_percent(*digits) : std::nullopt;
  if (parsed && parsed->units() >= 0 && parsed->units() < Percent::kWhole) return parsed;
  problem(key, "must be a percentage from 0 to below 100" + (digits ? ", not \"" + *digits + "\"" : std::string{}));
  return std::nullopt;
}

std::optional<processing::Band> TableReader::band(std::string_view key) const {
  const std::string percent_key = std::string(key) + "_pct";
  if (contains(key) && contains(percent_key)) {
    problem(key, "stands beside '" + percent_key + "'; give one of them");
    return std::nullopt;
  }
  if (const auto points = distance(key)) return processing::Band::of_points(*points);
  if (const auto share = percent(percent_key)) return processing::Band::of_percent(*share);
  return std::nullopt;
}

std::optional<std::size_t> TableReader::choice(std::string_view key,
                                               std::initializer_list<std::string_view> names) const {
  const auto* at = node(key);
  if (at == nullptr) return std::nullopt;
  if (const auto* value = at->as_string()) {
    std::size_t i = 0;
    for (const auto name : names) {
      if (value->get() == name) return i;
      ++i;
    }
  }
  std::string allowed;
  for (const auto name : names) allowed += (allowed.empty() ? "\"" : ", \"") + std::string(name) + "\"";
  const auto written = decimal(*at);
  problem(key, "must be one of " + allowed + (written ? ", not \"" + *written + "\"" : ""));
  return std::nullopt;
}

std::vector<std::string> TableReader::texts(std::string_view key) const {
  std::vector<std::string> result;
  const auto* list = array(key);
  if (list == nullptr) return result;
  for (const auto& element : *list) {
    if (const auto* value = element.as_string())
      result.push_back(value->get());
    else
      problem(key, "must hold strings only");
  }
  return result;
}

const toml::array* TableReader::array(std::string_view key) const {
  const auto* at = node(key);
  if (at == nullptr) return nullptr;
  if (const auto* list = at->as_array()) return list;
  problem(key, "must be an array in [ ]");
  return nullptr;
}

const toml::table* TableReader::table(std::string_view key) const {
  const auto* at = node(key);
  if (at == nullptr) return nullptr;
  if (const auto* inner = at->as_table()) return inner;
  problem(key, "must be a table");
  return nullptr;
}

}  // namespace yagura::config
