#include "processing/integrity.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {

constexpr std::size_t kMaxSources = 16;
constexpr auto kTwoPercent = Percent::from_units(2'000'000);
constexpr std::int64_t kWideSpreadPips = 50;
constexpr std::int64_t kWideSpreadMedians = 20;
constexpr std::uint64_t kColdTicks = 10;
constexpr auto kTseLimit = Percent::from_units(25'000'000);
constexpr auto kFxLimit = Percent::from_units(8'000'000);
constexpr auto kAlwaysLimit = Percent::from_units(25'000'000);
constexpr auto kAlwaysMaxAge = std::chrono::days{14};

// |distance| > percent of base, both wide.
bool beyond(Int128 distance, Int128 base, Percent percent) {
  if (distance < 0) distance = -distance;
  return distance * Percent::kWhole > base * percent.units();
}

// Within 6.25 %, as nearly all prices are: below every limit here, and known without a multiplication.
bool is_near(Price price, Price reference) {
  if (price.raw() <= 0 || reference.raw() <= 0) return false;
  return (price - reference).abs().raw() <= reference.raw() / 16;
}

// Within 2 %, inclusive, of 10, 100, 0.1 or 0.01 times the reference.
bool is_decimal_slip(Price price, Price reference) {
  // Between half and twice the reference, as nearly all are, none of the four is near.
  if (price.raw() > 0 && price.raw() / 2 < reference.raw() && reference.raw() / 2 < price.raw()) return false;
  const Int128 p = price.raw();
  const Int128 r = reference.raw();
  for (const int factor : {10, 100}) {
    if (!beyond(p - r * factor, r * factor, kTwoPercent)) return true;
    if (!beyond(p * factor - r, r, kTwoPercent)) return true;
  }
  return false;
}

}  // namespace

std::string_view name_of(Reject reason) {
  static constexpr std::string_view kNames[] = {"duplicate", "late",        "closed",       "not_positive",
                                                "crossed",   "wide_spread", "decimal_slip", "implausible",
                                                "outlier",   "unconfirmed", "future"};
  static_assert(std::size(kNames) == kRejectReasons);
  return kNames[static_cast<std::size_t>(reason)];
}

IntegrityFilter::IntegrityFilter(const InstrumentInfo& info, bool made)
    : info_(info), made_(made), calendar_(info.calendar), quarantine_(info.calendar, info.pip) {
  last_seq_.reserve(kMaxSources);
}

IntegrityFilter::Outcome IntegrityFilter::push(const Tick& tick, const DayBook& days) noexcept {
  ++counts_.ticks;
  if (has(tick.flags, TickFlag::kAfterGap)) pending_gap_ = true;
  if (made_) return push_made(tick);
  if (is_duplicate(tick)) return reject(Reject::kDuplicate);
  if (has_newest_ && tick.ts_event < newest_) return reject(Reject::kLate);
  note_sequence(tick);
  const CalendarPiece& piece = calendar_.at(tick.ts_event);
  if (!piece.open) return reject(Reject::kClosed);
  const auto verdict = hard_rules(tick, piece, days);
  if (!verdict) {
    cold_count_ = 0;
    return pass(tick, piece);
  }
  if (!cold_restart(tick, *verdict, piece, days)) return reject(*verdict);
  forget(tick);
  auto outcome = pass(tick, piece);
  outcome.restart = true;
  return outcome;
}

IntegrityFilter::Outcome IntegrityFilter::push_made(const Tick& tick) noexcept {
  if (tick.price.raw() <= 0) return reject(Reject::kNotPositive);
  out_[0] = tick;
  return {.accepted = std::span{out_}.first(1), .confirmed = std::exchange(confirmed_, false), .arrived = true};
}

IntegrityFilter::Outcome IntegrityFilter::reject(Reject reason) noexcept {
  ++counts_.rejected[static_cast<std::size_t>(reason)];
  return {};
}

