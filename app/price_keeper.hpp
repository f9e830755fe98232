// Keeps the history of prices across restarts: the rings in memory are filled from the journal at the
// start, and every snapshot takes along what has become final since the one before.
//
// A candle goes to the disk once, when no tick can change it any more; the newest few of each ring travel
// inside the snapshot. Both are of the same moment as the detectors' state, so after a crash the entries of
// the crash ring behind it complete the candles exactly: nothing is lost or counted twice.
//
// Detector thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert_query.hpp"
#include "alerts/history_table.hpp"
#include "app/alert_window.hpp"
#include "core/result.hpp"
#include "processing/daily_history.hpp"
#include "processing/monitor.hpp"
#include "processing/price_history.hpp"
#include "processing/signal.hpp"

namespace yagura::app {

class PriceKeeper {
 public:
  explicit PriceKeeper(const processing::MonitorOptions& options);

  // -- At the start.

  // What the journal and its snapshot have (`state`: of save(); empty when there is none).
  [[nodiscard]] Result<void> load(alerts::AlertQuery& journal, std::string_view state);
  // After load(): imported days, rising, stand among ours in the chart without a count of ticks, and in place
  // of ours but for the newest day of all, which may not be over.
  void add_days(SymbolId symbol, const std::vector<processing::DailyRow>& days);
  // Other rules for the same instruments: a series with another expression starts without a past.
  void use(const processing::MonitorOptions& options);
  // The ticks of all instruments go here from now on.
  void listen_to(processing::Monitor& monitor) { history_.listen_to(monitor); }
  // What the last run had taken has been run again, or this one ends: ticks are missing from here on.
  void end_stretch();

  // -- What happens; neither waits nor fails.

  void note_alerts(const SignalBuffer& signals);
  void on_clock(SymbolId symbol, Timestamp now);
  // What the tick said is out: it may go into the candles.
  void on_told(SymbolId symbol) noexcept { history_.settle(symbol); }
  // There are ticks to be stored, though no tick may come.
  [[nodiscard]] bool due() const;

  // -- With each snapshot.

  void save(std::string& out);  // behind what is there
  [[nodiscard]] std::string save() {
    std::string out;
    save(out);
    return out;
  }
  // What it takes along; noted as stored by taken(), and handed over again without.
  [[nodiscard]] std::vector<alerts::HistoryRows> rows();
  void taken();

  // -- Questions.

  [[nodiscard]] const processing::PriceHistory& history() const { return history_; }
  [[nodiscard]] const std::string& key_of(SymbolId symbol) const { return instruments_[index_of(symbol)].key; }
  // The journal may have older candles than the ring.
  [[nodiscard]] bool has_older(SymbolId symbol, processing::CandleStep step) const;
  // The market's time: no accepted tick can be older any more.
  [[nodiscard]] Timestamp market_time(SymbolId symbol) const;
  // Since when no accepted tick is missing in memory; Timestamp::max(): there is none.
  [[nodiscard]] Timestamp complete_since(SymbolId symbol) const;

 private:
  struct Instrument {
    std::string key;  // its name; of a series with the expression: another one is another series
    AlertWindow window{};
    Timestamp clock{};                                                    // as on_clock() said
    std::array<std::uint64_t, processing::kCandleSteps.size()> stored{};  // numbers below it are
    std::array<bool, processing::kCandleSteps.size()> more_on_disk{};     // at the start
    // Handed over, not yet taken.
    std::array<std::uint64_t, processing::kCandleSteps.size()> handed{};
    Timestamp handed_to{};
    std::vector<alerts::TickPiece> ended{};  // of stretches that ended; not taken
  };
  [[nodiscard]] Result<void> load(alerts::AlertQuery& journal, Instrument& instrument,
                                  processing::PriceHistory::Prices& prices);
  [[nodiscard]] Result<void> restore(std::string_view state);
  // Those that are not stored yet: the settled ones, or with `all` the newest, too.
  void hand_candles(SymbolId symbol, alerts::HistoryRows& rows, bool all = false);
  void hand_ticks(SymbolId symbol, alerts::HistoryRows& rows);
  [[nodiscard]] std::optional<alerts::TickPiece> piece(SymbolId symbol, const AlertWindow::Stretch& stretch) const;

  processing::PriceHistory history_;
  std::vector<Instrument> instruments_;    // by SymbolId
  std::vector<alerts::HistoryRows> left_;  // of those that are not watched any more; not taken
};

}  // namespace yagura::app
