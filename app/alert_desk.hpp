// What happens to a decision: it is numbered, put into words, written to the console's clients
// first and then handed to the journal with its ways to the sinks, and to the screen; they have
// threads of their own. What is held (alerts/delivery.hpp) goes everywhere but to sinks that want only
// what is delivered.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "alerts/alert.hpp"
#include "alerts/catalog.hpp"
#include "alerts/delivery.hpp"
#include "alerts/journal.hpp"
#include "alerts/jsonl_file.hpp"
#include "alerts/routing.hpp"
#include "app/alert_counts.hpp"

namespace yagura::app {

// Detector thread only.
class AlertDesk {
 public:
  enum class ScreenFormat : std::uint8_t { kLines, kColour, kJson };
  struct Outputs {
    // `held`: why the alert is not delivered; empty when it is. May be empty itself.
    std::function<void(std::uint64_t seq, std::string_view json, std::string_view held)> console;
    alerts::JsonlFile* screen = nullptr;  // null: none
    ScreenFormat format = ScreenFormat::kLines;
    // Whether a person does not want to be told of this one now. May be empty.
    std::function<bool(const Signal& signal)> silenced;
    alerts::Routing routing;
    // Whether somebody has taken up the episode: what follows escalates no more. May be empty.
    std::function<bool(Id128 episode)> acknowledged;
  };

  AlertDesk(const alerts::Catalog& catalog, alerts::Journal& journal, alerts::DeliveryPolicy& delivery, Outputs outputs)
      : catalog_(catalog), journal_(journal), delivery_(delivery), outputs_(std::move(outputs)) {}

  void hand_out(const SignalBuffer& signals);
  // The market's clock of an instrument: what waited for it goes out. True if something did.
  bool on_clock(SymbolId symbol, Timestamp now);

  // The rules are others now.
  void route(alerts::Routing routing) { outputs_.routing = std::move(routing); }

  [[nodiscard]] std::uint64_t alerts() const { return alerts_; }       // handed out
  [[nodiscard]] const AlertCounts& counts() const { return counts_; }  // the same, of rules that said something
  [[nodiscard]] std::uint64_t repeats() const { return repeats_; }     // decided again after a crash, known already

 private:
  void hand_out(const Signal& signal, std::uint64_t seq, const alerts::Verdict& verdict, std::span<const Price> levels);
  void keep_again(const Signal& signal, std::uint64_t seq, std::span<const Price> levels);
  bool send_late();
  // What the policy would deliver and a person does not want.
  void heed_silences(std::span<const alerts::Verdict> judged);
  void send_summary(const alerts::StormSummary& summary);
  void send_late(const alerts::LateAlert& late);
  [[nodiscard]] alerts::Ways ways_of(RuleIndex rule, Severity severity, Event event, Id128 episode,
                                     alerts::Routing::Which which) const;
  void show(const alerts::Alert& alert, alerts::Held held);
  // Lines carry the time of day; the date stands above the first of each.
  void show_date(Timestamp t, CalendarKind calendar);

  const alerts::Catalog& catalog_;
  alerts::Journal& journal_;
  alerts::DeliveryPolicy& delivery_;
  Outputs outputs_;
  std::string json_;
  std::vector<Signal> batch_;
  std::vector<alerts::Journal::Number> numbers_;  // of the batch
  std::vector<alerts::Verdict> verdicts_;         // of the batch
  Date shown_date_{};
  std::uint64_t alerts_ = 0;
  AlertCounts counts_;
  std::uint64_t repeats_ = 0;
};

}  // namespace yagura::app
