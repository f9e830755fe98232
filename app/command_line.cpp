#include "app/command_line.hpp"

#include <functional>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"
#include "app/version.hpp"

namespace yagura::app {
namespace {

// All options of all commands; the parser writes into them.
struct Parsed {
  RunOptions run;
  ConsoleOptions console;
  ReplayOptions replay;
  RecordOptions record;
  NotifyOptions notify;
  RelayOptions relay;
  BacktestOptions backtest;
  BenchOptions bench;
  std::string compare_before, compare_after;
  std::string decode_vendor;
  SimulateOptions simulate;
  ImportOptions import;
  CheckOptions check;
  LevelCommandOptions level;
  AlertsOptions alerts;
  FeedsOptions feeds;
  FeedTestOptions feed_test;
  std::function<int()> action;
};

constexpr const char* kSourceHelp = "SYMBOL=FILE (tick or bar CSV, .gz or not) or a capture (.ycap)";

// The parser itself would wrap -1 around.
std::string whole_number(const std::string& text) {
  const bool good = !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == std::string::npos;
  return good ? std::string{} : "'" + text.substr(0, 40) + "' must be a whole number from 0";
}

CLI::App* command(CLI::App& cli, Parsed& parsed, const char* name, const char* help, std::function<int()> action) {
  auto* added = cli.add_subcommand(name, help);
  added->callback([&parsed, action = std::move(action)] { parsed.action = action; });
  return added;
}

void add_screen_options(CLI::App& verb, ScreenOptions& o) {
  verb.add_option("--lang", o.lang, "Language of the screen; the locale's by default")
      ->check(CLI::IsMember({"en", "ja"}))
      ->type_name("en|ja");
  verb.add_flag("--ascii", o.ascii, "Keep the screen to ASCII");
  verb.add_flag("--red-up", o.red_up, "Red for rises, as in Japan");
}

void add_run(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.run;
  auto* c = command(cli, parsed, "run", "Watch the feeds and say what matters", [&o] { return run(o); });
  c->add_option("--config", o.config, "Configuration file")->type_name("FILE");
  c->add_option("--state", o.state, "State directory")->type_name("DIR");
  c->add_option("--console", o.console, "Where to serve the console, or 'off'")->type_name("ADDR:PORT|off");
  auto* terminal = c->add_flag("--terminal", o.terminal, "The screen, or an error (on a terminal: the default)");
  auto* plain = c->add_flag("--plain", o.plain, "One line an alert, without colour");
  auto* json = c->add_flag("--json", o.json, "One JSON object an alert");
  plain->excludes(json)->excludes(terminal);
  json->excludes(terminal);
  add_screen_options(*c, o.screen);
  auto* demo = c->add_flag("--demo", o.demo, "Play the bundled scenario instead of the feeds");
  c->add_option("--speed", o.speed, "Demo: recorded seconds a second")->type_name("N")->needs(demo);
  c->add_option("--seed", o.seed, "Demo: another path between the same points")->check(whole_number)->needs(demo);
  c->add_option("--for", o.run_for, "End after so long")->type_name("DURATION");
}

void add_console(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.console;
  auto* c = command(cli, parsed, "console", "Show the screen of a running monitor (token: $YAGURA_TOKEN)",
                    [&o] { return attach(o); });
  c->add_option("--url", o.url, "Where the monitor's console is")->capture_default_str()->type_name("URL");
  c->add_option("--token-file", o.token_file, "The console's token, instead of $YAGURA_TOKEN")->type_name("FILE");
  c->add_flag("--plain", o.plain, "One line an alert, without colour");
  add_screen_options(*c, o.screen);
}

void add_replay(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.replay;
  auto* c = command(cli, parsed, "replay", "Serve recordings as a vendor would", [&o] { return replay(o); });
  c->add_option("--listen", o.listen, "Where to serve")->capture_default_str()->type_name("ADDR:PORT");
  c->add_option("--as", o.vendor, "Which vendor to be")->capture_default_str()->type_name("VENDOR");
  c->add_option("--speed", o.speed, "1, N times as fast, or max")->capture_default_str()->type_name("1|N|max");
  c->add_flag("--loop", o.loop, "Start over at the end, times moving on");
  c->add_flag("--exit-at-end", o.exit_at_end, "Say goodbye and end with the recording");
  c->add_flag("--lenient", o.lenient, "Go on when more than 1 % of a file's rows are bad");
  c->add_option("SOURCE", o.sources, kSourceHelp)->required();
}

void add_record(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.record;
  auto* c =
      command(cli, parsed, "record", "Write the raw frames of the feeds to a capture", [&o] { return record(o); });
  c->add_option("--config", o.config, "Configuration file")->type_name("FILE");
  c->add_option("--out", o.out, ".ycap, or .ycap.gz")->required()->type_name("FILE");
  c->add_option("--for", o.run_for, "End after so long")->type_name("DURATION");
  c->add_option("--rotate", o.rotate, "Begin a new file with each day, UTC")->type_name("daily");
  c->add_option("--rotate-size", o.rotate_size, "Begin a new file before one grows beyond, such as 256M")
      ->type_name("SIZE");
}

// Ways in and out of NATS (docs/scale-out.md).
void add_nats(CLI::App& cli, Parsed& parsed) {
  auto& n = parsed.notify;
  auto* notifying = command(cli, parsed, "notify", "Send the alerts that monitors published to NATS to the sinks",
                            [&n] { return notify(n); });
  notifying->add_option("--config", n.config, "Configuration file")->type_name("FILE");
  notifying->add_option("--state", n.state, "State directory, for dead letters")->type_name("DIR");
  notifying->add_option("--for", n.run_for, "End after so long")->type_name("DURATION");

  auto& r = parsed.relay;
  auto* relaying = command(cli, parsed, "relay", "Publish the ticks of the feeds to NATS, for monitors elsewhere",
                           [&r] { return relay(r); });
  relaying->add_option("--config", r.config, "Configuration file")->type_name("FILE");
  relaying->add_option("--for", r.run_for, "End after so long")->type_name("DURATION");
}

void add_backtest(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.backtest;
  auto* c = command(cli, parsed, "backtest", "Run recordings through the detectors and print what would have fired",
                    [&o] { return backtest(o); });
  c->add_option("--config", o.configs, "Configuration file; several times: compare them on the same ticks")
      ->type_name("FILE")
      ->type_size(1)
      ->allow_extra_args(false);
  c->add_option("--state", o.state, "State directory; only imported history is read")->type_name("DIR");
  c->add_option("--alerts", o.alerts,
                "Write alerts here, one JSON object a line ('-': standard output); of several configurations "
                "OUT.jsonl becomes OUT.NAME.jsonl, one each")
      ->type_name("FILE");
  c->add_flag("--json", o.json, "Print JSON instead of lines for people");
  c->add_flag("--delivered", o.delivered, "Only what would be delivered; say how many were held and why");
  c->add_flag("--summary", o.summary, "Say per rule how often it fired, when most, and what came of it");
  c->add_option("--summary-json", o.summary_json, "Write the summary here as JSON ('-': standard output, alone)")
      ->type_name("FILE");
  c->add_flag("--lenient", o.lenient, "Go on when more than 1 % of a file's rows are bad");
  c->add_option("SOURCE", o.sources, kSourceHelp)->required();
}

void add_bench(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.bench;
  auto* c = cli.add_subcommand("bench", "Measure from a scheduled tick to its alert at a client");
  c->add_option("--rate", o.rates, "Ticks a second; several times: one after the other (10000)")
      ->type_name("N")
      ->type_size(1)
      ->allow_extra_args(false);
  c->add_option("--seconds", o.seconds, "Length of a run (10)")->type_name("S");
  c->add_option("--runs", o.runs, "Runs of each, for medians and ranges (1)")->type_name("R");
  c->add_option("--speed", o.speed, "The recording's own pace instead of a rate; max: as fast as it goes")
      ->type_name("1|N|max");
  c->add_option("--alert-every", o.alert_every, "Every K-th tick asks for an alert (10)")->type_name("K");
  c->add_option("--rules", o.rules, "All rules as shipped, or one milestone an instrument")
      ->type_name("shipped|same_work");
  c->add_option("--wait", o.wait, "How the monitor waits; as shipped by default")->type_name("spin|block");
  c->add_option("--workers", o.workers, "The monitor's workers; as shipped by default")->type_name("N");
  c->add_option("--levels", o.levels, "Load so many price levels, none of them near")->type_name("N");
  c->add_option("--clients", o.clients, "So many more clients read along")->type_name("N");
  c->add_flag("--burst", o.burst, "3 % within 30 s at 100 times the density, scaled to --seconds");
  c->add_flag("--pin", o.pin,
              "The harness gets a core of its own, the monitor the others; so by default with --baseline");
  c->add_flag("--no-pin", o.no_pin, "Nobody is held to a core")->excludes("--pin");
  c->add_option("--hold", o.hold, "Look for the highest rate whose p99 stays within this")->type_name("DURATION");
  c->add_flag("--baseline", o.baseline, "Beside the least the machine can do and what others would write; ratios");
  c->add_option("--json", o.json, "Write all figures here ('-': standard output)")->type_name("OUT");
  c->add_option("--html", o.html, "Write a page with charts here")->type_name("OUT");
  c->add_option("--hgrm", o.hgrm, "Write HdrHistogram files into this folder")->type_name("DIR");
  c->add_option("SOURCE", o.sources, std::string{kSourceHelp} + "; the bundled scenario by default");

  auto* comparing = c->add_subcommand("compare", "Two files of --json: what changed, and whether beyond noise");
  comparing->add_option("BEFORE", parsed.compare_before, "The file of before")->required();
  comparing->add_option("AFTER", parsed.compare_after, "The file of after")->required();
  // The parser calls the outer one last.
  c->callback([&parsed, comparing] {
    const bool compares = comparing->parsed();
    parsed.action = [&parsed, compares] {
      return compares ? compare_measurements(parsed.compare_before, parsed.compare_after) : measure(parsed.bench);
    };
  });
}

void add_level(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.level;
  auto* c = cli.add_subcommand("level", "Price levels of a running monitor (token: $YAGURA_TOKEN)");
  c->require_subcommand(1);
  const auto verb = [&](const char* name, const char* help) {
    auto* v = c->add_subcommand(name, help);
    v->callback([&parsed, name] {
      parsed.level.verb = name;
      parsed.action = [&parsed] { return level(parsed.level); };
    });
    v->add_option("--console", o.console, "Where the monitor's console is")
        ->capture_default_str()
        ->type_name("ADDR:PORT");
    return v;
  };
  auto* add = verb("add", "Add a level; it is kept across restarts");
  auto* remove = verb("remove", "Remove a level that was added");
  verb("list", "List added and configured levels");
  for (auto* v : {add, remove}) {
    v->add_option("SYMBOL", o.instrument, "Whose price")->required();
    v->add_option("PRICE", o.price, "The level")->required();
    v->add_option("--rule", o.rule, "Which level rule; the instrument's first by default")->type_name("ID");
  }
  add->add_option("--note", o.note, "Said with its alerts")->type_name("TEXT");
  add->add_flag("--once", o.once, "Gone after its first reached or lost");
}

void add_alert_filters(CLI::App& verb, AlertsOptions& o) {
  verb.add_option("--rule", o.rule, "Of this rule")->type_name("ID");
  verb.add_option("--instrument", o.instrument, "Of this instrument")->type_name("SYMBOL");
  verb.add_option("--kind", o.kind, "Of this kind of rule")->type_name("KIND");
  verb.add_option("--severity", o.severity, "At least this severe")->type_name("LEVEL");
  verb.add_option("--since", o.since, "Not before: a time with its zone, or so long ago (2h)")->type_name("TIME");
  verb.add_option("--until", o.until, "Before this time")->type_name("TIME");
  verb.add_flag("--undelivered", o.undelivered, "Something of it waits to be sent, or is a dead letter");
}

void add_silence_options(CLI::App& verb, AlertsOptions& o) {
  verb.add_option("--rule", o.rule, "Alerts of this rule")->type_name("ID");
  verb.add_option("--instrument", o.instrument, "Of this instrument")->type_name("SYMBOL");
  verb.add_option("--kind", o.kind, "Of this kind of rule")->type_name("KIND");
  verb.add_option("--severity", o.severity, "This severe at most; critical: all")->type_name("LEVEL");
  verb.add_option("--until,--for", o.until, "How long: a time with its zone, or a duration (2h)")->type_name("TIME");
  verb.add_option("--when", o.when, "Only in these hours, such as \"mon-fri 08:00-08:45\"; several times for several")
      ->type_name("WINDOW")
      ->type_size(1)
      ->allow_extra_args(false);
}

void add_alerts(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.alerts;
  auto* c =
      cli.add_subcommand("alerts", "Alerts so far: look, acknowledge, silence, send again (token: $YAGURA_TOKEN)");
  c->require_subcommand(1);
  const auto verb = [&](const char* name, const char* help, std::function<int()> action) {
    auto* v = c->add_subcommand(name, help);
    v->callback([&parsed, action = std::move(action)] { parsed.action = action; });
    v->add_option("--state", o.state, "State directory")->type_name("DIR");
    return v;
  };
  const auto acting = [&](const char* name, const char* help) {
    auto* v = verb(name, help, [&o, name] { return act_on_alerts(name, o); });
    v->add_option("--console", o.console, "Where the monitor's console is")
        ->capture_default_str()
        ->type_name("ADDR:PORT");
    v->add_option("--token-file", o.token_file, "The console's token, instead of $YAGURA_TOKEN")->type_name("FILE");
    return v;
  };
  auto* list = verb("list", "The newest, oldest first", [&o] { return list_alerts(o); });
  list->add_option("--limit", o.limit, "At most so many")->capture_default_str();
  auto* shown = verb("show", "All about one: evidence, deliveries, who did what", [&o] { return show_alert(o); });
  auto* exporting = verb("export", "All of them, to standard output", [&o] { return export_alerts(o); });
  auto* csv = exporting->add_flag("--csv", o.csv, "Comma-separated, safe to open in a spreadsheet");
  exporting->add_flag("--jsonl", o.jsonl, "The objects as they are, one a line")->excludes(csv);
  for (auto* v : {list, exporting}) add_alert_filters(*v, o);
  auto* testing = c->add_subcommand("test", "Send one marked letter to a sink and say what came of it");
  testing->callback([&parsed] { parsed.action = [&parsed] { return test_sink(parsed.alerts); }; });
  testing->add_option("SINK", o.sink, "Its name in the configuration")->required();
  testing->add_option("--config", o.config, "Configuration file")->type_name("FILE");
  auto* ack = acting("ack", "Someone takes care: nothing of it escalates");
  auto* unack = acting("unack", "Take that back");
  auto* silence = acting("silence", "Do not send alerts of these for a while");
  add_silence_options(*silence, o);
  acting("silences", "List the silences in force");
  auto* unsilence = acting("unsilence", "Lift a silence");
  auto* resend = acting("resend", "Send dead letters again, of one alert or all");
  resend->add_option("ID", o.id, "Of the alert; six digits are enough");
  for (auto* v : {shown, ack, unack, unsilence}) v->add_option("ID", o.id, "Six digits are enough")->required();
  for (auto* v : {ack, unack, silence, unsilence, resend}) {
    v->add_option("--reason", o.reason, "Why, for the record")->type_name("TEXT");
    v->add_option("--author", o.author, "Who; by default by what right")->type_name("NAME");
  }
}

void add_feeds(CLI::App& cli, Parsed& parsed) {
  auto& o = parsed.feeds;
  auto* c = cli.add_subcommand("feeds", "List the vendors, and what the configured feeds do now");
  c->add_option("--config", o.config, "Configuration file")->type_name("FILE");
  c->add_option("--console", o.console,
                "Where the monitor's console is; as configured by default (token: $YAGURA_TOKEN)")
      ->type_name("ADDR:PORT");
  auto* json = c->add_flag("--json", o.json, "Print JSON");
  c->add_flag("--markdown", o.markdown, "Print the vendors as a Markdown table")->excludes(json);

  auto& t = parsed.feed_test;
  auto* test = c->add_subcommand("test", "Connect one feed, say what comes when, and where it fails");
  test->add_option("NAME", t.name,
                   "A configured feed, or a vendor (keys: $VENDOR_TOKEN, $VENDOR_USER, $VENDOR_PASSWORD)")
      ->required();
  test->add_option("--config", t.config, "Configuration file")->type_name("FILE");
  test->add_option("--for", t.run_for, "How long to wait for ticks")->capture_default_str()->type_name("DURATION");
  test->add_option("--url", t.url, "Of a vendor: connect there instead")->type_name("URL");
  test->add_option("--symbol", t.symbols, "Of a vendor: what to ask for; several times for several")
      ->type_name("OURS[=THEIRS]")
      ->type_size(1)
      ->allow_extra_args(false);
  // The parser calls the outer one last.
  c->callback([&parsed, test] {
    const bool testing = test->parsed();
    parsed.action = [&parsed, testing] { return testing ? test_feed(parsed.feed_test) : feeds(parsed.feeds); };
  });
}

void add_tools(CLI::App& cli, Parsed& parsed) {
  auto* decoding = command(cli, parsed, "decode", "Decode a vendor's frames, one a line ('b64:' for binary)",
                           [&parsed] { return decode(parsed.decode_vendor); });
  decoding->add_option("--vendor", parsed.decode_vendor, "Whose frames")->required()->type_name("VENDOR");

  auto& s = parsed.simulate;
  auto* simulating =
      command(cli, parsed, "simulate", "Draw the ticks of a scenario into a file", [&s] { return simulate(s); });
  simulating->add_option("--scenario", s.scenario, "Scenario; the bundled one by default")->type_name("FILE");
  simulating->add_option("--seed", s.seed, "Another seed: other ticks between the same points")->check(whole_number);
  simulating->add_option("--out", s.out, ".csv or .ycap, with or without .gz")->required()->type_name("FILE");

  auto& i = parsed.import;
  auto* importing = command(cli, parsed, "import", "Import daily history, so that records and firsts are known",
                            [&i] { return import_history(i); });
  importing->add_option("--config", i.config, "Configuration file")->type_name("FILE");
  importing->add_option("--state", i.state, "State directory")->type_name("DIR");
  importing->add_option("--instrument", i.instrument, "Whose history")->required()->type_name("SYMBOL");
  importing->add_option("DAILY", i.file, "date,open,high,low,close; .gz or not")->required();

  auto& k = parsed.check;
  auto* checking = command(cli, parsed, "check", "Validate a configuration and print what will be in force",
                           [&k] { return check(k); });
  checking->add_option("--config", k.config, "Configuration file")->type_name("FILE");
  checking->add_option("--calendar", k.calendar, "Print a month of each calendar in use instead")->type_name("YYYY-MM");
  checking->add_flag("--schema", k.schema, "Print every key with its default instead, as Markdown");

  command(cli, parsed, "version", "Print version, commit and compiler", [] { return version(); });
}

// The parser would only say that a command is missing.
std::string unknown_command(const CLI::App& cli, int argc, char** argv) {
  if (argc < 2) return {};
  const std::string first = argv[1];
  if (first == "-h" || first == "--help" || first == "--version") return {};
  std::string all;
  for (const auto* known : cli.get_subcommands([](const CLI::App*) { return true; })) {
    if (known->get_name() == first) return {};
    all += (all.empty() ? "" : ", ") + known->get_name();
  }
  return "'" + first + "' is no command; one of " + all;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App cli{"Yagura watches the Nikkei 225 and USD/JPY and says at once what matters.", "yagura"};
  cli.require_subcommand(1);
  cli.set_version_flag("--version", "yagura " + std::string(kVersion));
  cli.failure_message([](const CLI::App*, const CLI::Error& error) {
    return "yagura: " + std::string(error.what()) + " (yagura --help shows the usage)\n";
  });
  Parsed parsed;
  add_run(cli, parsed);
  add_console(cli, parsed);
  add_replay(cli, parsed);
  add_record(cli, parsed);
  add_nats(cli, parsed);
  add_backtest(cli, parsed);
  add_bench(cli, parsed);
  add_level(cli, parsed);
  add_alerts(cli, parsed);
  add_feeds(cli, parsed);
  add_tools(cli, parsed);
  if (const auto problem = unknown_command(cli, argc, argv); !problem.empty()) return complain(kUsage, problem);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? kDone : kUsage;
  }
  return parsed.action();
}

}  // namespace yagura::app
