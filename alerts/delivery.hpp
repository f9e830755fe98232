// Which alerts are delivered to sinks, and why others are held. The journal, the console and a
// backtest have every alert; this decides about people's telephones only.
//
// A pure function of the alerts and of event time: no clock, no input or output. Its state is saved
// with the detectors', so that what was said once is not said again after a restart.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "alerts/bounded_map.hpp"
#include "alerts/catalog.hpp"
#include "alerts/delivery_options.hpp"
#include "alerts/storm.hpp"
#include "alerts/subject.hpp"

namespace yagura::alerts {

// Why an alert is not delivered; in the order in which the reasons are looked at.
enum class Held : std::uint8_t {
  kNot,        // delivered
  kExpired,    // its rule has expired
  kMuted,      // a mute window
  kInhibited,  // the instrument's data are stale
  kAbsorbed,   // a milestone or level of the same tick says more
  kRepeated,   // said before, and `repeat` allows it no more
  kCooldown,   // said less than `delivery_cooldown` before
  kStorm,      // over the budget: in the next summary
  kPending,    // waits for `for` or `keep_firing`; delivered or held later
  kBrief,      // began or ended too briefly: never delivered
  kSilenced,   // a person asked for it (silences.hpp)
};
inline constexpr std::size_t kHeldReasons = 11;
[[nodiscard]] std::string_view name_of(Held held);  // "muted"; "delivered" for kNot

struct Verdict {
  Held held = Held::kNot;
  std::vector<Id128> absorbed;  // alerts held in favour of this one
};

// An alert that had to wait and is delivered now.
struct LateAlert {
  Id128 id;
  Severity severity{};
  Timestamp at;      // when its time had come
  std::string text;  // what keep() was given
};
using LateMessage = std::variant<LateAlert, StormSummary>;

// One thread.
class DeliveryPolicy {
 public:
  DeliveryPolicy(const Catalog& catalog, DeliveryOptions options);

  // The decisions of one tick, or of a few of one instrument: a verdict each, valid until the next call.
  std::span<const Verdict> judge(std::span<const Signal> signals);
  // The first alert of the chain that this one belongs to: itself when it follows up none that is still
  // remembered (the newest 1,000 follow-ups of a rule are).
  [[nodiscard]] Id128 episode_of(Id128 id) const;
  // The text of an alert that was just found kPending.
  void keep(Id128 id, std::string_view text);
  // The market's clock of an instrument: what waits may have become due. Cheap.
  void advance(SymbolId symbol, Timestamp now) {
    if (now >= instruments_[index_of(symbol)].next_due) catch_up(symbol, now);
  }
  // What has become due since it was last asked, in order.
  [[nodiscard]] std::vector<LateMessage> take_late();
  [[nodiscard]] bool has_late() const { return !late_.empty(); }

  // Found worth delivering, but a person does not want it now.
  void withhold() {
    --counts_[static_cast<std::size_t>(Held::kNot)];
    count_one(Held::kSilenced);
  }

  // Number of the newest alert judged; its owner's, kept with the state.
  std::uint64_t judged = 0;

  // By reason, since the start; alerts that wait are counted when their fate is known.
  [[nodiscard]] std::uint64_t count(Held held) const { return counts_[static_cast<std::size_t>(held)]; }
  [[nodiscard]] bool expired(RuleIndex rule, Timestamp t) const;
  [[nodiscard]] const DeliveryOptions& options() const { return options_; }

  // By names of rules and instruments: what is gone is dropped, what is new starts empty. False, and
  // the policy as new, when it does not read back.
  void save(std::string& out);  // behind what is there
  [[nodiscard]] std::string save() {
    std::string out;
    save(out);
    return out;
  }
  [[nodiscard]] bool load(std::string_view saved);
  // Takes over from a policy with other settings: its state, its counts and what it was about to say.
  void succeed(DeliveryPolicy& old);

 private:
  struct Told {
    Timestamp at;
    Severity severity{};
  };
  struct Waiting {
    Subject subject;
    Timestamp due;
    std::string text;
  };
  // A state that an alert said to have begun.
  struct Condition {
    enum class Phase : std::uint8_t { kPending, kFiring, kRecovering };
    std::int64_t headline = 0;
    Date trading_date{};  // of its beginning
    Phase phase = Phase::kFiring;
    Held begun = Held::kNot;  // what became of the alert that said so; its end shares that fate
    Waiting waiting;          // pending: the beginning; recovering: the end

    void state(processing::StateIo& io);
  };
  struct Rule {
    std::string id;
    RuleKind kind{};
    SymbolId instrument{};
    RuleDelivery options;
    BoundedMap<Told> told;
    BoundedMap<Id128> episodes;  // alert -> the first of its episode
    std::vector<Condition> conditions;
    TradingDays counted;  // the setting that `first_date` belongs to
    Date first_date{};

    void state(processing::StateIo& io);
  };
  struct Instrument {
    std::string symbol;
    CalendarKind calendar{};
    Timestamp next_due = Timestamp::min();
    StormGuard storm;
  };

  Verdict& judge(std::span<const Signal> signals, std::size_t i);
  Verdict* absorber_of(std::span<const Signal> signals, std::size_t i);
  Held pass(const Subject& subject);  // every gate, in order
  Held begin(const Subject& subject);
  Held end(const Subject& subject);
  Held fate_of_end(const Condition& condition, const Subject& subject);
  void become_due(Rule& rule, Condition& condition);
  void summarise(std::optional<StormSummary> summary, SymbolId symbol);
  void catch_up(SymbolId symbol, Timestamp now);
  void plan(SymbolId symbol);
  void count_days(SymbolId symbol, Timestamp now);
  [[nodiscard]] bool expired(const Rule& rule, Timestamp t, Date trading_date) const;
  [[nodiscard]] Held silenced(const Subject& subject) const;  // by expiry or a mute window
  [[nodiscard]] bool inhibited(const Subject& subject) const;
  [[nodiscard]] Held said_before(const Rule& rule, const Subject& subject) const;
  void note_told(Rule& rule, const Subject& subject);
  [[nodiscard]] Id128 repeat_key(const Rule& rule, const Subject& subject) const;
  void count_one(Held held) { ++counts_[static_cast<std::size_t>(held)]; }
  [[nodiscard]] Rule& rule_of(const Subject& subject) { return rules_[index_of(subject.rule)]; }
  [[nodiscard]] const Rule& rule_of(const Subject& subject) const { return rules_[index_of(subject.rule)]; }

  DeliveryOptions options_;
  std::vector<Rule> rules_;              // by RuleIndex
  std::vector<Instrument> instruments_;  // by SymbolId
  std::vector<Verdict> verdicts_;
  std::vector<bool> has_verdict_;
  std::vector<LateMessage> late_;
  std::array<std::uint64_t, kHeldReasons> counts_{};
};

}  // namespace yagura::alerts
