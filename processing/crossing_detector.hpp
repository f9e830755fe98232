// Milestones and a trader's own levels: one state machine per level that says each crossing once
// and lets a price that flickers on the number be silent. SEMANTICS 6.
//
// A level that is not settling (AT_UP, AT_DOWN) is BELOW or ABOVE according to the last accepted
// price, so only the few levels within the band around the price take memory, and a tick is
// compared with the next level above and below: its cost does not depend on how many there are.
#pragma once

#include <array>
#include <span>

#include "processing/detector.hpp"
#include "processing/level_sets.hpp"

namespace yagura::processing {

template <class Levels>
class CrossingDetector final : public Detector, private LevelEditor {
 public:
  CrossingDetector(Levels levels, const CrossingOptions& options, Announcer announcer, RuleKind kind);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  void on_day_end(const TickContext& closing, SignalBuffer& out) noexcept override;
  void on_day_start() noexcept override;
  void forget() noexcept override;
  void state(StateIo& io) override;
  [[nodiscard]] std::string fingerprint() const override;
  [[nodiscard]] DetectorView view(Price last) const override;

  [[nodiscard]] LevelEditor* level_editor() override;

 private:
  bool add_level(Price price, std::int32_t note, bool once) override;
  bool remove_level(Price price) override;
  [[nodiscard]] bool has_level(Price price) const override;
  void set_note(Price price, std::int32_t note) override;

  enum class Settling : std::uint8_t { kAtUp, kAtDown };
  struct Active {
    Price level;
    Settling settling;
  };
  // What a level has said so far.
  struct Memory {
    Price level;
    std::array<Timestamp, 6> emitted;  // by Event, reached .. regained
    Id128 reached;                     // ids of the last emitted ones
    Id128 lost;
  };

  void cross(Price previous, Price price) noexcept;
  void settle(Price price) noexcept;
  void find_near(const TickContext& context) noexcept;
  void emit(const TickContext& context, Event event, SignalBuffer& out) noexcept;
  void emit_close(const TickContext& closing, Event event, std::span<const Price> levels, SignalBuffer& out) noexcept;
  void place(Price price) noexcept;
  [[nodiscard]] Price near_top(Price p) const noexcept;
  [[nodiscard]] bool is_active(Price level) const noexcept;
  Memory& memory(Price level) noexcept;
  void add(Event event, Price level) noexcept { pending_[static_cast<std::size_t>(event)].push_back(level); }

  Levels levels_;
  CrossingOptions options_;
  Announcer announcer_;
  RuleKind kind_;

  bool placed_ = false;  // the three below are set
  Price last_{};
  Price above_ = kNoLevelAbove;  // next level above the last price
  Price below_ = kNoLevelBelow;  // next level at or below it
  std::vector<Active> active_;
  std::vector<Memory> memory_;    // by level
  std::vector<Price> near_said_;  // in this session
  struct Gone {
    Price price;
    std::int32_t note;
  };
  std::vector<Gone> gone_;                     // spent `once` levels
  std::array<std::vector<Price>, 7> pending_;  // of this tick, by Event: reached .. near
};

[[nodiscard]] std::unique_ptr<Detector> make_crossing_detector(const MilestoneOptions& options, Announcer announcer);
[[nodiscard]] std::unique_ptr<Detector> make_crossing_detector(const LevelOptions& options, Announcer announcer);

}  // namespace yagura::processing
