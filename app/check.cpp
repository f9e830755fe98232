// yagura check: validates a configuration and prints what will be in force.
#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "alerts/outbox.hpp"
#include "app/calendar_page.hpp"
#include "app/commands.hpp"
#include "app/machine.hpp"
#include "app/start_up.hpp"
#include "config/schema.hpp"
#include "feeds/codec.hpp"
#include "feeds/url.hpp"

namespace yagura::app {
namespace {

std::string band(const processing::Band& band) {
  if (!band.is_percent) return to_string(band.points);
  // A percentage is held in 1e-6 %, a price in 1e-9: the same digits three places on.
  return to_string(PriceDelta::from_raw(band.percent.units() * 1000)) + " %";
}

std::string crossing(const processing::CrossingOptions& options) {
  std::string text = "re-arm " + band(options.rearm) + ", cooldown " + format_duration(options.cooldown);
  if (!options.directions.up) text += ", down only";
  if (!options.directions.down) text += ", up only";
  if (options.near) text += ", near " + band(*options.near);
  if (options.close) text += ", close";
  return text;
}

std::string describe(const processing::MilestoneOptions& rule) {
  return "milestone every " + to_string(rule.step) + ", " + crossing(rule.crossing);
}

std::string describe(const processing::LevelOptions& rule) {
  return "level at " + grouped(rule.levels.size()) + (rule.levels.size() == 1 ? " price, " : " prices, ") +
         crossing(rule.crossing);
}

std::string describe(const processing::RecordOptions& rule) {
  std::string text = "record";
  for (std::size_t h = 0; h < kHorizonNames; ++h) {
    if (rule.horizons.contains(static_cast<Horizon>(h))) text += " " + std::string(name_of(static_cast<Horizon>(h)));
  }
  text += rule.highs && rule.lows ? ", highs and lows" : rule.highs ? ", highs" : ", lows";
  return text + ", basis " + std::string(name_of(rule.basis)) + ", step " + band(rule.step) + ", at least " +
         format_duration(rule.min_gap) + " apart";
}

std::string describe(const processing::MoveOptions& rule) {
  std::string text = "move";
  for (const auto& window : rule.windows)
    text += (text == "move" ? " " : ", ") + band(window.threshold) + " in " + format_duration(window.length);
  if (rule.min_z > 0) text += fmt::format(", z {} and more", rule.min_z);
  return text;
}

std::string describe(const processing::StaleOptions& rule) {
  return rule.after ? "stale after " + format_duration(*rule.after) : "stale when silent for longer than is usual";
}

std::string describe(const processing::CusumOptions& rule) {
  return fmt::format("cusum on a grid of {}, k {}, h {}", format_duration(rule.grid), rule.allowance, rule.limit);
}

std::string describe(const processing::DivergenceOptions& rule) {
  return fmt::format("divergence over {}, half-life {}, z {}, coupling z {}, joint z {}", format_duration(rule.window),
                     format_duration(rule.half_life), rule.z, rule.coupling_z, rule.joint_z);
}

std::string describe(const processing::InterventionOptions& rule) {
  return fmt::format("intervention, {} zone{}", rule.zones.size(), rule.zones.size() == 1 ? "" : "s");
}

std::string describe(const processing::PeriodOptions& rule) {
  const auto since = rule.months > 0 ? fmt::format("{} months", rule.months)
                     : rule.days > 0 ? fmt::format("{} days", rule.days)
                                     : std::string("year to date");
  return "period " + since + ", every " + band(processing::Band::of_percent(rule.step));
}

void print(const config::Settings& settings) {
  std::printf("%s: good\n", settings.file.c_str());
  for (const auto& info : settings.monitor.instruments) {
    std::printf("instrument %-8s %s, tick %s, pip %s, calendar %s, filter %s\n", info.symbol.c_str(), info.name.c_str(),
                to_string(info.tick).c_str(), to_string(info.pip).c_str(),
                std::string(calendar_name(info.calendar)).c_str(), info.filter ? "on" : "off");
  }
  for (const auto& series : settings.monitor.series) {
    std::printf("series     %-8s %s, prices no further apart than %s\n", settings.symbols.name(series.symbol).c_str(),
                series.expression.text.c_str(), format_duration(series.max_age).c_str());
  }
  for (const auto& feed : settings.feeds) {
    const auto proxy = feed.ws_proxy ? ", through proxy " + feed.ws_proxy->authority() : std::string{};
    std::printf("feed       %-8s %s, %s, priority %d%s\n", feed.name.c_str(), feed.vendor.c_str(),
                feeds::redact_url(feed.url).c_str(), feed.priority, proxy.c_str());
  }
  for (const auto& rule : settings.monitor.rules) {
    if (processing::is_empty(rule)) continue;
    auto text = std::visit([](const auto& kind) { return describe(kind); }, rule.kind);
    if (const auto* pair = std::get_if<processing::DivergenceOptions>(&rule.kind))
      text += ", against " + settings.symbols.name(pair->against);
    std::printf("rule       %-18s %s: %s\n", rule.id.c_str(), settings.symbols.name(rule.instrument).c_str(),
                text.c_str());
  }
  for (const auto& sink : settings.sinks) {
    static constexpr const char* kLeast[] = {"", ", low and above", ", high and above", ", critical alone"};
    std::printf("sink       %-18s %s, %s%s%s%s\n", sink.name.c_str(), std::string(alerts::kind_of(sink)).c_str(),
                sink.deliver == alerts::Deliver::kAll ? "every alert" : "what is delivered",
                kLeast[static_cast<std::size_t>(sink.least)], sink.only_named ? ", by rules that name it" : "",
                sink.language == alerts::Language::kJapanese ? ", in Japanese" : "");
  }
  const auto& p = settings.pipeline;
  static constexpr const char* kModes[] = {"auto", "spin", "yield", "block"};
  std::printf("pipeline   queue of %s, %s when full, waits by %s, workers %d\n", grouped(p.queue_capacity).c_str(),
              p.on_full == config::OnFull::kFold ? "fold" : "wait", kModes[static_cast<std::size_t>(p.wait)],
              p.workers);
  if (const auto place = describe_place(p); !place.empty()) {
    std::printf("machine    %s\n", place.c_str());
    for (const auto& missing : missing_on_this_machine(p)) std::printf("missing    %s\n", missing.c_str());
  }
  std::printf("console    %s\n", settings.console.enabled ? settings.console.listen.c_str() : "off");
}

void print_calendars(const config::Settings& settings, std::chrono::year_month month) {
  const char* gap = "";
  for (const auto kind : {CalendarKind::kTse, CalendarKind::kOse, CalendarKind::kFx, CalendarKind::kAlways}) {
    if (std::ranges::find(settings.monitor.instruments, kind, &InstrumentInfo::calendar) ==
        settings.monitor.instruments.end())
      continue;
    std::printf("%s%s", gap, calendar_page(kind, month).c_str());
    gap = "\n";
  }
}

}  // namespace

int check(const CheckOptions& options) {
  if (options.schema) {
    std::fputs(config::schema_markdown().c_str(), stdout);
    return kDone;
  }
  const auto month = parse_month(options.calendar);
  if (!options.calendar.empty() && !month)
    return complain(kUsage,
                    "--calendar '" + options.calendar.substr(0, 40) + "': wanted a month from 1900-01 to 2200-12");
  const auto settings = load_settings_and_keys(options.config);
  if (!settings) return kUsage;
  if (month) {
    print_calendars(*settings, *month);
    return kDone;
  }
  print(*settings);
  return kDone;
}

}  // namespace yagura::app