bool IntegrityFilter::is_duplicate(const Tick& tick) noexcept {
  constexpr auto kIdentity = TickFlag::kHasBid | TickFlag::kHasAsk;
  const auto sides =
      static_cast<std::uint8_t>(static_cast<std::uint8_t>(tick.flags) & static_cast<std::uint8_t>(kIdentity));
  const bool has_seq = has(tick.flags, TickFlag::kHasSeq);
  const auto all = std::span{recent_}.first(recent_count_);
  // Later, or numbered higher, than everything remembered: nearly all ticks are.
  const bool surely_new = has_seq ? tick.seq > highest_seq_ : tick.ts_event > latest_;
  const bool known =
      surely_new ? false
      : has_seq  ? std::ranges::any_of(all,
                                       [&](const Seen& seen) {
                                        return has(static_cast<TickFlag>(seen.flags), TickFlag::kHasSeq) &&
                                               seen.seq == tick.seq && seen.source == tick.source;
                                      })
                 : std::ranges::any_of(all, [&](const Seen& seen) {
                    return seen.time == tick.ts_event && seen.price == tick.price && seen.bid == tick.bid &&
                           seen.ask == tick.ask && (seen.flags & static_cast<std::uint8_t>(kIdentity)) == sides;
                  });
  if (known) return true;
  // Field by field: a copy of a whole one would wait for its parts to be written.
  auto& seen = recent_[recent_at_];
  seen.seq = tick.seq;
  seen.time = tick.ts_event;
  seen.price = tick.price;
  seen.bid = tick.bid;
  seen.ask = tick.ask;
  seen.source = tick.source;
  seen.flags = static_cast<std::uint8_t>(tick.flags);
  latest_ = std::max(latest_, tick.ts_event);
  if (has_seq) highest_seq_ = std::max(highest_seq_, tick.seq);
  recent_at_ = (recent_at_ + 1) % kRecent;
  recent_count_ = std::min(recent_count_ + 1, kRecent);
  return false;
}

void IntegrityFilter::note_sequence(const Tick& tick) noexcept {
  if (!has(tick.flags, TickFlag::kHasSeq)) return;
  const auto known = std::ranges::find(last_seq_, tick.source, &SourceSeq::source);
  if (known == last_seq_.end()) {
    if (last_seq_.size() == kMaxSources) last_seq_.erase(last_seq_.begin());
    last_seq_.push_back({tick.source, tick.seq});
    return;
  }
  // Numbers may be missing where ticks were folded, or while another feed spoke.
  const bool expected = has(tick.flags, TickFlag::kFolded) || has(tick.flags, TickFlag::kSourceSwitch);
  if (tick.seq > known->seq && tick.seq - known->seq > 1 && !expected) {
    pending_gap_ = true;
    ++counts_.gaps;
  }
  known->seq = tick.seq;
}

std::optional<Reject> IntegrityFilter::hard_rules(const Tick& tick, const CalendarPiece& piece,
                                                  const DayBook& days) noexcept {
  const bool bid = has(tick.flags, TickFlag::kHasBid);
  const bool ask = has(tick.flags, TickFlag::kHasAsk);
  if (tick.price.raw() <= 0 || (bid && tick.bid.raw() <= 0) || (ask && tick.ask.raw() <= 0))
    return Reject::kNotPositive;
  if (bid && ask) {
    if (tick.bid > tick.ask) return Reject::kCrossed;
    if (info_.calendar == CalendarKind::kFx && is_wide(tick.ask - tick.bid)) return Reject::kWideSpread;
  }
  const auto previous_close = days.previous_close_at(piece.trading_date);
  const auto reference = has_last_ ? std::optional{last_price_} : previous_close;
  if (reference && is_decimal_slip(tick.price, *reference)) return Reject::kDecimalSlip;
  if (implausible(tick, piece, previous_close)) return Reject::kImplausible;
  return std::nullopt;
}

bool IntegrityFilter::is_wide(PriceDelta spread) noexcept {
  return spread.raw() > static_cast<Int128>(info_.pip.raw()) * kWideSpreadPips &&
         spread.raw() > static_cast<Int128>(median_spread().raw()) * kWideSpreadMedians;
}

bool IntegrityFilter::implausible(const Tick& tick, const CalendarPiece& piece,
                                  std::optional<Price> previous_close) const noexcept {
  const auto too_far = [&](Price reference, Percent limit) {
    return !is_near(tick.price, reference) &&
           beyond(static_cast<Int128>(tick.price.raw()) - reference.raw(), reference.raw(), limit);
  };
  switch (info_.calendar) {
    case CalendarKind::kTse:
    case CalendarKind::kOse: return previous_close && too_far(*previous_close, kTseLimit);
    case CalendarKind::kFx: return has_last_ && last_date_ == piece.trading_date && too_far(last_price_, kFxLimit);
    case CalendarKind::kAlways:
      return has_last_ && tick.ts_event - last_time_ <= kAlwaysMaxAge && too_far(last_price_, kAlwaysLimit);
  }
  return false;
}

// Three rejected rows in a row that agree with each other prove that the first ticks were wrong.
bool IntegrityFilter::cold_restart(const Tick& tick, Reject verdict, const CalendarPiece& piece,
                                   const DayBook& days) noexcept {
  const bool slip = verdict == Reject::kDecimalSlip || verdict == Reject::kImplausible;
  const bool cold = accepted_since_start_ < kColdTicks && !days.previous_close_at(piece.trading_date);
  if (!slip || !cold) {
    cold_count_ = 0;
    return false;
  }
  if (cold_count_ == cold_.size())
    std::shift_left(cold_.begin(), cold_.end(), 1);
  else
    ++cold_count_;
  cold_[cold_count_ - 1] = tick.price;
  if (cold_count_ < cold_.size()) return false;
  const auto near_first = [&](Price p) {
    return !beyond(static_cast<Int128>(p.raw()) - cold_[0].raw(), cold_[0].raw(), kTwoPercent);
  };
  return near_first(cold_[1]) && near_first(cold_[2]);
}

