// The subcommands. Each returns an exit code: 0 done, 1 failed while running, 2 wrong usage or
// configuration, 3 bad input data. What the options mean to a user: app/command_line.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/screen_options.hpp"

namespace yagura::app {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kBadData = 3 };

struct RunOptions {
  std::string config;
  std::string state;
  std::string console;  // ADDR:PORT or "off"; empty: as configured
  std::string run_for;
  bool terminal = false;
  bool plain = false;
  bool json = false;
  ScreenOptions screen;
  bool demo = false;
  std::string speed;  // of the demo; empty: the script in about 30 s
  std::optional<std::uint64_t> seed;
};
int run(const RunOptions& options);

struct ConsoleOptions {
  std::string url = "ws://127.0.0.1:8225/ws";
  std::string token_file;  // $YAGURA_TOKEN without one
  ScreenOptions screen;
  bool plain = false;
};
int attach(const ConsoleOptions& options);

struct ReplayOptions {
  std::string listen = "127.0.0.1:9225";
  std::string vendor = "native";
  std::string speed = "1";
  bool loop = false;
  bool exit_at_end = false;
  bool lenient = false;
  std::vector<std::string> sources;
};
int replay(const ReplayOptions& options);

struct RecordOptions {
  std::string config;
  std::string out;
  std::string run_for;
  std::string rotate;       // "daily"
  std::string rotate_size;  // "256M"
};
int record(const RecordOptions& options);

struct NotifyOptions {
  std::string config;
  std::string state;
  std::string run_for;
};
int notify(const NotifyOptions& options);

struct RelayOptions {
  std::string config;
  std::string run_for;
};
int relay(const RelayOptions& options);

struct BacktestOptions {
  std::vector<std::string> configs;  // none: the default one; several are compared
  std::string state;
  std::string alerts;        // file; "-": standard output
  std::string summary_json;  // file; "-": standard output
  bool summary = false;
  bool delivered = false;  // print only what a filtered sink would get
  bool json = false;
  bool lenient = false;
  std::vector<std::string> sources;
};
int backtest(const BacktestOptions& options);

struct BenchOptions {
  std::vector<std::string> rates;  // texts as given; app/bench/plan.cpp reads them
  std::string seconds, runs, speed, alert_every, rules, wait, workers, levels, clients, hold;
  std::string json, hgrm, html;  // files; of --hgrm a directory
  bool burst = false;
  bool baseline = false;
  bool pin = false;  // in a comparison so by default
  bool no_pin = false;
  std::vector<std::string> sources;
};
int measure(const BenchOptions& options);
// Two of its --json files; 1 when p50, p99 or saturation of a path became worse, beyond noise.
int compare_measurements(const std::string& before, const std::string& after);

int decode(const std::string& vendor);

struct FeedsOptions {
  std::string config;
  std::string console;  // ADDR:PORT of the monitor; empty: as configured
  bool json = false;
  bool markdown = false;  // the table of vendors for the documentation
};
int feeds(const FeedsOptions& options);

struct FeedTestOptions {
  std::string name;  // of a configured feed, or a vendor
  std::string config;
  std::string run_for = "10s";
  std::string url;                   // with a vendor's name
  std::vector<std::string> symbols;  // with a vendor's name; OURS or OURS=THEIRS
};
int test_feed(const FeedTestOptions& options);

struct SimulateOptions {
  std::string scenario;
  std::string out;
  std::optional<std::uint64_t> seed;
};
int simulate(const SimulateOptions& options);

struct ImportOptions {
  std::string config;
  std::string state;
  std::string instrument;
  std::string file;
};
int import_history(const ImportOptions& options);

struct CheckOptions {
  std::string config;
  std::string calendar;  // "YYYY-MM": print that month instead
  bool schema = false;
};
int check(const CheckOptions& options);

struct LevelCommandOptions {
  std::string verb;  // "add", "list", "remove"
  std::string console = "127.0.0.1:8225";
  std::string instrument;
  std::string price;
  std::string rule;
  std::string note;
  bool once = false;
};
int level(const LevelCommandOptions& options);

// What all of `yagura alerts …` share; each command looks at what is its own.
struct AlertsOptions {
  std::string state, config;               // where the journal is; the configuration of sinks
  std::string console = "127.0.0.1:8225";  // of the running monitor
  std::string token_file;                  // $YAGURA_TOKEN without one
  std::string id;                          // of an alert or a silence; 6 digits and more of it
  std::string rule, instrument, kind, severity, since, until;
  std::size_t limit = 50;
  bool undelivered = false;
  bool csv = false;
  bool jsonl = false;
  std::vector<std::string> when;
  std::string author, reason;
  std::string sink;
};
int list_alerts(const AlertsOptions& options);
int show_alert(const AlertsOptions& options);
int export_alerts(const AlertsOptions& options);
int test_sink(const AlertsOptions& options);
// `verb`: "ack", "unack", "silence", "silences", "unsilence", "resend"; all talk to the running monitor.
int act_on_alerts(const std::string& verb, const AlertsOptions& options);

int version();

// One line on stderr, "yagura: MESSAGE", each line of `message` so; gives `code` back.
int complain(int code, const std::string& message);

}  // namespace yagura::app
