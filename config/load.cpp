#include "config/load.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "config/calendar_reader.hpp"
#include "config/delivery_reader.hpp"
#include "config/feed_reader.hpp"
#include "config/nats_reader.hpp"
#include "config/rule_reader.hpp"
#include "config/schema.hpp"
#include "config/series_reader.hpp"
#include "config/sink_reader.hpp"
#include "config/table_reader.hpp"
#include "console/access.hpp"
#include "core/net/ws_server.hpp"
#include "processing/tick_queue.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;

// The instruments Yagura is made for need no table of their own.
InstrumentInfo shipped(std::string_view symbol) {
  InstrumentInfo info;
  info.symbol = info.name = info.name_ja = symbol;
  if (symbol == "NI225") {
    info.name = "Nikkei 225";
    info.name_ja = "日経平均";
    info.calendar = CalendarKind::kTse;
  } else if (symbol == "USDJPY") {
    info.name = "USD/JPY";
    info.name_ja = "ドル円";
    info.tick = PriceDelta::from_raw(1'000'000);
    info.pip = PriceDelta::from_raw(10'000'000);
    info.calendar = CalendarKind::kFx;
  }
  return info;
}

bool good_symbol(std::string_view symbol) {
  return !symbol.empty() && symbol.size() <= 32 && std::ranges::all_of(symbol, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
}

// The file as a person wrote it: tables come out of the parser by name, people mean by line.
template <class T>
std::vector<std::pair<std::string, const toml::node*>> by_line(const T& table) {
  std::vector<std::pair<std::string, const toml::node*>> entries;
  for (const auto& [key, node] : table) entries.emplace_back(std::string(key.str()), &node);
  std::ranges::stable_sort(entries, {}, [](const auto& entry) { return TableReader::line_of(*entry.second); });
  return entries;
}

class Loader {
 public:
  Loader(const toml::table& root, const std::string& name, Problems& problems)
      : root_(root), folder_(std::filesystem::path(name).parent_path().string()), problems_(problems) {
    settings_.file = name;
  }

  Settings run() {
    check_top_level();
    read_instruments();
    FeedReader feeds{settings_.symbols, [this](SymbolId symbol) { return is_series(symbol); }, problems_};
    each("feed", [&](const toml::table& table, std::size_t n) { settings_.feeds.push_back(feeds.read(table, n)); });
    feeds.finish();
    each("rule", [&](const toml::table& table, std::size_t n) { read_one_rule(table, n); });
    give_level_rules();
    SinkReader sinks{problems_};
    each("sink", [&](const toml::table& table, std::size_t n) {
      if (auto sink = sinks.read(table, n)) settings_.sinks.push_back(*std::move(sink));
    });
    if (problems_.lines().empty()) check_sink_names();
    with("calendar", [&](const TableReader& reader) { settings_.calendars = read_calendars(reader, folder_); });
    with("pipeline", [&](const TableReader& reader) { read_pipeline(reader); });
    with("console", [&](const TableReader& reader) { read_console(reader); });
    with("journal", [&](const TableReader& reader) {
      auto& journal = settings_.journal;
      journal.snapshot_every = reader.duration("snapshot_every", 10ms, 1h).value_or(journal.snapshot_every);
      journal.keep = reader.duration("keep", 24h, std::chrono::days{36500}).value_or(journal.keep);
      journal.keep_minutes =
          reader.duration("keep_minutes", 24h, std::chrono::days{36500}).value_or(journal.keep_minutes);
      read_ring(reader);
    });
    with("delivery", [&](const TableReader& reader) { read_delivery(reader, settings_.delivery); });
    with("notify",
         [&](const TableReader& reader) { settings_.notify = read_nats_connection(reader, "yagura.alerts"); });
    with("publish",
         [&](const TableReader& reader) { settings_.publish = read_nats_connection(reader, "yagura.ticks"); });
    with("log", [&](const TableReader& reader) {
      static constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
      settings_.log.level = kLevels[reader.choice("level", {"debug", "info", "warn", "error"}).value_or(1)];
      settings_.log.format =
          static_cast<LogSettings::Format>(reader.choice("format", {"auto", "text", "json"}).value_or(0));
    });
    return std::move(settings_);
  }

 private:
  void check_top_level() {
    for (const auto& [key, node] : by_line(root_)) {
      if (is_key("", key)) continue;
      const auto close = suggestion("", key);
      problems_.add(TableReader::line_of(*node), key,
                    close.empty() ? "no such table" : "no such table; did you mean '" + std::string(close) + "'?");
    }
  }

  template <class F>
  void with(std::string_view name, F&& read) {
    const auto* node = root_.get(name);
    if (node == nullptr) return;
    if (const auto* table = node->as_table()) return read(TableReader{*table, name, std::string(name), problems_});
    problems_.add(TableReader::line_of(*node), name, "must be a table: [" + std::string(name) + "]");
  }

  template <class F>
  void each(std::string_view name, F&& read) {
    const auto* node = root_.get(name);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr || !(list->empty() || list->is_homogeneous(toml::node_type::table))) {
      return problems_.add(TableReader::line_of(*node), name,
                           "must be written as [[" + std::string(name) + "]] tables");
    }
    for (std::size_t i = 0; i < list->size(); ++i) read(*(*list)[i].as_table(), i + 1);
  }

  void read_instruments() {
    const auto* node = root_.get("instrument");
    const auto* tables = node == nullptr ? nullptr : node->as_table();
    if (node != nullptr && tables == nullptr)
      problems_.add(TableReader::line_of(*node), "instrument", "must be tables: [instrument.NI225]");
    if (tables != nullptr) {
      for (const auto& [symbol, value] : by_line(*tables)) read_instrument(symbol, *value);
    }
    for (const std::string_view symbol : {"NI225", "USDJPY"}) {
      if (!settings_.symbols.find(symbol)) add_instrument(shipped(symbol));
    }
    for (const auto& [symbol, reader] : series_) read_one_series(symbol, reader);
  }

  // After all instruments: legs may stand further down, or nowhere.
  void read_one_series(SymbolId symbol, const TableReader& reader) {
    const auto text = reader.text("series");
    if (!text) return;
    auto expression = read_series(*text, settings_.symbols);
    if (!expression) return reader.problem("series", expression.error().message);
    for (const auto leg : expression->legs) {
      if (!is_series(leg)) continue;
      reader.problem("series", "'" + settings_.symbols.name(leg) +
                                   "' is a series, too; a series is made of instruments that have ticks of their own");
    }
    auto& info = settings_.monitor.instruments[index_of(symbol)];
    info.filter = false;
    if (!reader.contains("calendar")) info.calendar = narrowest_calendar(*expression, settings_.monitor.instruments);
    processing::SeriesOptions series{symbol, std::move(*expression)};
    series.max_age = reader.duration("max_age", 1s, 24h).value_or(series.max_age);
    settings_.monitor.series.push_back(std::move(series));
  }

  [[nodiscard]] bool is_series(SymbolId symbol) const {
    return std::ranges::find(series_, symbol, &std::pair<SymbolId, TableReader>::first) != series_.end();
  }

  void add_instrument(InstrumentInfo info) {
    settings_.symbols.add(info.symbol);
    settings_.monitor.instruments.push_back(std::move(info));
  }

  void read_instrument(const std::string& symbol, const toml::node& node) {
    const std::string path = "instrument." + symbol;
    const auto* table = node.as_table();
    if (table == nullptr) return problems_.add(TableReader::line_of(node), path, "must be a table: [" + path + "]");
    if (!good_symbol(symbol))
      return problems_.add(TableReader::line_of(node), path, "a symbol is up to 32 letters, digits, '_', '-', '.'");
    const TableReader reader{*table, "instrument.*", path, problems_};
    auto info = shipped(symbol);
    info.name = reader.text("name").value_or(info.name);
    info.name_ja = reader.text("name_ja").value_or(info.name_ja == symbol ? info.name : info.name_ja);
    static constexpr CalendarKind kKinds[] = {CalendarKind::kTse, CalendarKind::kOse, CalendarKind::kFx,
                                              CalendarKind::kAlways};
    if (const auto kind = reader.choice("calendar", {"tse", "ose", "fx", "always"})) info.calendar = kKinds[*kind];
    const bool new_tick = reader.contains("tick");
    if (const auto tick = reader.price("tick")) info.tick = *tick - Price{};
    if (const auto pip = reader.price("pip"))
      info.pip = *pip - Price{};
    else if (new_tick)
      info.pip = PriceDelta::from_raw(info.tick.raw() * 10);
    info.filter = reader.flag("filter").value_or(true);
    info.gap_after = reader.duration("gap_after", 1ms, std::chrono::days{30});
    add_instrument(std::move(info));
    if (reader.contains("series")) {
      if (reader.contains("filter"))
        reader.problem("filter", "belongs to the legs: a series is made of ticks that have passed theirs");
      series_.emplace_back(*settings_.symbols.find(symbol), reader);
    } else if (reader.contains("max_age")) {
      reader.problem("max_age", "belongs to a series, and there is no 'series' here");
    }
  }

  void read_one_rule(const toml::table& table, std::size_t number) {
    const auto* id = table.get("id");
    const auto name = id == nullptr ? std::string{} : id->value_or(std::string{});
    if (!name.empty() && !rule_ids_.insert(name).second) {
      problems_.add(TableReader::line_of(table), "rule '" + name + "'.id", "names two rules");
    }
    auto rule = read_rule(table, number, folder_, settings_.symbols, settings_.monitor.instruments, problems_);
    if (!rule) return;
    rule_lines_[rule->rule.id] = TableReader::line_of(table);
    settings_.monitor.rules.push_back(std::move(rule->rule));
    settings_.delivery.rules.push_back(std::move(rule->delivery));
  }

  // Levels may be added at run time to any instrument, so each has a rule for them.
  void give_level_rules() {
    auto& rules = settings_.monitor.rules;
    for (std::size_t i = 0; i < settings_.monitor.instruments.size(); ++i) {
      const SymbolId symbol{static_cast<std::uint16_t>(i)};
      const auto is_level_rule = [&](const processing::RuleOptions& rule) {
        return rule.instrument == symbol && std::holds_alternative<processing::LevelOptions>(rule.kind);
      };
      if (std::ranges::any_of(rules, is_level_rule)) continue;
      rules.push_back(empty_level_rule(symbol, settings_.monitor.instruments[i]));
      settings_.delivery.rules.emplace_back();
    }
  }

  // Rules may name sinks that stand further down, and so may sinks.
  void check_sink_names() {
    for (const auto& sink : settings_.sinks) {
      const auto other = std::ranges::find(settings_.sinks, sink.fallback_for, &alerts::SinkOptions::name);
      if (sink.fallback_for.empty()) continue;
      if (other == settings_.sinks.end())
        problems_.add(0, "sink '" + sink.name + "'.fallback_for",
                      "there is no [[sink]] named '" + sink.fallback_for + "'");
      else if (!other->fallback_for.empty() || other->name == sink.name)
        problems_.add(0, "sink '" + sink.name + "'.fallback_for", "'" + other->name + "' must speak for itself");
    }
    for (std::size_t i = 0; i < settings_.delivery.rules.size(); ++i) {
      for (const auto& name : settings_.delivery.rules[i].sinks) {
        if (std::ranges::find(settings_.sinks, name, &alerts::SinkOptions::name) != settings_.sinks.end()) continue;
        const auto& id = settings_.monitor.rules[i].id;
        const auto line = rule_lines_.find(id);
        problems_.add(line == rule_lines_.end() ? 0 : line->second, "rule '" + id + "'.sinks",
                      "there is no [[sink]] named '" + name + "'");
      }
    }
  }

  void read_pipeline(const TableReader& reader) {
    auto& p = settings_.pipeline;
    p.queue_capacity = static_cast<std::size_t>(
        reader.integer("queue_capacity", 64, static_cast<std::int64_t>(processing::kMaxQueueCapacity))
            .value_or(65'536));
    p.on_full = reader.choice("on_full", {"fold", "wait"}).value_or(0) == 1 ? OnFull::kWait : OnFull::kFold;
    static constexpr WaitMode kModes[] = {WaitMode::kAuto, WaitMode::kSpin, WaitMode::kYield, WaitMode::kBlock};
    p.wait = kModes[reader.choice("wait", {"auto", "spin", "yield", "block"}).value_or(0)];
    p.workers = static_cast<int>(reader.integer("workers", 0, 64).value_or(1));
    if (reader.text("future_limit") == "off")
      p.future_limit.reset();
    else
      p.future_limit = reader.duration("future_limit", 0s, std::chrono::days{36500}).value_or(2s);
    p.realtime = reader.flag("realtime").value_or(false);
    p.lock_memory = reader.flag("lock_memory").value_or(false);
    if (const auto* cpus = reader.table("cpus")) read_cpus({*cpus, "pipeline cpus", "pipeline.cpus", problems_});
  }

  void read_cpus(const TableReader& reader) {
    auto& p = settings_.pipeline;
    const auto core = [&](std::string_view thread) -> std::optional<int> {
      const auto number = reader.integer(thread, 0, 1023);
      return number ? std::optional{static_cast<int>(*number)} : std::nullopt;
    };
    p.feeds_cpu = core("feeds");
    p.detector_cpu = core("detector");
    if (p.feeds_cpu && p.workers == 0)
      reader.problem("feeds", "with workers = 0 there is no such thread: the detector's reads the feeds");
  }

  void read_ring(const TableReader& reader) {
    const auto slots = reader.integer("ring", 0, std::int64_t{1} << 20);
    if (!slots) return;
    settings_.journal.ring = static_cast<std::size_t>(*slots);
    if (*slots != 0 && (*slots < 1024 || (*slots & (*slots - 1)) != 0))
      reader.problem("ring", "must be 0 or a power of two from 1024 to 1048576, not " + std::to_string(*slots));
  }

  // Whether one is named; that it is there is checked as well.
  static bool check_token(const TableReader& reader, const std::string& key, const std::string& env,
                          const std::string& file) {
    if (!env.empty() && std::getenv(env.c_str()) == nullptr)
      reader.problem(key + "_env", "the environment has no variable '" + env + "'");
    if (!file.empty() && !std::ifstream(file)) reader.problem(key + "_file", "cannot read '" + file + "'");
    return !env.empty() || !file.empty();
  }

  void read_public_url(const TableReader& reader) {
    auto url = reader.text("public_url").value_or("");
    if (url.ends_with('/')) url.pop_back();
    if (!url.empty() && console::host_of(url).empty())
      reader.problem("public_url", "'" + url.substr(0, 100) +
                                       "' must be https:// and a host, perhaps a port, nothing behind it "
                                       "(http:// on loopback only)");
    settings_.console.public_url = std::move(url);
  }

  void read_console(const TableReader& reader) {
    auto& c = settings_.console;
    c.enabled = reader.flag("enabled").value_or(true);
    c.listen = reader.text("listen").value_or(c.listen);
    if (const auto good = net::check_listen_address(c.listen); !good) reader.problem("listen", good.error().message);
    c.token_env = reader.text("token_env").value_or("");
    c.token_file = reader.text("token_file").value_or("");
    c.insecure = reader.flag("insecure").value_or(false);
    c.hosts = reader.texts("hosts");
    c.read_token_env = reader.text("read_token_env").value_or("");
    c.read_token_file = reader.text("read_token_file").value_or("");
    const bool has_token = check_token(reader, "token", c.token_env, c.token_file);
    if (check_token(reader, "read_token", c.read_token_env, c.read_token_file) && !has_token)
      reader.problem(c.read_token_env.empty() ? "read_token_file" : "read_token_env",
                     "needs token_env or token_file beside it: without one everybody may change things");
    read_public_url(reader);
    if (const auto safe = console::check_exposure(
            {.listen = c.listen, .token = has_token ? "there is one" : "", .insecure = c.insecure, .hosts = c.hosts});
        c.enabled && !safe && net::check_listen_address(c.listen)) {
      reader.problem("listen", safe.error().message);
    }
  }

  const toml::table& root_;
  std::string folder_;
  Problems& problems_;
  Settings settings_;
  std::vector<std::pair<SymbolId, TableReader>> series_;  // instruments made of others, and their tables
  std::set<std::string> rule_ids_;
  std::map<std::string, std::size_t> rule_lines_;
};

}  // namespace

namespace {

// The parser descends once for each part of a dotted key, so a line of endless parts would end the
// program; no line that a person writes is this long.
std::size_t overlong_line(std::string_view text) {
  constexpr std::size_t kMaxLine = std::size_t{32} << 10;
  std::size_t number = 1;
  for (std::size_t from = 0; from < text.size(); ++number) {
    const auto end = std::min(text.find('\n', from), text.size());
    if (end - from > kMaxLine) return number;
    from = end + 1;
  }
  return 0;
}

}  // namespace

LoadResult load_text(std::string_view text, const std::string& name) {
  Problems problems{name};
  LoadResult result;
  if (const auto line = overlong_line(text); line != 0) {
    problems.add(line, "", "is longer than 32 KiB; long lists go into a levels_file, or over several lines");
    result.problems = problems.lines();
    return result;
  }
  try {
    const toml::table root = toml::parse(text, name);
    result.settings = Loader{root, name, problems}.run();
  } catch (const toml::parse_error& error) {
    problems.add(error.source().begin.line, "", "is no TOML: " + std::string(error.description()));
  }
  result.problems = problems.lines();
  return result;
}

LoadResult load_file(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) return {{}, {path + ": is a directory; wanted a configuration file"}};
  std::ifstream file(path, std::ios::binary);
  if (!file) return {{}, {path + ": cannot be read; wanted a configuration file (--config FILE)"}};
  std::ostringstream text;
  text << file.rdbuf();
  return load_text(text.str(), path);
}

std::string default_config_path() {
  if (const char* chosen = std::getenv("YAGURA_CONFIG"); chosen != nullptr && *chosen != '\0') return chosen;
  const std::string usual = "config/yagura.toml";
  std::error_code ec;
  if (std::filesystem::exists(usual, ec)) return usual;
  // build/release/yagura inside a checkout, or bin/yagura beside share/.
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
  for (const auto& candidate : {program / "../../config/yagura.toml", program / "../share/yagura/yagura.toml"}) {
    if (std::filesystem::exists(candidate, ec)) return std::filesystem::weakly_canonical(candidate, ec).string();
  }
  return std::filesystem::exists("/etc/yagura/yagura.toml", ec) ? "/etc/yagura/yagura.toml" : usual;
}

}  // namespace yagura::config
