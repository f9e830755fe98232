// Configuration texts in, settings or problems out. A test that expects settings shows the problems
// it got instead.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/load.hpp"

namespace yagura::config {

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

inline std::vector<std::string> problems_of(std::string_view toml) { return load_text(toml, "desk.toml").problems; }

inline Settings settings_of(std::string_view toml) {
  auto loaded = load_text(toml, "desk.toml");
  EXPECT_TRUE(loaded.ok()) << joined(loaded.problems) << "in\n" << toml;
  return std::move(loaded.settings);
}

// The options of the first rule, which must be of kind T.
template <class T>
T rule_of(std::string_view toml) {
  const auto settings = settings_of(toml);
  if (settings.monitor.rules.empty()) {
    ADD_FAILURE() << "no rule in\n" << toml;
    return {};
  }
  const auto* kind = std::get_if<T>(&settings.monitor.rules[0].kind);
  if (kind == nullptr) ADD_FAILURE() << "another kind of rule in\n" << toml;
  return kind == nullptr ? T{} : *kind;
}

inline Price price(std::string_view text) {
  const auto parsed = parse_price(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Price{});
}
inline PriceDelta distance(std::string_view text) { return price(text) - Price{}; }

inline std::string read_all(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>{in}, {}};
}

// A folder of its own, gone with the test.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "yagura-config-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder at " << name;
    path_ = name;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  std::string write(std::string_view name, std::string_view text) const {
    std::ofstream{*this / name, std::ios::binary} << text;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace yagura::config
