// yagura backtest: recordings through the same detectors, without a socket, as fast as they go.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>

#include "alerts/json.hpp"
#include "alerts/numbers.hpp"
#include "alerts/render.hpp"
#include "alerts/terminal_line.hpp"
#include "app/commands.hpp"
#include "app/start_up.hpp"
#include "feeds/source.hpp"

namespace yagura::app {
namespace {

// Where alerts go: a file, or standard output as lines for people or programs.
class AlertOutput {
 public:
  static Result<AlertOutput> open(const BacktestOptions& options) {
    AlertOutput output;
    output.json_ = options.json || !options.alerts.empty();
    if (!options.alerts.empty() && options.alerts != "-") {
      output.file_ = std::make_unique<std::ofstream>(options.alerts, std::ios::binary | std::ios::trunc);
      if (!*output.file_) return Error{options.alerts + ": cannot be written (--alerts)"};
    }
    return output;
  }
  void write(const alerts::Alert& alert, const alerts::Catalog& catalog) {
    line_.clear();
    if (json_)
      alerts::encode(alert, catalog, {.backtest = true}, line_);
    else
      line_ = to_string(alerts::local_date(alert.signal.ts_event, catalog.instrument(alert.signal).calendar)) + ' ' +
              alerts::plain_line(alert, catalog, false);
    stream() << line_ << '\n';
  }
  [[nodiscard]] bool finish() {
    stream().flush();
    return static_cast<bool>(stream());
  }

 private:
  std::ostream& stream() { return file_ ? *file_ : std::cout; }
  bool json_ = false;
  std::unique_ptr<std::ofstream> file_;
  std::string line_;
};

// How often each rule spoke.
class Summary {
 public:
  Summary(const config::Settings& settings, const alerts::Catalog& catalog) : counts_(catalog.rules.size()) {
    for (std::size_t i = 0; i < counts_.size(); ++i)
      counts_[i].shown = !processing::is_empty(settings.monitor.rules[i]);
  }
  void add(const Signal& signal) {
    auto& count = counts_[index_of(signal.rule)];
    ++count.alerts;
    ++count.by_event[name_of(signal.event)];
    count.days.insert(signal.trading_date);
  }
  void print(const alerts::Catalog& catalog) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const auto& count = counts_[i];
      if (!count.shown) continue;
      std::fprintf(stderr, "%-24s %8s alert%s on %zu day%s", catalog.rules[i].id.c_str(), grouped(count.alerts).c_str(),
                   count.alerts == 1 ? "" : "s", count.days.size(), count.days.size() == 1 ? "" : "s");
      const char* separator = ": ";
      for (const auto& [event, times] : count.by_event) {
        std::fprintf(stderr, "%s%s %s", separator, std::string(event).c_str(), grouped(times).c_str());
        separator = ", ";
      }
      std::fputc('\n', stderr);
    }
  }

 private:
  struct Count {
    bool shown = true;
    std::uint64_t alerts = 0;
    std::map<std::string_view, std::uint64_t> by_event;
    std::set<Date> days;
  };
  std::vector<Count> counts_;
};

void print_integrity(processing::Monitor& monitor) {
  for (std::size_t i = 0; i < monitor.size(); ++i) {
    const auto& instrument = monitor.instrument(SymbolId{static_cast<std::uint16_t>(i)});
    const auto& counts = instrument.filter().counts();
    if (counts.ticks == 0) continue;
    std::fprintf(stderr, "%s: %s rows, %s accepted", instrument.info().symbol.c_str(), grouped(counts.ticks).c_str(),
                 grouped(counts.accepted).c_str());
    for (std::size_t r = 0; r < processing::kRejectReasons; ++r) {
      if (counts.rejected[r] == 0) continue;
      const std::string reason{processing::name_of(static_cast<processing::Reject>(r))};
      std::fprintf(stderr, ", %s %s", grouped(counts.rejected[r]).c_str(), reason.c_str());
    }
    if (counts.gaps != 0) std::fprintf(stderr, ", %s gaps", grouped(counts.gaps).c_str());
    if (counts.restarted != 0) std::fprintf(stderr, ", %s restarted", grouped(counts.restarted).c_str());
    std::fputc('\n', stderr);
  }
}

feeds::SourceOptions source_options(const config::Settings& settings, bool lenient) {
  feeds::SourceOptions options{.lenient = lenient, .capture_symbols = {}};
  for (const auto& feed : settings.feeds) {
    for (const auto& [ours, theirs] : feed.symbols) options.capture_symbols[feed.name][theirs] = ours;
  }
  return options;
}

int code_of(const feeds::SourceError& error) { return error.kind == feeds::SourceErrorKind::kData ? kBadData : kUsage; }

void report_bad_rows(const feeds::LoadedSource& source) {
  if (!source.note.empty()) complain(0, source.note);
  for (const auto& row : source.first_bad) {
    complain(0, source.spec.file + ":" + std::to_string(row.line) + ": " + row.reason + "; row skipped");
  }
  if (source.bad > source.first_bad.size()) {
    complain(0, source.spec.file + ": " + grouped(source.bad) + " bad rows of " + grouped(source.rows) + " in all");
  }
}

}  // namespace

int backtest(const BacktestOptions& options) {
  const auto settings = load_settings(options.config);
  if (!settings) return kUsage;
  // Without a place for state there is no history, and that is all a backtest would read there.
  const auto state = alerts::StateDir::resolve(options.state);
  auto history =
      state ? load_history(*state, *settings) : Result<processing::Monitor::History>{processing::Monitor::History{}};
  if (!history) return complain(kBadData, history.error().message);

  std::vector<feeds::LoadedSource> loaded;
  feeds::SourceNames sources;
  const auto reading = source_options(*settings, options.lenient);
  for (const auto& argument : options.sources) {
    const auto spec = feeds::parse_source(argument);
    if (!spec) return complain(kUsage, spec.error().message);
    auto source = feeds::load_source(*spec, settings->symbols, sources, reading);
    if (!source) return complain(code_of(source.error()), source.error().message);
    report_bad_rows(*source);
    loaded.push_back(std::move(*source));
  }

  auto output = AlertOutput::open(options);
  if (!output) return complain(kUsage, output.error().message);
  const auto catalog = make_catalog(*settings);
  processing::Monitor monitor{settings->monitor, std::move(*history)};
  feeds::MergedTicks ticks{std::move(loaded)};
  Summary summary{*settings, catalog};
  SignalBuffer signals;
  std::uint64_t seq = 0;
  const auto drain = [&] {
    for (const auto& signal : signals.signals()) {
      const auto levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel
                              ? signals.levels_of(signal)
                              : std::span<const Price>{};
      summary.add(signal);
      output->write(alerts::make_alert(++seq, signal, levels, catalog), catalog);
    }
    signals.clear();
  };

  const auto start = std::chrono::steady_clock::now();
  while (const Tick* tick = ticks.next()) {
    monitor.on_tick(*tick, signals);
    if (!signals.empty()) drain();
  }
  monitor.on_end_of_input(signals);
  drain();
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!output->finish())
    return complain(kFailed, (options.alerts.empty() ? "standard output" : options.alerts) + ": writing failed");

  print_integrity(monitor);
  if (options.summary) summary.print(catalog);
  std::fprintf(stderr, "%s alert%s from %s ticks in %.3f s\n", grouped(seq).c_str(), seq == 1 ? "" : "s",
               grouped(ticks.total()).c_str(), took);
  return kDone;
}

}  // namespace yagura::app
