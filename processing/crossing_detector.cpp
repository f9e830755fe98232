#include "processing/crossing_detector.hpp"

#include <algorithm>
#include <type_traits>

#include "core/int128.hpp"

namespace yagura::processing {
namespace {

constexpr bool is_note(Event event) { return event >= Event::kCleared && event <= Event::kNear; }

constexpr Direction direction_of(Event event) {
  switch (event) {
    case Event::kReached:
    case Event::kCleared:
    case Event::kRegained:
    case Event::kNear:
    case Event::kClosedAbove: return Direction::kUp;
    default: return Direction::kDown;
  }
}

// `rejected` follows an upward crossing and is an upward rule's business, though the price falls.
constexpr bool wanted(const Directions& directions, Event event) {
  switch (event) {
    case Event::kReached:
    case Event::kCleared:
    case Event::kRejected:
    case Event::kNear:
    case Event::kClosedAbove: return directions.up;
    default: return directions.down;
  }
}

Price highest_before(const TickContext& context) {
  const auto& book = context.days.known(Horizon::kAllTime);
  Price high = book.high.price;
  if (context.days.has_ticks_today()) high = std::max(high, context.days.today().high);
  return high;
}

}  // namespace

template <class Levels>
CrossingDetector<Levels>::CrossingDetector(Levels levels, const CrossingOptions& options, Announcer announcer,
                                           RuleKind kind)
    : levels_(std::move(levels)), options_(options), announcer_(std::move(announcer)), kind_(kind) {
  active_.reserve(64);
  memory_.reserve(256);
  near_said_.reserve(64);
  gone_.reserve(64);
  for (auto& list : pending_) list.reserve(64);
}

template <class Levels>
void CrossingDetector<Levels>::place(Price price) noexcept {
  placed_ = true;
  last_ = price;
  above_ = levels_.next_above(price);
  below_ = levels_.at_or_below(price);
}

template <class Levels>
void CrossingDetector<Levels>::on_tick(const TickContext& context, SignalBuffer& out) noexcept {
  const Price price = context.tick.price;
  if (!context.previous) return place(price);
  if (!placed_) place(*context.previous);

  const bool crossing = price >= above_ || price < below_;
  last_ = price;
  if (!crossing && active_.empty() && !options_.near) return;
  if (!active_.empty()) settle(price);
  if (crossing) {
    cross(*context.previous, price);
    place(price);
  }
  if (options_.near && price > *context.previous) find_near(context);
  for (std::size_t e = 0; e < pending_.size(); ++e) {
    if (!pending_[e].empty()) emit(context, static_cast<Event>(e), out);
  }
}

// Transitions of the levels that were crossed a while ago and have not settled.
template <class Levels>
void CrossingDetector<Levels>::settle(Price price) noexcept {
  std::size_t kept = 0;
  for (const auto active : active_) {
    const bool up = active.settling == Settling::kAtUp;
    if (options_.rearm.reached_by(price - active.level, active.level)) {
      add(up ? Event::kCleared : Event::kRegained, active.level);
    } else if (options_.rearm.reached_by(active.level - price, active.level)) {
      add(up ? Event::kRejected : Event::kBroken, active.level);
    } else {
      active_[kept++] = active;
    }
  }
  active_.resize(kept);
}

// Crossings of levels that were BELOW or ABOVE.
template <class Levels>
void CrossingDetector<Levels>::cross(Price previous, Price price) noexcept {
  // A level that settled on this very tick, or is still settling, has had its one transition.
  const auto busy = [&](Price level) {
    if (is_active(level)) return true;
    for (auto e = Event::kCleared; e <= Event::kRegained; e = static_cast<Event>(static_cast<int>(e) + 1)) {
      const auto& list = pending_[static_cast<std::size_t>(e)];
      if (std::ranges::find(list, level) != list.end()) return true;
    }
    return false;
  };
  const auto visit = [&](Price level) {
    if (busy(level)) return;
    const bool up = price > previous;
    add(up ? Event::kReached : Event::kLost, level);
    const bool settled = options_.rearm.reached_by(up ? price - level : level - price, level);
    if (!settled) active_.push_back({level, up ? Settling::kAtUp : Settling::kAtDown});
  };
  if (price > previous)
    levels_.rising(previous, price, visit);
  else
    levels_.falling(price, previous, visit);
}

// The highest level of which `p` is no more than `near` below.
template <class Levels>
Price CrossingDetector<Levels>::near_top(Price p) const noexcept {
  const Band& near = *options_.near;
  if (!near.is_percent) return p + near.points;
  // L - p <= pct of L  <=>  L <= p W / (W - pct)
  const Int128 top = static_cast<Int128>(p.raw()) * Percent::kWhole / (Percent::kWhole - near.percent.units());
  return Price::from_raw(static_cast<std::int64_t>(std::min<Int128>(top, kNoLevelAbove.raw())));
}

template <class Levels>
void CrossingDetector<Levels>::find_near(const TickContext& context) noexcept {
  const Price price = context.tick.price;
  const Price top = near_top(price);
  if (above_ > top) return;
  const Price from = std::max(price, near_top(*context.previous));
  levels_.rising(from, top, [&](Price level) {
    if (is_active(level) || std::ranges::find(near_said_, level) != near_said_.end()) return;
    add(Event::kNear, level);
  });
}

template <class Levels>
void CrossingDetector<Levels>::emit(const TickContext& context, Event event, SignalBuffer& out) noexcept {
  auto& levels = pending_[static_cast<std::size_t>(event)];
  const auto direction = direction_of(event);
  if (direction == Direction::kUp)
    std::ranges::sort(levels);
  else
    std::ranges::sort(levels, std::greater{});
  if (!wanted(options_.directions, event)) return levels.clear();

  const auto t = context.tick.ts_event;
  const bool seeded = kind_ == RuleKind::kMilestone && event == Event::kReached && context.days.seeded();
  const Price record = seeded ? highest_before(context) : kNoLevelAbove;
  if (event != Event::kNear) {
    std::erase_if(levels, [&](Price level) {
      const auto last = memory(level).emitted[static_cast<std::size_t>(event)];
      return last != Timestamp::min() && t - last < options_.cooldown && !(seeded && level > record);
    });
  }
  if (levels.empty()) return;

  const Price headline = levels.back();
  const bool first_ever = seeded && headline > record;
  const auto severity = first_ever ? Severity::kCritical : is_note(event) ? Severity::kLow : Severity::kHigh;
  auto signal = announcer_.draft(context, event, direction, severity);
  const bool crossing = event == Event::kReached || event == Event::kLost;
  signal.gap = context.after_gap || (crossing && levels.size() > 1);
  signal.levels = {.level = headline,
                   .first = out.add_levels(levels),
                   .count = static_cast<std::uint32_t>(levels.size()),
                   .note = levels_.note(headline),
                   .first_ever = first_ever,
                   .first_close_ever = false,
                   .gone = crossing && levels_.once(headline)};
  if (event == Event::kCleared || event == Event::kRejected) signal.parent = memory(headline).reached;
  if (event == Event::kBroken || event == Event::kRegained) signal.parent = memory(headline).lost;
  const Id128 id = announcer_.emit(signal, headline.raw(), out);

  for (const Price level : levels) {
    if (event == Event::kNear) {
      near_said_.push_back(level);
      continue;
    }
    auto& said = memory(level);
    said.emitted[static_cast<std::size_t>(event)] = t;
    if (event == Event::kReached) said.reached = id;
    if (event == Event::kLost) said.lost = id;
    if (crossing && levels_.once(level)) {
      gone_.push_back({level, levels_.note(level)});
      levels_.remove(level);
      std::erase_if(active_, [&](const Active& active) { return active.level == level; });
    }
  }
  if (crossing) place(context.tick.price);
  levels.clear();
}

template <class Levels>
void CrossingDetector<Levels>::on_day_end(const TickContext& closing, SignalBuffer& out) noexcept {
  const auto previous_close = closing.days.previous_close();
  if (!options_.close || !previous_close) return;
  const Price close = closing.tick.price;
  auto& levels = pending_[0];  // free between ticks
  const auto keep = [&](Price level) { levels.push_back(level); };
  if (close > *previous_close) {
    levels_.rising(*previous_close, close, keep);
    emit_close(closing, Event::kClosedAbove, levels, out);
  } else {
    levels_.falling(close, *previous_close, keep);
    emit_close(closing, Event::kClosedBelow, levels, out);
  }
  levels.clear();
}

template <class Levels>
void CrossingDetector<Levels>::emit_close(const TickContext& closing, Event event, std::span<const Price> levels,
                                          SignalBuffer& out) noexcept {
  if (levels.empty() || !wanted(options_.directions, event)) return;
  auto signal = announcer_.draft(closing, event, direction_of(event), Severity::kHigh);
  const Price headline = levels.back();
  const auto& days = closing.days;
  signal.gap = signal.after_gap = false;  // a close is news of the day, not of the tick
  signal.levels = {.level = headline,
                   .first = out.add_levels(levels),
                   .count = static_cast<std::uint32_t>(levels.size()),
                   .note = levels_.note(headline),
                   .first_ever = false,
                   .first_close_ever = kind_ == RuleKind::kMilestone && event == Event::kClosedAbove && days.seeded() &&
                                       headline > days.known(Horizon::kAllTime).high_close.price,
                   .gone = false};
  announcer_.emit(signal, headline.raw(), out);
}

template <class Levels>
bool CrossingDetector<Levels>::is_active(Price level) const noexcept {
  return std::ranges::find(active_, level, &Active::level) != active_.end();
}

template <class Levels>
typename CrossingDetector<Levels>::Memory& CrossingDetector<Levels>::memory(Price level) noexcept {
  auto at = std::ranges::lower_bound(memory_, level, {}, &Memory::level);
  if (at == memory_.end() || at->level != level) {
    Memory fresh{level, {}, {}, {}};
    fresh.emitted.fill(Timestamp::min());
    at = memory_.insert(at, fresh);
  }
  return *at;
}

template <class Levels>
void CrossingDetector<Levels>::on_day_start() noexcept {
  near_said_.clear();
}

template <class Levels>
void CrossingDetector<Levels>::forget() noexcept {
  placed_ = false;
  active_.clear();
  memory_.clear();
  near_said_.clear();
  // What only wrong ticks had spent speaks again.
  if constexpr (std::is_same_v<Levels, ListLevels>) {
    for (const auto& gone : gone_) levels_.add(gone.price, gone.note, true);
  }
  gone_.clear();
}

template <class Levels>
void CrossingDetector<Levels>::state(StateIo& io) {
  io(announcer_, active_, memory_, near_said_, gone_);
  if (!io.reading()) return;
  placed_ = false;  // the next tick brings the last price with it
  for (auto& gone : gone_) {
    gone.note = levels_.note(gone.price);  // as the settings number them now
    levels_.remove(gone.price);
  }
  if constexpr (std::is_same_v<Levels, ListLevels>) {
    // A level that was taken off the list meanwhile has nothing more to say.
    const auto listed = [this](Price level) { return levels_.contains(level); };
    std::erase_if(active_, [&](const Active& active) { return !listed(active.level); });
    std::erase_if(memory_, [&](const Memory& said) { return !listed(said.level); });
  }
}

template <class Levels>
LevelEditor* CrossingDetector<Levels>::level_editor() {
  return std::is_same_v<Levels, ListLevels> ? this : nullptr;
}

template <class Levels>
bool CrossingDetector<Levels>::add_level([[maybe_unused]] Price price, [[maybe_unused]] std::int32_t note,
                                         [[maybe_unused]] bool once) {
  if constexpr (std::is_same_v<Levels, ListLevels>) {
    if (std::ranges::find(gone_, price, &Gone::price) != gone_.end() || !levels_.add(price, note, once)) return false;
    if (placed_) place(last_);
    return true;
  }
  return false;
}

template <class Levels>
bool CrossingDetector<Levels>::remove_level([[maybe_unused]] Price price) {
  if constexpr (std::is_same_v<Levels, ListLevels>) {
    // What a removed level said is forgotten with it: added again, it is a new one.
    std::erase_if(memory_, [&](const Memory& said) { return said.level == price; });
    const bool spent = std::erase_if(gone_, [&](const Gone& gone) { return gone.price == price; }) != 0;
    if (!levels_.contains(price)) return spent;
    levels_.remove(price);
    std::erase_if(active_, [&](const Active& active) { return active.level == price; });
    std::erase(near_said_, price);
    if (placed_) place(last_);
    return true;
  }
  return false;
}

template <class Levels>
bool CrossingDetector<Levels>::has_level([[maybe_unused]] Price price) const {
  if constexpr (std::is_same_v<Levels, ListLevels>) return levels_.contains(price);
  return false;
}

template <class Levels>
void CrossingDetector<Levels>::set_note([[maybe_unused]] Price price, [[maybe_unused]] std::int32_t note) {
  if constexpr (std::is_same_v<Levels, ListLevels>) levels_.set_note(price, note);
}

template <class Levels>
std::string CrossingDetector<Levels>::fingerprint() const {
  const auto& rearm = options_.rearm;
  return std::string(name_of(kind_)) + '/' + levels_.fingerprint() + '/' +
         (rearm.is_percent ? std::to_string(rearm.percent.units()) + '%' : std::to_string(rearm.points.raw()));
}

template <class Levels>
DetectorView CrossingDetector<Levels>::view(Price last) const {
  constexpr std::size_t kMost = std::is_same_v<Levels, ListLevels> ? NearLevels::kMost : 1;
  NearLevels near;
  for (Price at = levels_.next_above(last); at != kNoLevelAbove && near.above.count < kMost;
       at = levels_.next_above(at))
    near.above.add({at, levels_.note(at)});
  for (Price at = levels_.at_or_below(last); at != kNoLevelBelow && near.below.count < kMost;
       at = levels_.at_or_below(Price::from_raw(at.raw() - 1)))
    near.below.add({at, levels_.note(at)});
  return near;
}

std::unique_ptr<Detector> make_crossing_detector(const MilestoneOptions& options, Announcer announcer) {
  return std::make_unique<CrossingDetector<GridLevels>>(GridLevels{options.step}, options.crossing,
                                                        std::move(announcer), RuleKind::kMilestone);
}

std::unique_ptr<Detector> make_crossing_detector(const LevelOptions& options, Announcer announcer) {
  return std::make_unique<CrossingDetector<ListLevels>>(ListLevels{options.levels}, options.crossing,
                                                        std::move(announcer), RuleKind::kLevel);
}

template class CrossingDetector<GridLevels>;
template class CrossingDetector<ListLevels>;

}  // namespace yagura::processing