void IntegrityFilter::forget(const Tick& tick) noexcept {
  ++counts_.restarted;
  drop_held(Reject::kUnconfirmed);
  quarantine_.clear_window();
  has_newest_ = has_last_ = has_segment_ = false;
  accepted_since_start_ = 0;
  spreads_.clear();
  cold_count_ = 0;
  // The tick itself is the first that is remembered, and no hole lies before it.
  recent_count_ = recent_at_ = 0;
  last_seq_.clear();
  latest_ = Timestamp::min();
  highest_seq_ = 0;
  is_duplicate(tick);
  note_sequence(tick);
  pending_gap_ = false;
}

IntegrityFilter::Outcome IntegrityFilter::pass(const Tick& tick, const CalendarPiece& piece) noexcept {
  has_newest_ = true;
  newest_ = tick.ts_event;
  out_[0] = tick;
  if (!info_.filter) return {.accepted = std::span{out_}.first(1), .arrived = true};

  if (!has_segment_ || segment_ != piece.segment) {
    has_segment_ = true;
    segment_ = piece.segment;
    drop_held(Reject::kUnconfirmed);
    quarantine_.clear_window();
  }
  const bool other_source = has_last_ && has(tick.flags, TickFlag::kSourceSwitch);
  if (!other_source && quarantine_.is_calm(tick.price, last_price_, least_spread()))
    return {.accepted = std::span{out_}.first(1), .arrived = true};

  switch (quarantine_.judge(tick, {.last_accepted = last_price_,
                                   .median_spread = median_spread(),
                                   .opening = piece.opening,
                                   .close = piece.close,
                                   .other_source = other_source})) {
    case Quarantine::Verdict::kHold: return {.arrived = true};
    case Quarantine::Verdict::kReject: drop_held(Reject::kOutlier); break;
    case Quarantine::Verdict::kAccept: break;
    case Quarantine::Verdict::kConfirm: {
      const auto held = quarantine_.held();
      std::ranges::copy(held, out_.begin());
      const auto count = held.size();
      quarantine_.release();
      quarantine_.clear_window();
      return {.accepted = std::span{out_}.first(count), .confirmed = true, .arrived = true};
    }
  }
  return {.accepted = std::span{out_}.first(1), .arrived = true};
}

void IntegrityFilter::drop_held(Reject reason) noexcept {
  counts_.rejected[static_cast<std::size_t>(reason)] += quarantine_.held().size();
  quarantine_.release();
}

void IntegrityFilter::on_accepted(const Tick& tick) noexcept {
  ++counts_.accepted;
  ++accepted_since_start_;
  has_last_ = true;
  last_price_ = tick.price;
  last_time_ = tick.ts_event;
  last_date_ = calendar_.at(tick.ts_event).trading_date;
  if (info_.filter) quarantine_.on_accepted(tick.price);
  if (info_.calendar == CalendarKind::kFx && tick.two_sided()) spreads_.push((tick.ask - tick.bid).raw());
}

PriceDelta IntegrityFilter::least_spread() const noexcept {
  return PriceDelta::from_raw(spreads_.size() == 0 ? 0 : std::max<std::int64_t>(spreads_.bounds().low, 0));
}

PriceDelta IntegrityFilter::median_spread() noexcept {
  const auto spreads = spreads_.sorted();
  return PriceDelta::from_raw(spreads.empty() ? 0 : spreads[(spreads.size() - 1) / 2]);
}

void IntegrityFilter::forget_connections() noexcept {
  constexpr SourceId kNobody{0};  // never handed out
  last_seq_.clear();
  for (auto& seen : recent_) seen.source = kNobody;
}

void IntegrityFilter::state(StateIo& io) {
  io(quarantine_, counts_, recent_, recent_count_, recent_at_, pending_gap_, has_newest_, newest_, has_last_,
     last_price_, last_time_, last_date_, segment_, has_segment_, accepted_since_start_, spreads_, cold_, cold_count_);
  io(last_seq_);
  if (!io.reading()) return;
  latest_ = Timestamp::min();
  highest_seq_ = 0;
  for (const auto& seen : std::span{recent_}.first(std::min(recent_count_, kRecent))) {
    latest_ = std::max(latest_, seen.time);
    if (has(static_cast<TickFlag>(seen.flags), TickFlag::kHasSeq)) highest_seq_ = std::max(highest_seq_, seen.seq);
  }
}

}  // namespace yagura::processing
