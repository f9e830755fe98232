// One TOML table, read key by key with every problem noted. Inside config/ only.
#pragma once

#include <concepts>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "config/problems.hpp"
#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/rules.hpp"

namespace yagura::config {

class TableReader {
 public:
  // `section` names the keys of the schema, `path` is for messages: "rule 'nikkei-record'".
  // Unknown keys are reported at once.
  TableReader(const toml::table& table, std::string_view section, std::string path, Problems& problems);

  [[nodiscard]] bool contains(std::string_view key) const { return table_.contains(key); }
  void problem(std::string_view key, std::string_view message) const;
  // Reports `key` as missing.
  void missing(std::string_view key) const { problem(key, "is missing"); }

  // Each gives nothing when the key is absent, or wrong and then reported.
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  [[nodiscard]] std::optional<bool> flag(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high) const;
  // With a fraction; no infinity, no NaN.
  [[nodiscard]] std::optional<double> number(std::string_view key, double low, double high) const;
  [[nodiscard]] std::optional<Duration> duration(std::string_view key, Duration low, Duration high) const;
  [[nodiscard]] std::optional<Price> price(std::string_view key) const;          // > 0
  [[nodiscard]] std::optional<PriceDelta> distance(std::string_view key) const;  // >= 0
  [[nodiscard]] std::optional<Percent> percent(std::string_view key) const;      // 0 <= p < 100
  // `key` in price units or `key_pct`; both is a problem.
  [[nodiscard]] std::optional<processing::Band> band(std::string_view key) const;
  // One of the names; gives its index.
  [[nodiscard]] std::optional<std::size_t> choice(std::string_view key,
                                                  std::initializer_list<std::string_view> names) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
  [[nodiscard]] const toml::array* array(std::string_view key) const;
  [[nodiscard]] const toml::table* table(std::string_view key) const;

  // A number or string node as decimal text, without going through a rounded double.
  [[nodiscard]] static std::optional<std::string> decimal(const toml::node& node);
  [[nodiscard]] static std::size_t line_of(const toml::node& node) { return node.source().begin.line; }
  [[nodiscard]] std::size_t line() const { return line_of(table_); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Problems& problems() const { return problems_; }

 private:
  [[nodiscard]] const toml::node* node(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  Problems& problems_;
};

}  // namespace yagura::config
