// yagura feeds: the vendors, and what the configured feeds do now in a running monitor.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <simdjson.h>

#include "app/commands.hpp"
#include "app/http_client.hpp"
#include "app/start_up.hpp"
#include "app/text_table.hpp"
#include "app/vendor_list.hpp"
#include "config/load.hpp"
#include "core/json_writer.hpp"
#include "feeds/clean_text.hpp"
#include "feeds/codec.hpp"
#include "feeds/url.hpp"

namespace yagura::app {
namespace {

using Element = simdjson::dom::element;

// A monitor's answer to /api/v1/state, or why there is none.
struct MonitorState {
  std::string address;
  std::string problem;
  std::string body;
  simdjson::dom::parser parser;
  simdjson::dom::array feeds;
  bool there = false;

  // The row of a feed; nullopt when the monitor has none of that name.
  [[nodiscard]] std::optional<Element> row(std::string_view name) const {
    if (!there) return std::nullopt;
    for (const auto feed : feeds) {
      std::string_view text;
      if (feed["name"].get(text) == simdjson::SUCCESS && text == name) return feed;
    }
    return std::nullopt;
  }
};

// Where a monitor of these settings can be reached from here.
std::string console_address(const config::Settings& settings, const std::string& chosen) {
  if (!chosen.empty()) return chosen;
  const auto& listen = settings.console.listen;
  for (const std::string_view any : {"0.0.0.0:", "[::]:"}) {
    if (listen.starts_with(any)) return "127.0.0.1:" + listen.substr(any.size());
  }
  return listen;
}

std::string access_token(const config::Settings& settings) {
  if (const char* const token = std::getenv("YAGURA_TOKEN"); token != nullptr) return token;
  const auto token = config::read_secret({settings.console.token_env, settings.console.token_file});
  return token ? *token : std::string{};
}

void ask_monitor(const config::Settings& settings, const std::string& chosen, MonitorState& state) {
  state.address = console_address(settings, chosen);
  if (!settings.console.enabled && chosen.empty()) {
    state.problem = "the console is off in " + settings.file + ": nobody to ask how the feeds do";
    return;
  }
  const auto answer = http_request(state.address, "GET", "/api/v1/state", "", access_token(settings));
  if (!answer) {
    state.problem = "no monitor is running at " + state.address;
    return;
  }
  state.body = answer->body;
  if (answer->status == 401) {
    state.problem = "the monitor at " + state.address + " wants its token: set YAGURA_TOKEN";
  } else if (answer->status != 200 || state.parser.parse(state.body)["feeds"].get(state.feeds) != simdjson::SUCCESS) {
    state.problem = fmt::format("{} answered {}, and no state of a monitor", state.address, answer->status);
  } else {
    state.there = true;
  }
}

std::string text_in(Element row, const char* key) {
  std::string_view text;
  return row[key].get(text) == simdjson::SUCCESS ? feeds::clean_text(text) : std::string{};
}

std::string ago(Element row, const char* key) {
  std::int64_t ms = 0;
  if (row[key].get(ms) != simdjson::SUCCESS) return "-";
  constexpr std::int64_t kMinute = 60'000;
  constexpr std::int64_t kHour = 60 * kMinute;
  if (ms < kMinute) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000.0);
  return ms < kHour ? fmt::format("{} min", ms / kMinute)
                    : fmt::format("{} h {} min", ms / kHour, ms % kHour / kMinute);
}

std::string speaks_for(Element row) {
  std::string all;
  simdjson::dom::array symbols;
  if (row["speaks"].get(symbols) != simdjson::SUCCESS) return all;
  for (const auto symbol : symbols) {
    std::string_view text;
    if (symbol.get(text) == simdjson::SUCCESS) all += (all.empty() ? "" : " ") + feeds::clean_text(text);
  }
  return all;
}

std::string count_in(Element row, const char* key) {
  std::uint64_t number = 0;
  return row[key].get(number) == simdjson::SUCCESS ? grouped(number) : "-";
}

std::string configured_feeds(const config::Settings& settings, const MonitorState& state) {
  std::string out = settings.file + (state.there ? ", as the monitor at " + state.address + " has it:\n" : ":\n");
  if (settings.feeds.empty()) return out + "  no feeds\n";
  TextTable table{{{"feed", Align::kLeft},
                   {"vendor", Align::kLeft},
                   {"priority"},
                   {"state", Align::kLeft},
                   {"since"},
                   {"ticks"},
                   {"reconnects"},
                   {"speaks for", Align::kLeft}}};
  std::string complaints;
  for (const auto& feed : settings.feeds) {
    std::vector<std::string> cells{feed.name, feed.vendor, std::to_string(feed.priority)};
    if (const auto row = state.row(feed.name)) {
      for (auto& text : {text_in(*row, "state"), ago(*row, "since_ms"), count_in(*row, "ticks"),
                         count_in(*row, "reconnects"), speaks_for(*row)})
        cells.push_back(text);
      if (const auto reason = text_in(*row, "reason"); !reason.empty()) {
        complaints += fmt::format("{}: {}: {}", feed.name, reason, text_in(*row, "why"));
        if (const auto next = ago(*row, "next_attempt_ms"); next != "-") complaints += ", next attempt in " + next;
        complaints += '\n';
      }
      if (const auto error = text_in(*row, "last_error"); !error.empty())
        complaints += fmt::format("{}: last error: {}\n", feed.name, error);
    } else {
      cells.emplace_back(state.there ? "not in that monitor" : "-");
    }
    table.row(std::move(cells));
  }
  return out + table.text(false) + complaints;
}

void write_vendors(JsonWriter& json) {
  json.key("vendors").begin_array();
  for (const auto& vendor : feeds::vendors()) {
    const auto& facts = vendor.facts;
    json.begin_object().field("name", vendor.name).field("title", facts.title).field("carries", facts.carries);
    json.field("key", facts.key).field("delay", facts.delay).field("terms", facts.terms);
    json.field("url", vendor.default_url).field("live", vendor.live);
    json.field("max_symbols", vendor.limits.symbols).field("max_connections", vendor.limits.connections_per_key);
    json.end_object();
  }
  json.end_array();
}

void write_feeds(JsonWriter& json, const config::Settings& settings, const MonitorState& state) {
  json.key("feeds").begin_array();
  for (const auto& feed : settings.feeds) {
    json.begin_object().field("name", feed.name).field("vendor", feed.vendor);
    json.field("url", feeds::redact_url(feed.url)).field("priority", feed.priority).key("symbols").begin_object();
    for (const auto& [ours, theirs] : feed.symbols) json.field(ours, theirs);
    json.end_object().key("status");
    if (const auto row = state.row(feed.name))
      json.raw(simdjson::minify(*row));
    else
      json.null();
    json.end_object();
  }
  json.end_array();
}

// The settings when there are some: a missing default file is no fault of somebody who wants the
// list of vendors.
bool read_settings(const FeedsOptions& options, std::optional<config::Settings>& settings) {
  std::error_code ec;
  if (options.config.empty() && !std::filesystem::exists(config::default_config_path(), ec)) return true;
  settings = load_settings(options.config);
  return settings.has_value();
}

void print_json(const config::Settings* settings, const MonitorState& state) {
  std::string out;
  JsonWriter json{out};
  json.begin_object();
  write_vendors(json);
  const auto text_or_null = [&](const char* key, const std::string& text) {
    json.key(key);
    if (text.empty())
      json.null();
    else
      json.value(text);
  };
  text_or_null("config", settings == nullptr ? "" : settings->file);
  text_or_null("monitor", state.there ? state.address : "");
  text_or_null("problem", state.problem);
  write_feeds(json, settings == nullptr ? config::Settings{} : *settings, state);
  json.end_object();
  std::puts(out.c_str());
}

}  // namespace

int feeds(const FeedsOptions& options) {
  if (options.markdown) {
    std::fputs(vendor_markdown().c_str(), stdout);
    return kDone;
  }
  std::optional<config::Settings> settings;
  if (!read_settings(options, settings)) return kUsage;
  MonitorState state;
  if (settings) ask_monitor(*settings, options.console, state);
  if (options.json) {
    print_json(settings ? &*settings : nullptr, state);
    return kDone;
  }
  std::fputs(vendor_list().c_str(), stdout);
  if (settings) fmt::print("\n{}", configured_feeds(*settings, state));
  if (!state.problem.empty()) std::puts(state.problem.c_str());
  return kDone;
}

}  // namespace yagura::app
