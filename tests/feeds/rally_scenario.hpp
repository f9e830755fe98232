// The shipped scenario, read here without the settings layer, which feeds may not know.
#pragma once

#include <gtest/gtest.h>

#include <toml++/toml.h>
#include <string>

#include "feeds/scenario.hpp"

namespace yagura::feeds {

class RallyScenario {
 public:
  static const ScenarioOptions& options() {
    static const ScenarioOptions loaded = RallyScenario{}.load();
    return loaded;
  }

 private:
  using Node = toml::node_view<const toml::node>;

  static std::string text(Node node) { return node.value<std::string>().value(); }
  static Price price(Node node) { return parse_price(text(node)).value(); }
  static Timestamp time(Node node) { return parse_iso8601(text(node)).value(); }
  static std::optional<Price> optional_price(Node node) { return node ? std::optional{price(node)} : std::nullopt; }
  static ScenarioPoint point(Node node) {
    return {time(node["at"]), price(node["price"]), optional_price(node["floor"]), optional_price(node["ceiling"])};
  }
  static std::optional<ScenarioPoint> optional_point(Node node) {
    return node ? std::optional{point(node)} : std::nullopt;
  }
  template <class Use>
  static void each(Node list, Use&& use) {
    if (const auto* array = list.as_array()) {
      for (const auto& item : *array) use(Node{&item});
    }
  }

  static ScenarioDay day(Node node) {
    ScenarioDay out{point(node["open"]),
                    optional_point(node["high"]),
                    optional_point(node["low"]),
                    optional_point(node["close"]),
                    optional_price(node["highest"]),
                    optional_price(node["lowest"]),
                    {}};
    each(node["points"], [&](Node item) { out.points.push_back(point(item)); });
    return out;
  }
  static ScenarioInstrument instrument(Node node) {
    ScenarioInstrument out;
    out.symbol = text(node["symbol"]);
    out.kind = text(node["kind"]) == "fx" ? ScenarioKind::kFx : ScenarioKind::kIndex;
    out.tick = parse_price_delta(text(node["tick"])).value();
    out.spacing = parse_duration(text(node["spacing"])).value();
    out.yearly_volatility =
        parse_percent(std::to_string(node["yearly_volatility_pct"].value<double>().value())).value();
    if (node["spread_min"]) out.spread_min = parse_price_delta(text(node["spread_min"])).value();
    if (node["spread_max"]) out.spread_max = parse_price_delta(text(node["spread_max"])).value();
    each(node["closed"], [&](Node item) { out.closed.push_back(parse_date(text(item)).value()); });
    each(node["day"], [&](Node item) { out.days.push_back(day(item)); });
    each(node["fast"], [&](Node item) {
      out.fast.push_back({time(item["from"]), time(item["to"]), parse_duration(text(item["spacing"])).value()});
    });
    return out;
  }
  static ScenarioOptions load() {
    const auto table = toml::parse_file(std::string{YAGURA_ROOT} + "/config/scenarios/2026-02-rally.toml");
    const Node root{&table};
    ScenarioOptions out;
    out.name = text(root["name"]);
    out.seed = static_cast<std::uint64_t>(root["seed"].value<std::int64_t>().value());
    out.until = time(root["until"]);
    each(root["instrument"], [&](Node item) { out.instruments.push_back(instrument(item)); });
    EXPECT_TRUE(root["synthetic"].value_or(false));
    return out;
  }
};

}  // namespace yagura::feeds
