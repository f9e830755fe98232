// Everything a configuration file says, checked and complete. Defaults: config/schema.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/delivery_options.hpp"
#include "alerts/sink_options.hpp"
#include "config/secret.hpp"
#include "core/symbol.hpp"
#include "core/time.hpp"
#include "feeds/credentials.hpp"
#include "feeds/proxy.hpp"
#include "processing/calendar_data.hpp"
#include "processing/rules.hpp"

namespace yagura::feeds {
struct JsonFormat;
}

namespace yagura::config {

struct FeedSettings {
  std::string name;
  std::string vendor;
  std::string url;                             // the vendor's own when the file gives none
  std::map<std::string, std::string> symbols;  // ours -> theirs
  int priority = 1;
  Duration silence = std::chrono::seconds{60};  // nothing received for so long: connect anew
  std::string ca_file = {};                     // empty: the system's
  std::string login_url = {};                   // "https://host:port"
  SecretSource token = {}, password = {};
  std::string user = {}, account = {};
  std::shared_ptr<const feeds::JsonFormat> json = {};  // of vendors whose frames the settings explain
  std::string proxy = {};               // "none", an address without password, or empty: as the environment says
  SecretSource proxy_source = {};       // or where the address with its password is
  feeds::Credentials credentials = {};  // empty until read_credentials(), as the next two
  std::optional<feeds::Proxy> ws_proxy = {}, login_proxy = {};

  // What must never be shown of this feed.
  [[nodiscard]] std::vector<std::string> secrets() const;
};

enum class OnFull : std::uint8_t { kFold, kWait };
enum class WaitMode : std::uint8_t { kAuto, kSpin, kYield, kBlock };

struct PipelineSettings {
  std::size_t queue_capacity = 65'536;
  OnFull on_full = OnFull::kFold;
  WaitMode wait = WaitMode::kAuto;
  int workers = 1;  // 0: the feed's own thread decides each tick as it reads it
  std::optional<Duration> future_limit = std::chrono::seconds{2};  // off when empty
  std::optional<int> feeds_cpu, detector_cpu;                      // cores the threads are pinned to
  bool realtime = false;                                           // SCHED_FIFO for both
  bool lock_memory = false;
};

struct ConsoleSettings {
  bool enabled = true;
  std::string listen = "127.0.0.1:8225";
  std::string token_env, token_file;
  std::string read_token_env, read_token_file;
  std::string public_url;  // where people outside reach us; links in letters lead there
  bool insecure = false;
  std::vector<std::string> hosts;  // names under which a proxy or DNS reaches us
};

struct JournalSettings {
  Duration keep = std::chrono::days{400};         // zero: for ever
  Duration keep_minutes = std::chrono::days{60};  // one-minute candles
  Duration snapshot_every = std::chrono::seconds{1};
  std::size_t ring = 65'536;  // entries of the crash ring, a power of two; 0: none
};

struct LogSettings {
  // Automatic: JSON objects into systemd's journal, lines for people elsewhere.
  enum class Format : std::uint8_t { kAuto, kText, kJson };
  std::string level = "info";
  Format format = Format::kAuto;
};

struct Settings {
  std::string file;  // where it came from
  SymbolTable symbols;
  processing::MonitorOptions monitor;
  std::shared_ptr<const processing::CalendarBook> calendars;  // null: the shipped ones; see use_calendars()
  std::vector<FeedSettings> feeds;
  PipelineSettings pipeline;
  ConsoleSettings console;
  JournalSettings journal;
  LogSettings log;
  std::vector<alerts::SinkOptions> sinks;
  std::optional<alerts::NatsChannel> notify;   // where `yagura notify` takes alerts from
  std::optional<alerts::NatsChannel> publish;  // where `yagura relay` sends ticks to
  alerts::DeliveryOptions delivery;            // its rules are by RuleIndex, as monitor's
};

}  // namespace yagura::config
