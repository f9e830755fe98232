// yagura feeds test: connects one feed and says how far it comes.
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "app/commands.hpp"
#include "app/feed_probe.hpp"
#include "app/log.hpp"
#include "app/start_up.hpp"
#include "config/load.hpp"
#include "core/json_writer.hpp"
#include "feeds/codec.hpp"
#include "feeds/url.hpp"

namespace yagura::app {
namespace {

// "FINNHUB_TOKEN": where the keys of a vendor are that no configuration names.
std::string variable(std::string_view vendor, std::string_view what) {
  std::string name{vendor};
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name.append("_").append(what);
}

bool is_set(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value != nullptr && *value != '\0';
}

void add_line(std::string& toml, std::string_view key, std::string_view value) {
  toml.append(key).append(" = ");
  append_json_string(toml, value);
  toml += '\n';
}

// Ours and theirs, of "USDJPY" or "USDJPY=USD_JPY"; those to try by default when none are given.
std::vector<std::pair<std::string, std::string>> symbols_of(const feeds::Vendor& vendor,
                                                            std::vector<std::string> given) {
  if (given.empty()) {
    const auto sample = vendor.facts.sample;
    for (std::size_t from = 0; from < sample.size();) {
      const auto end = std::min(sample.find(' ', from), sample.size());
      given.emplace_back(sample.substr(from, end - from));
      from = end + 1;
    }
  }
  std::vector<std::pair<std::string, std::string>> symbols;
  for (const auto& text : given) {
    const auto equal = text.find('=');
    const auto ours = text.substr(0, equal);
    symbols.emplace_back(ours, equal == std::string::npos ? vendor.vendor_symbol(ours) : text.substr(equal + 1));
  }
  return symbols;
}

// The configuration that a vendor's name stands for.
std::string toml_for(const feeds::Vendor& vendor, const FeedTestOptions& options) {
  std::string toml, pairs;
  for (const auto& [ours, theirs] : symbols_of(vendor, options.symbols)) {
    toml += "[instrument.";
    append_json_string(toml, ours);
    toml += "]\n";
    if (ours == "NKFUT") toml += "calendar = \"ose\"\n";
    pairs += pairs.empty() ? "" : ", ";
    append_json_string(pairs, ours);
    pairs += " = ";
    append_json_string(pairs, theirs);
  }
  toml += "[[feed]]\n";
  add_line(toml, "name", vendor.name);
  add_line(toml, "vendor", vendor.name);
  toml += "symbols = { " + pairs + " }\n";
  if (!options.url.empty()) {
    add_line(toml, "url", options.url);
    // The log-in goes where the user points, not to the vendor's own address with the user's key.
    const auto url = feeds::parse_url(options.url, vendor.carrier);
    if (url && !vendor.login_url.empty())
      add_line(toml, "login_url", (url->secure ? "https://" : "http://") + url->authority());
  }
  for (const auto* key : {"token", "password"}) {
    const auto name = variable(vendor.name, key == std::string_view{"token"} ? "TOKEN" : "PASSWORD");
    if (is_set(name)) add_line(toml, std::string{key} + "_env", name);
  }
  for (const auto& [key, what] : {std::pair{"user", "USER"}, std::pair{"account", "ACCOUNT"}}) {
    const auto name = variable(vendor.name, what);
    if (is_set(name)) add_line(toml, key, std::getenv(name.c_str()));
  }
  return toml;
}

// Keys the vendor wants and the environment has not; a line for each.
bool keys_are_there(const feeds::Vendor& vendor) {
  bool all = true;
  const auto need = [&](bool needed, const char* what) {
    const auto name = variable(vendor.name, what);
    if (!needed || is_set(name)) return;
    complain(kUsage, fmt::format("{} wants a key: set {} in the environment, or name a feed of a configuration",
                                 vendor.facts.title, name));
    all = false;
  };
  need(vendor.needs.token, "TOKEN");
  need(vendor.needs.user, "USER");
  need(vendor.needs.password, "PASSWORD");
  need(vendor.needs.account, "ACCOUNT");
  return all;
}

std::optional<config::Settings> settings_for_vendor(const feeds::Vendor& vendor, const FeedTestOptions& options) {
  if (vendor.default_url.empty() && options.url.empty()) {
    complain(kUsage, fmt::format("{} has no address of its own; give --url", vendor.name));
    return std::nullopt;
  }
  if (!keys_are_there(vendor)) return std::nullopt;
  auto loaded = config::load_text(toml_for(vendor, options), "feeds test");
  for (const auto& problem : loaded.problems) complain(kUsage, problem);
  if (!loaded.ok()) return std::nullopt;
  return std::move(loaded.settings);
}

std::string names_of(const config::Settings& settings) {
  std::string all;
  for (const auto& feed : settings.feeds) all += (all.empty() ? "" : ", ") + feed.name;
  return all.empty() ? "none" : all;
}

std::string vendor_names() {
  std::string all;
  for (const auto& vendor : feeds::vendors()) {
    if (vendor.live) all.append(all.empty() ? "" : ", ").append(vendor.name);
  }
  return all;
}

// The feed of that name in the configuration, else the vendor of that name; alone in its settings.
std::optional<config::Settings> choose(const FeedTestOptions& options) {
  const auto* vendor = feeds::find_vendor(options.name);
  if (vendor != nullptr && !vendor->live) vendor = nullptr;
  const bool by_vendor = !options.url.empty() || !options.symbols.empty();
  const auto file = options.config.empty() ? config::default_config_path() : options.config;
  std::string feeds_there;
  std::error_code ec;
  if (!by_vendor && (!options.config.empty() || vendor == nullptr || std::filesystem::exists(file, ec))) {
    auto settings = load_settings(file);
    if (!settings) return std::nullopt;
    feeds_there = fmt::format(" among the feeds of {} ({}),", settings->file, names_of(*settings));
    std::erase_if(settings->feeds, [&](const auto& feed) { return feed.name != options.name; });
    if (!settings->feeds.empty()) return settings;
  }
  if (vendor != nullptr) return settings_for_vendor(*vendor, options);
  complain(kUsage,
           fmt::format("'{}' is not{} nor a vendor ({})", options.name.substr(0, 40), feeds_there, vendor_names()));
  return std::nullopt;
}

}  // namespace

int test_feed(const FeedTestOptions& options) {
  const auto limit = parse_duration(options.run_for);
  if (!limit || *limit <= Duration{0} || *limit > std::chrono::hours{24})
    return complain(kUsage, "--for " + options.run_for.substr(0, 40) + ": must be a duration such as 10s, at most 24h");
  auto settings = choose(options);
  if (!settings) return kUsage;
  const auto problems = config::read_credentials(*settings);
  for (const auto& problem : problems) complain(kUsage, problem);
  if (!problems.empty()) return kUsage;
  set_up_log({.level = "error"});

  const auto& feed = settings->feeds.front();
  fmt::print("feed {}: {}, {}{}\n", feed.name, feeds::find_vendor(feed.vendor)->facts.title,
             feeds::redact_url(feed.url), feed.ws_proxy ? " through proxy " + feed.ws_proxy->authority() : "");
  const RealClock clock;
  FeedProbe probe{*settings, clock, stdout};
  const auto verdict = probe.run(*limit);
  if (!verdict.good) return complain(kFailed, verdict.text);
  std::puts(verdict.text.c_str());
  return kDone;
}

}  // namespace yagura::app
