#include "processing/intervention_detector.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/int128.hpp"
#include "processing/fx_tags.hpp"

namespace yagura::processing {
namespace {

using namespace std::chrono_literals;

constexpr auto kYen = PriceDelta::from_raw(Price::kScale);
constexpr auto kSizeIn15m = kYen;
constexpr auto kSizeIn60m = PriceDelta::from_raw(2 * Price::kScale);
constexpr double kFastZ = 8;                                         // in standard deviations of five minutes ...
constexpr auto kFastSize = PriceDelta::from_raw(Price::kScale / 2);  // ... and at least this far
constexpr Duration kHold = 30min;
constexpr Duration kRevertWithin = 30min;
constexpr Duration kRepeatWithin = 48h;
constexpr Duration kBeforeRelease = 2min;
constexpr Duration kAfterRelease = 10min;
constexpr Percent kReach = Percent::from_units(1'500'000);  // of the 52-week extreme, or of a zone
constexpr Duration kAnchorAge = 30s;                        // as for moves of currencies

constexpr std::array<std::int8_t, kSuspicions> kPoints{2, 2, 1, 1, 1, 1, 2, -2, 1};
constexpr std::int8_t kMostPoints = 11;
constexpr int kWatchScore = 3;
constexpr int kSuspectedScore = 5;
constexpr int kStrongScore = 7;

// distance <= this percentage of base.
bool within(PriceDelta distance, Percent percent, Price base) {
  return static_cast<Int128>(distance.raw()) * Percent::kWhole <= static_cast<Int128>(base.raw()) * percent.units();
}

// Four fifths of the steps with the push: down >= 0.8 (down + up), where down = drop + up.
bool one_way(const PushPath::Shape& shape) {
  return 3 * shape.up <= shape.drop && static_cast<Int128>(shape.rebound) * 100 <= static_cast<Int128>(shape.drop) * 35;
}

}  // namespace

InterventionDetector::Side::Side(bool upwards, Duration anchor_age)
    : rises(upwards),
      extremes(anchor_age),
      window_5m(extremes.add_window(5min)),
      window_15m(extremes.add_window(15min)),
      window_60m(extremes.add_window(60min)) {}

void InterventionDetector::Side::push(Timestamp t, std::int64_t height) noexcept {
  extremes.push(t, Price::from_raw(height));
  path.push(t, height);
}

// What the push has lost is spent: the next is measured from here.
void InterventionDetector::Side::end_episode() noexcept {
  if (episode.stage != Stage::kNone) episode_before = episode.last_step;
  episode = {};
  extremes.clear();
  path.clear();
}

void InterventionDetector::Side::state(StateIo& io) { io(extremes, path, episode, episode_before); }

InterventionDetector::InterventionDetector(const InterventionOptions& options, Announcer announcer,
                                           const DetectorEnvironment& environment)
    : options_(options),
      announcer_(std::move(announcer)),
      days_(environment.days),
      volatility_(environment.volatility),
      others_(options.crosses) {
  environment.volatility.want();
  if (options.eurusd) others_.push_back(*options.eurusd);
  for (const auto other : others_) other_names_ += '/' + environment.instruments[index_of(other)].symbol;
  trails_.resize(others_.size());
  if (options.falls) sides_.emplace_back(false, kAnchorAge);
  if (options.rises) sides_.emplace_back(true, kAnchorAge);
}

Event InterventionDetector::event_of(Stage stage) noexcept {
  return stage == Stage::kStrong ? Event::kStrong : stage == Stage::kSuspected ? Event::kSuspected : Event::kWatch;
}

void InterventionDetector::on_tick(const TickContext& context, SignalBuffer& out) noexcept {
  for (auto& side : sides_) watch(context, side, out);
  note_spread(context.tick);
}

void InterventionDetector::watch(const TickContext& context, Side& side, SignalBuffer& out) noexcept {
  const auto t = context.tick.ts_event;
  const Price price = context.tick.price;
  const std::int64_t height = side.rises ? -price.raw() : price.raw();
  auto& episode = side.episode;
  const bool open = episode.stage != Stage::kNone;
  if (open && t - episode.last_step > kHold) {
    side.end_episode();
  } else if (open && reverted(side, t, height)) {
    revert(context, side, height, out);
    side.end_episode();
  }
  side.push(t, height);
  const Price here = Price::from_raw(height);
  if (episode.stage != Stage::kNone) {
    if (here >= episode.low.price) return;
    episode.low = {here, t};
  }
  if (side.extremes.highest() - here < kFastSize) return;  // nearly every tick ends here
  const auto top_60m = side.extremes.high_at(side.window_60m);
  if (top_60m.price - here < kFastSize) return;
  const auto top_15m = side.extremes.high_at(side.window_15m);
  const auto top_5m = side.extremes.high_at(side.window_5m);
  const bool big_15m = top_15m.price - here >= kSizeIn15m;
  const bool big_60m = top_60m.price - here >= kSizeIn60m;
  std::optional<double> z;
  if (top_5m.price - here >= kFastSize) z = speed(side, t, side.price(top_5m.price.raw()), price);
  const bool fast = z && *z >= kFastZ;
  if (!big_15m && !big_60m && !fast) return;

  const auto top = big_15m ? top_15m : big_60m ? top_60m : top_5m;
  const auto shape = side.path.since(top.time);
  if (height > shape.low) return;

  Episode next = episode;
  if (next.stage == Stage::kNone || top.price > next.start.price) next.start = top;
  next.low = {here, t};
  next.drop_15m = std::max(next.drop_15m, top_15m.price - here);
  next.drop_60m = std::max(next.drop_60m, top_60m.price - here);
  next.fast = next.fast || fast;
  if (z && (!next.has_z || *z > next.z)) next.z = *z;
  next.has_z = next.has_z || z;
  judge(context, side, shape, next);
  const int score = std::accumulate(next.points.begin(), next.points.end(), 0);
  if (score < kWatchScore && next.stage == Stage::kNone) return;
  if (score >= kWatchScore) next.last_step = t;
  const auto stage = score >= kStrongScore      ? Stage::kStrong
                     : score >= kSuspectedScore ? Stage::kSuspected
                                                : Stage::kWatch;
  const bool step_up = score >= kWatchScore && stage > next.stage;
  episode = next;
  if (!step_up) return;
  episode.stage = stage;
  announce(context, side, event_of(stage), episode, out);
}

// More than 60 % of the way from the start to the low is won back, within 30 minutes of the low.
bool InterventionDetector::reverted(const Side& side, Timestamp t, std::int64_t height) noexcept {
  const auto& episode = side.episode;
  const auto low = episode.low.price.raw();
  return t - episode.low.time <= kRevertWithin &&
         static_cast<Int128>(height - low) * 100 > static_cast<Int128>(episode.start.price.raw() - low) * 60;
}

void InterventionDetector::revert(const TickContext& context, Side& side, std::int64_t height,
                                  SignalBuffer& out) noexcept {
  auto& episode = side.episode;
  const auto low = episode.low.price.raw();
  episode.rebound = static_cast<double>(height - low) / static_cast<double>(episode.start.price.raw() - low);
  announce(context, side, Event::kReverted, episode, out);
}

void InterventionDetector::judge(const TickContext& context, const Side& side, const PushPath::Shape& shape,
                                 Episode& episode) noexcept {
  const auto t = context.tick.ts_event;
  const bool repeat = side.episode_before != Timestamp::min() && t - side.episode_before <= kRepeatWithin;
  episode.one_sided = shape.one_sided();
  episode.rebound = shape.rebound_share();
  const auto give = [&](Suspicion item, bool holds) {
    const auto i = static_cast<std::size_t>(item);
    episode.points[i] = holds ? kPoints[i] : std::int8_t{0};
  };
  give(Suspicion::kSize15m, episode.drop_15m >= kSizeIn15m);
  give(Suspicion::kSize60m, episode.drop_60m >= kSizeIn60m);
  give(Suspicion::kSpeed, episode.fast);
  give(Suspicion::kOneSided, one_way(shape));
  give(Suspicion::kLevel, from_extreme(side, side.price(episode.start.price.raw())));
  give(Suspicion::kThin, fx_tags(t).thin);
  give(Suspicion::kYenAlone, yen_alone(side, episode, t, context.tick.price));
  give(Suspicion::kNews, beside_release(episode.start.time, t));
  give(Suspicion::kRepeat, repeat);
}

// Standard deviations of a move of five minutes.
std::optional<double> InterventionDetector::speed(const Side& side, Timestamp t, Price from,
                                                  Price price) const noexcept {
  const auto usual = volatility_.over(t, 5min);
  if (!usual || !(usual->sigma > 0) || from.raw() <= 0 || price.raw() <= 0) return std::nullopt;
  const double way = std::log(static_cast<double>(from.raw()) / static_cast<double>(price.raw()));
  return (side.rises ? -way : way) / usual->sigma;
}

DetectorView InterventionDetector::view(Price /*last*/) const {
  InterventionView view;
  view.watch_at = kWatchScore;
  view.suspected_at = kSuspectedScore;
  view.strong_at = kStrongScore;
  const Side* furthest = nullptr;
  for (const auto& side : sides_) {
    const auto& episode = side.episode;
    if (episode.stage == Stage::kNone || (furthest != nullptr && furthest->episode.stage >= episode.stage)) continue;
    furthest = &side;
  }
  if (furthest == nullptr) return view;
  const auto& episode = furthest->episode;
  view.stage = event_of(episode.stage);
  view.direction = furthest->direction();
  view.points = episode.points;
  view.score = std::accumulate(episode.points.begin(), episode.points.end(), 0);
  view.start = furthest->price(episode.start.price.raw());
  view.start_ts = episode.start.time;
  view.extreme = furthest->price(episode.low.price.raw());
  view.until = episode.last_step + kHold;
  return view;
}

// Zones are where falls are expected; a rule that watches rises alone has zones of its own.
bool InterventionDetector::from_extreme(const Side& side, Price start) const noexcept {
  const auto& year = days_.known(Horizon::k52Week);
  if (year.active && year.has_days) {
    const bool today = days_.has_ticks_today();
    const Price high = today ? std::max(year.high.price, days_.today().high) : year.high.price;
    const Price low = today ? std::min(year.low.price, days_.today().low) : year.low.price;
    if (side.rises ? within(start - low, kReach, low) : within(high - start, kReach, high)) return true;
  }
  if (side.rises && options_.falls) return false;
  return std::ranges::any_of(options_.zones, [&](Price zone) {
    return side.rises ? within(start - zone, kReach, zone) : within(zone - start, kReach, zone);
  });
}

// A release so shortly after or before any of the push that it may have caused it.
bool InterventionDetector::beside_release(Timestamp from, Timestamp to) const noexcept {
  const auto next = std::ranges::lower_bound(options_.releases, from - kAfterRelease);
  return next != options_.releases.end() && *next <= to + kBeforeRelease;
}

// The other yen pairs go along, and the euro against the dollar by less than a quarter as much.
bool InterventionDetector::yen_alone(const Side& side, const Episode& episode, Timestamp t,
                                     Price price) const noexcept {
  if (!options_.eurusd || options_.crosses.empty()) return false;
  for (std::size_t i = 0; i < others_.size(); ++i) {
    const auto then = trails_[i].before(episode.start.time);
    const auto now = trails_[i].before(t);
    if (!then || !now) return false;
    const auto change = *now - *then;
    if (i + 1 < others_.size()) {
      if (side.rises ? change.raw() <= 0 : change.raw() >= 0) return false;
      continue;
    }
    // |change| / then < |own| / start / 4, in 128 bits.
    const Price start = side.price(episode.start.price.raw());
    const auto own = static_cast<Int128>((price - start).abs().raw()) * then->raw();
    if (static_cast<Int128>(change.abs().raw()) * start.raw() >= own / 4 + (own % 4 != 0 ? 1 : 0)) return false;
  }
  return true;
}

void InterventionDetector::announce(const TickContext& context, const Side& side, Event event, Episode& episode,
                                    SignalBuffer& out) noexcept {
  const auto severity = event == Event::kStrong          ? Severity::kCritical
                        : episode.stage == Stage::kWatch ? Severity::kLow
                                                         : Severity::kHigh;
  const bool back = (event == Event::kReverted) != side.rises;
  auto signal = announcer_.draft(context, event, back ? Direction::kUp : Direction::kDown, severity);
  signal.parent = episode.last_id;
  signal.intervention = {
      .start = side.price(episode.start.price.raw()),
      .start_ts = episode.start.time,
      .furthest = side.price(episode.low.price.raw()),
      .change_15m = side.signed_drop(episode.drop_15m),
      .change_60m = side.signed_drop(episode.drop_60m),
      .points = episode.points,
      .score = static_cast<std::int8_t>(std::accumulate(episode.points.begin(), episode.points.end(), 0)),
      .most = static_cast<std::int8_t>(
          others_.empty() ? kMostPoints - kPoints[static_cast<std::size_t>(Suspicion::kYenAlone)] : kMostPoints),
      .has_z = episode.has_z,
      .wide_spread = wide_spread(context.tick),
      .z = episode.z,
      .one_sided = episode.one_sided,
      .rebound = episode.rebound};
  episode.last_id = announcer_.emit(signal, static_cast<std::int64_t>(side.direction()), out);
}

void InterventionDetector::note_spread(const Tick& tick) noexcept {
  if (tick.two_sided()) spreads_[spread_count_++ % kSpreads] = (tick.ask - tick.bid).raw();
}

bool InterventionDetector::wide_spread(const Tick& tick) const noexcept {
  const auto known = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(spread_count_, kSpreads));
  if (!tick.two_sided() || known == 0) return false;
  auto spreads = spreads_;
  const auto middle = spreads.begin() + (known - 1) / 2;
  std::nth_element(spreads.begin(), middle, spreads.begin() + known);
  return static_cast<Int128>((tick.ask - tick.bid).raw()) > static_cast<Int128>(*middle) * 10;
}

void InterventionDetector::on_other(const Tick& tick, const CalendarPiece& /*piece*/, SignalBuffer& /*out*/) noexcept {
  for (std::size_t i = 0; i < others_.size(); ++i) {
    if (others_[i] == tick.symbol) trails_[i].push(tick.ts_event, tick.price);
  }
}

void InterventionDetector::on_segment_start() noexcept {
  for (auto& side : sides_) side.end_episode();
}

void InterventionDetector::forget() noexcept {
  for (auto& side : sides_) {
    side.end_episode();
    side.episode_before = Timestamp::min();
  }
  spread_count_ = 0;
}

void InterventionDetector::state(StateIo& io) {
  io(announcer_, spreads_, spread_count_);
  for (auto& side : sides_) io(side);
  for (auto& trail : trails_) io(trail);
}

std::string InterventionDetector::fingerprint() const {
  return std::string{"intervention"} + (options_.falls ? "/fall" : "") + (options_.rises ? "/rise" : "") + other_names_;
}

}  // namespace yagura::processing
