// What happens to a decision, in two steps. It is numbered, judged, put into words and written to the
// console's clients: write(). Then it is handed to the journal with its ways to the sinks, and to the
// screen: settle(). Those have threads of their own, woken by rest(). What is held (alerts/delivery.hpp)
// goes everywhere but to sinks that want only what is delivered.
//
// The crash ring has the tick before any of it, so a crash between the two steps loses nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "alerts/alert_writer.hpp"
#include "alerts/catalog.hpp"
#include "alerts/delivery.hpp"
#include "alerts/journal.hpp"
#include "alerts/jsonl_file.hpp"
#include "alerts/rehearsal.hpp"
#include "alerts/routing.hpp"
#include "app/alert_counts.hpp"

namespace yagura::app {

// Detector thread only.
class AlertDesk {
 public:
  enum class ScreenFormat : std::uint8_t { kLines, kColour, kJson };
  struct Outputs {
    // Writes to the clients. `held`: why the alert is not delivered; empty when it is. May be empty itself.
    std::function<void(std::uint64_t seq, std::string_view json, std::string_view held)> console;
    // What console() does, to nobody. May be empty.
    std::function<void(std::string_view json)> rehearse{};
    // For clients that come later: the same, behind the write. May be empty.
    std::function<void(std::uint64_t seq, std::string_view json, std::string_view held)> remember{};
    alerts::JsonlFile* screen = nullptr;  // null: none
    ScreenFormat format = ScreenFormat::kLines;
    // Whether a person does not want to be told of this one now. May be empty.
    std::function<bool(const Signal& signal)> silenced;
    alerts::Routing routing;
    // Whether somebody has taken up the episode: what follows escalates no more. May be empty.
    std::function<bool(Id128 episode)> acknowledged;
  };

  AlertDesk(const alerts::Catalog& catalog, alerts::Journal& journal, alerts::DeliveryPolicy& delivery, Outputs outputs)
      : catalog_(catalog),
        journal_(journal),
        delivery_(delivery),
        outputs_(std::move(outputs)),
        writer_(catalog),
        rehearsal_(alerts::rehearsal(catalog)) {}

  // The decisions of one tick: into the clients' sockets, and nothing else.
  void write(const SignalBuffer& signals);
  // The same ones, right behind. True if something was sent late with them: the state of delivery is to be
  // stored before long, or a restart sends it again.
  bool settle();
  // Wakes whoever has got something. Once for many ticks: it may be a system call for each.
  void rest();
  // All of it.
  bool hand_out(const SignalBuffer& signals) {
    write(signals);
    const bool late = settle();
    rest();
    return late;
  }
  // Goes the way of an alert with one that nobody decided, to nobody, and leaves no trace. With five
  // alerts a second no cache knows that way any more: 35 us into the clients' sockets, with a thousand 5 us.
  // Takes some 7 us.
  void rehearse();
  // The market's clock of an instrument: what waited for it goes out. True if something did.
  bool on_clock(SymbolId symbol, Timestamp now);

  // The rules are others now, in the catalog as well.
  void use(alerts::Routing routing);

  [[nodiscard]] std::uint64_t alerts() const { return alerts_; }       // handed out
  [[nodiscard]] const AlertCounts& counts() const { return counts_; }  // the same, of rules that said something
  [[nodiscard]] std::uint64_t repeats() const { return repeats_; }     // decided again after a crash, known already

 private:
  // A decision between the two steps.
  struct Written {
    alerts::Journal::Number number;
    alerts::Held held = alerts::Held::kNot;
    std::string json;   // reused; empty: said before a crash, and known to everybody
    std::string title;  // reused
  };
  void number(const SignalBuffer& signals);
  void settle(const Signal& signal, const Written& written);
  bool send_late();
  // What the policy would deliver and a person does not want.
  void heed_silences();
  void send_summary(const alerts::StormSummary& summary);
  void send_late(const alerts::LateAlert& late);
  [[nodiscard]] alerts::Ways ways_of(RuleIndex rule, Severity severity, Event event, Id128 episode,
                                     alerts::Routing::Which which) const;
  void show(const Signal& signal, const Written& written);
  // Lines carry the time of day; the date stands above the first of each.
  void show_date(Timestamp t, CalendarKind calendar);

  const alerts::Catalog& catalog_;
  alerts::Journal& journal_;
  alerts::DeliveryPolicy& delivery_;
  Outputs outputs_;
  std::optional<alerts::AlertWriter> writer_;  // made anew with other rules
  std::vector<Signal> rehearsal_;
  std::size_t rehearsed_ = 0;
  std::vector<Signal> batch_;     // of one tick
  std::vector<Written> written_;  // of the batch in front; the others are kept for their memory
  Date shown_date_{};
  std::uint64_t alerts_ = 0;
  AlertCounts counts_;
  std::uint64_t repeats_ = 0;
};

}  // namespace yagura::app
